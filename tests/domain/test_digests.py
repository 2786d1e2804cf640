"""What is kept of an address that is only counted."""

import re

from invo_booking.domain.access.digests import digest_of

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def test_address_is_found_again_under_its_key_and_under_no_other():
    digest = digest_of(KEY, "rosa@example.com")

    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert digest == digest_of(KEY, "rosa@example.com")
    assert digest != digest_of(OTHER_KEY, "rosa@example.com")
    assert digest != digest_of(KEY, "sam@example.com")
