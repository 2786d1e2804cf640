import pytest
from starlette.datastructures import Headers

from invo_booking.api.core.origin import is_foreign_origin, is_own_origin

OURS = ("https://bank.test",)


@pytest.mark.parametrize(
    ("headers", "foreign", "own"),
    [
        ({}, False, False),
        ({"origin": "https://bank.test"}, False, True),
        ({"origin": "https://evil.test"}, True, False),
        ({"origin": "https://bank.test.evil.test"}, True, False),
        ({"origin": "http://bank.test"}, True, False),
        ({"origin": "https://bank.test:444"}, True, False),
        ({"origin": "null"}, True, False),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, False, True),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, True, False),
        ({"sec-fetch-site": "same-origin"}, False, True),
        ({"sec-fetch-site": "none"}, False, False),
        ({"sec-fetch-site": "same-site"}, True, False),
        ({"sec-fetch-site": "cross-site"}, True, False),
    ],
)
def test_browser_says_which_site_asked(headers, foreign, own):
    assert is_foreign_origin(Headers(headers), OURS) is foreign
    assert is_own_origin(Headers(headers), OURS) is own
