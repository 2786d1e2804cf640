"""What follows from a change of an appointment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from invo_booking.domain.appointment import Appointment, Channel, Customer, Status
from invo_booking.domain.changes import (
    customer_digest,
    derive_values,
    differs_for_customer,
    is_readdressed,
)

HOUR = timedelta(hours=1)
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
NOW = TEN - 24 * HOUR
SOMEBODY, ANOTHER = UUID(int=7), UUID(int=8)
STORED = Appointment(
    id=UUID(int=1),
    sequence=4,
    status=Status.CONFIRMED,
    answer_id=None,
    title="Mortgage advice",
    queue_id=UUID(int=2),
    language="en",
    channel=Channel.VIDEO,
    agent_id=SOMEBODY,
    starts_at=TEN,
    ends_at=TEN + HOUR,
    customer=Customer(
        name="Ana", email="ana@example.org", phone="+12025550123", locale="en_CA"
    ),
    requested_at=NOW - HOUR,
    confirmed_at=NOW,
    link_generation=2,
)
REQUESTED = replace(
    STORED,
    status=Status.REQUESTED,
    confirmed_at=None,
    has_proof=False,
    confirm_by=NOW + HOUR / 2,
)
IN_CALL = replace(
    STORED,
    running_late_at=TEN,
    waits_until=TEN + HOUR / 2,
    waits_by=SOMEBODY,
    joined_at=TEN,
    staff_joined_at=TEN,
)

KNOWN_DIGESTS = {
    Status.CONFIRMED: ["d5b402dd", "b7dfbb07"],
    Status.REQUESTED: ["a431fb1b", "8ef392bc"],
}
"""First characters of the digests of a video call and a phone call."""


def changed(before, now=NOW, **values):
    """What is stored after a change of some values."""
    return derive_values(before, replace(before, **values), 2 * HOUR, now)


def moved(before, by, now=NOW, **values):
    times = {"starts_at": before.starts_at + by, "ends_at": before.ends_at + by}
    return changed(before, now, **times, **values)


def known_by(before, **values):
    """The appointment with another contact of its customer."""
    return replace(before, customer=replace(before.customer, **values))


def test_request_that_is_moved_keeps_its_time_to_be_confirmed_up_to_its_start():
    assert moved(REQUESTED, HOUR).confirm_by == REQUESTED.requested_at + 2 * HOUR
    soon = moved(REQUESTED, NOW - TEN)
    assert soon.confirm_by == soon.starts_at == NOW


def test_deadline_of_a_request_that_is_not_moved_stays():
    assert changed(REQUESTED, notes="Second floor").confirm_by == NOW + HOUR / 2


def test_nobody_is_late_or_waited_for_at_another_time():
    later = moved(IN_CALL, HOUR, now=TEN)
    assert (later.running_late_at, later.waits_until, later.waits_by) == (None,) * 3


def test_who_is_there_is_forgotten_only_if_it_begins_again():
    def who_is_there(ahead, now):
        later = moved(IN_CALL, ahead, now=now)
        return later.joined_at, later.staff_joined_at

    assert who_is_there(HOUR, TEN) == (None, None)
    assert who_is_there(-HOUR, TEN) == (TEN, TEN)
    assert who_is_there(HOUR, TEN + HOUR) == (TEN, TEN)


def test_other_end_alone_changes_nothing_about_who_is_there():
    longer = changed(IN_CALL, ends_at=TEN + 2 * HOUR)
    assert longer.running_late_at == longer.joined_at == TEN
    assert longer.waits_until == IN_CALL.waits_until
    assert longer.waits_by == SOMEBODY


@pytest.mark.parametrize(
    "elsewhere",
    [{"agent_id": ANOTHER}, {"agent_id": None}, {"ends_at": TEN + 2 * HOUR}],
)
def test_calendar_that_was_not_checked_is_no_matter_at_another_time_or_agent(elsewhere):
    unchecked = replace(STORED, unchecked_at=NOW)
    assert changed(unchecked, **elsewhere).unchecked_at is None
    assert changed(unchecked, notes="Second floor").unchecked_at == NOW


def test_calendar_that_did_not_answer_for_the_new_time_either_is_remembered():
    unchecked = replace(STORED, unchecked_at=NOW)
    assert moved(unchecked, HOUR, unchecked_at=NOW + HOUR).unchecked_at == NOW + HOUR
    assert moved(STORED, HOUR, unchecked_at=NOW).unchecked_at == NOW


@pytest.mark.parametrize(
    ("locale", "language", "written"),
    [
        ("en_CA", "es", "es-CA"),
        ("es-MX", "es", "es-MX"),
        ("ES_mx", "es", "ES_mx"),
        ("est", "es", "es"),
        ("en-GB", "de", "en-GB"),  # in which no mail is written
    ],
)
def test_mail_is_written_in_the_language_spoken(locale, language, written):
    before = known_by(STORED, locale=locale)
    assert changed(before, language=language).customer.locale == written


def test_other_contact_is_kept_where_the_language_changes_as_well():
    after = replace(known_by(STORED, name="Anna"), language="es")
    assert derive_values(STORED, after, HOUR, NOW).customer.name == "Anna"


def test_mail_stays_in_its_language_as_long_as_the_one_spoken_does():
    before = known_by(STORED, locale="fr")
    assert changed(before, notes="Second floor").customer.locale == "fr"


def test_other_address_gets_other_links():
    after = derive_values(STORED, known_by(STORED, email=""), HOUR, NOW)
    assert after.link_generation == 3
    assert changed(STORED, notes="Second floor").link_generation == 2


@pytest.mark.parametrize(
    ("before", "vouched"),
    [
        (STORED, True),
        (replace(STORED, has_proof=False), True),
        (replace(REQUESTED, has_proof=True), True),
        (REQUESTED, False),
    ],
)
def test_who_changes_an_address_vouches_for_it_once_it_is_confirmed(before, vouched):
    after = known_by(before, email="ana@example.com")
    assert derive_values(before, after, HOUR, NOW).has_proof is vouched


def test_proof_does_not_come_with_a_change_of_anything_but_the_address():
    confirmed = replace(STORED, has_proof=False)
    assert not changed(confirmed, notes="Second floor").has_proof


@pytest.mark.parametrize(
    "told",
    [
        {"starts_at": TEN - HOUR},
        {"ends_at": TEN + 2 * HOUR},
        {"channel": Channel.PHONE},
        {"language": "es"},
        {"customer": replace(STORED.customer, name="Anna")},
    ],
)
def test_sequence_rises_by_one_with_what_the_customer_was_told(told):
    after = replace(STORED, **told)
    assert differs_for_customer(STORED, after)
    assert customer_digest(STORED) != customer_digest(after)
    assert changed(STORED, **told).sequence == 5


def test_sequence_rises_by_one_with_another_address():
    after = known_by(STORED, email="ana@example.com")
    assert is_readdressed(STORED, after)
    assert not differs_for_customer(STORED, after)
    assert derive_values(STORED, after, HOUR, NOW).sequence == 5


@pytest.mark.parametrize(
    "inside",
    [
        {"notes": "Second floor"},
        {"agent_id": ANOTHER},
        {"customer": replace(STORED.customer, phone="+12025550124")},
    ],
)
def test_sequence_stays_with_what_the_customer_is_not_told(inside):
    after = replace(STORED, **inside)
    assert not is_readdressed(STORED, after)
    assert not differs_for_customer(STORED, after)
    assert customer_digest(STORED) == customer_digest(after)
    assert changed(STORED, **inside).sequence == 4


def test_number_is_told_where_the_customer_is_called():
    called = replace(STORED, channel=Channel.PHONE)
    assert differs_for_customer(called, known_by(called, phone="+12025550124"))


@pytest.mark.parametrize("contact", [{"name": "Anna"}, {"phone": "+12025550124"}])
def test_name_and_number_are_told_only_once_the_contact_is_proven(contact):
    unproven = replace(STORED, channel=Channel.PHONE, has_proof=False)
    assert not differs_for_customer(unproven, known_by(unproven, **contact))


@pytest.mark.parametrize("appointment", [STORED, REQUESTED])
def test_digest_is_the_one_that_was_stored_with_earlier_mails(appointment):
    """Another form of it would mail every customer once more after an upgrade."""
    by_phone = replace(appointment, channel=Channel.PHONE)

    digests = [customer_digest(it)[:8] for it in (appointment, by_phone)]

    assert digests == KNOWN_DIGESTS[appointment.status]
