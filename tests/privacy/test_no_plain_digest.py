"""Who only guesses addresses finds none of them again in the database."""

import base64
import hashlib
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.usecases.accounts import links
from invo_booking.usecases.booking import booking, manage, request_mail
from invo_booking.usecases.shared import mailing
from invo_booking.usecases.staff import appointments, sending_again
from tests.privacy.haystack import places_of, tables_of
from tests.support.accounts import at_address, try_in_vain
from tests.support.bank import PASSWORD, at
from tests.usecases.test_appointments import draft

NETWORK = "203.0.113.77"
STRANGERS = ("stranger@example.com", "guessed@bank.example", "trial@example.com")
CUSTOMERS = ("rosa@example.com", "omar@example.com", "+13125550143")
STAFF = ("ana@bank.example", "ada@bank.example")
COUNTERS = ("contact_use", "sign_in_failure", "link_request", "request_count")


@pytest.fixture
def used(bank, deps, postbox):
    """A bank at which every address was used for all that is counted."""
    del postbox
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)
    ana = bank.agent("Ana", password=PASSWORD)
    outside = at_address(deps, NETWORK)
    wanted = bank.request(at(10), email="rosa@example.com", phone="+13125550143")
    booked = booking.request_appointment(outside, wanted, idempotency_key=str(uuid4()))
    request_mail.resend_request_mail(outside, booked.token)
    for address in ("rosa@example.com", *STRANGERS):
        manage.mail_links(outside, address)
        links.ask_for_reset(outside, address)
        try_in_vain(deps, address, NETWORK)
    for address in STAFF:
        links.ask_for_reset(outside, address)
        try_in_vain(deps, address, NETWORK)
    made = appointments.create_appointment(
        deps,
        ana,
        draft(bank, starts_at=at(14), email="omar@example.com"),
        key=str(uuid4()),
    )
    sending_again.send_confirmation(deps, ada, made.id, key=str(uuid4()))
    mailing.send_test_mail(deps, ada, "trial@example.com", key=str(uuid4()))
    return deps.config.database_url


def test_no_guessed_address_is_found_by_a_hash_without_the_key(used):
    kept = tables_of(used)

    assert all(kept[f"table {name}"] for name in COUNTERS)
    for text in (*STRANGERS, *CUSTOMERS, *STAFF, NETWORK):
        for digest in plain_digests(text):
            assert places_of(digest, kept) == [], text


def test_counters_name_nobody(used):
    kept = tables_of(used)

    counted = {name: kept[f"table {name}"] for name in COUNTERS}
    for text in (*STRANGERS, *CUSTOMERS, *STAFF, NETWORK):
        assert places_of(text, counted) == []
    for stranger in STRANGERS:
        assert places_of(stranger, kept) == [], "nothing at all is kept of strangers"


def plain_digests(text: str) -> list[str]:
    """Return what anybody can make of a text, as it could be stored."""
    made = [
        hashlib.new(name, text.encode(), usedforsecurity=False).digest()
        for name in ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s")
    ]
    made.append(hashlib.blake2b(text.encode(), digest_size=32).digest())
    spelled = [base64.b64encode(one).decode().rstrip("=") for one in made]
    return [*(one.hex() for one in made), *spelled]
