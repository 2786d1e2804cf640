"""How much may be asked without a sign-in, counted in the use cases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.domain.errors import (
    ProofOfWorkRequiredError,
    SlotTakenError,
    TooManyRequestsError,
)
from invo_booking.persistence.tables.core import OutboxRow
from invo_booking.persistence.tables.limits import RequestCountRow, SpentProofRow
from invo_booking.usecases.booking import admission, booking, lateness, manage
from invo_booking.usecases.booking.admission import (
    DAY,
    MINUTE,
    MOST_A_DAY,
    MOST_A_MINUTE,
    MOST_LATE_REPORTS,
    MOST_MOVES,
    NO_EFFORT,
    AdmissionProof,
    AdmissionRequest,
    Purpose,
)
from tests.support.bank import confirm
from tests.support.work import proof_of

LINKS = AdmissionRequest(purpose=Purpose.LINKS)


@pytest.fixture(autouse=True)
def cheap_work(monkeypatch):
    monkeypatch.setattr(admission, "ORDINARY_BITS", 10)
    monkeypatch.setattr(admission, "HARD_BITS", 12)


@pytest.fixture
def caller_at(deps):
    def at(address, interface=Interface.API):
        return deps.for_caller(Caller(interface=interface, address=address))

    return at


@pytest.fixture
def here(caller_at):
    return caller_at("192.0.2.1")


@pytest.fixture
def staffed(bank):
    bank.agent("Ana")
    return bank


def asks(deps, wish=LINKS, effort=NO_EFFORT, **more) -> str:
    """Return the challenge if work is asked, or nothing."""
    try:
        admission.admit_request(deps, wish, effort, **more)
    except ProofOfWorkRequiredError as required:
        return required.challenge.text
    return ""


def use_up(deps) -> str:
    """Ask for all that goes through in a minute, and return a challenge."""
    assert not any(asks(deps) for _ in range(MOST_A_MINUTE))
    return asks(deps)


def request(bank, start, email="rosa@example.com"):
    return bank.request(start, email=email)


def kept(deps, table):
    with deps.unit_of_work() as work:
        return work.session.exec(select(table)).all()


def test_five_a_minute_go_through_and_then_work_is_asked(here, clock):
    assert use_up(here)

    clock.advance(MINUTE)
    assert not asks(here)


def test_thirty_a_day_go_through_however_slowly(here, clock):
    for _ in range(MOST_A_DAY):
        assert not asks(here)
        clock.advance(MINUTE)

    assert asks(here)
    clock.advance(DAY - MINUTE)
    assert not asks(here)


def test_no_minute_has_more_than_five_wherever_it_begins(here, clock):
    for _ in range(MOST_A_MINUTE):
        clock.advance(timedelta(seconds=11))
        assert not asks(here)

    clock.advance(timedelta(seconds=10))
    assert asks(here)


def test_all_interfaces_count_together_and_networks_apart(caller_at):
    for number in range(MOST_A_MINUTE):
        interface = (Interface.API, Interface.PAGE)[number % 2]
        assert not asks(caller_at(f"2001:db8::{number}", interface))

    assert asks(caller_at("2001:db8::99", Interface.PAGE))
    assert not asks(caller_at("2001:db8:0:1::1"))


def test_of_many_at_the_same_time_exactly_five_go_through(here):
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda _: asks(here), range(24)))

    assert told.count("") == MOST_A_MINUTE


def test_what_is_kept_names_no_address(here):
    asks(here)

    (row,) = kept(here, RequestCountRow)
    assert "192.0.2.1" not in row.subject
    assert len(row.subject) == 64


def test_however_much_is_asked_one_bounded_row_is_kept(here):
    for _ in range(MOST_A_DAY + 20):
        asks(here)

    (row,) = kept(here, RequestCountRow)
    assert len(row.requested_at) == MOST_A_DAY + 1


def test_a_proof_lets_one_through(here):
    proof = proof_of(use_up(here))

    assert not asks(here, effort=AdmissionProof(proof=proof))
    assert asks(here, effort=AdmissionProof(proof=proof))


def test_a_proof_comes_again_only_with_the_submit_it_was_used_for(here):
    effort = AdmissionProof(proof=proof_of(use_up(here)))

    assert not asks(here, effort=effort, used_for="a key")
    assert not asks(here, effort=effort, used_for="a key")
    assert asks(here, effort=effort, used_for="another key")


def test_of_two_that_use_one_proof_at_the_same_time_one_goes_through(here):
    effort = AdmissionProof(proof=proof_of(use_up(here)))

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda _: asks(here, effort=effort), range(8)))

    assert told.count("") == 1


def test_stale_foreign_and_easy_proofs_are_refused(staffed, here, caller_at, clock):
    challenge = use_up(here)
    proof = proof_of(challenge)
    there = caller_at("198.51.100.7")
    use_up(there)
    other_purpose = AdmissionRequest(
        purpose=Purpose.REQUEST, answer_id=staffed.answer_id
    )

    assert asks(there, effort=AdmissionProof(proof=proof))
    assert asks(here, other_purpose, AdmissionProof(proof=proof))
    assert asks(here, effort=AdmissionProof(proof=f"{challenge}.0"))
    assert asks(here, effort=AdmissionProof(proof=proof.replace("10-", "01-", 1)))
    clock.advance(timedelta(minutes=31))
    asked = [asks(here) for _ in range(MOST_A_MINUTE)]
    assert asks(here, effort=AdmissionProof(proof=proof))
    assert "" in asked


def test_who_seems_to_be_a_program_works_from_the_first_time_on(here):
    challenge = asks(here, effort=AdmissionProof(is_suspicious=True))

    proof = proof_of(challenge)
    assert not asks(here, effort=AdmissionProof(proof=proof, is_suspicious=True))


def test_looking_ahead_tells_what_will_be_asked_and_counts_nothing(here):
    assert not any(admission.expected_challenge(here, LINKS) for _ in range(40))
    use_up(here)

    ahead = admission.expected_challenge(here, LINKS)
    assert ahead is not None
    assert not asks(here, effort=AdmissionProof(proof=proof_of(ahead.text)))


def test_our_own_processes_and_load_tests_are_not_limited(deps, here):
    config = deps.config.model_copy(update={"rate_limits": False})
    unlimited = replace(here, config=config)

    assert not any(asks(deps) for _ in range(50))
    assert not any(asks(unlimited) for _ in range(50))
    assert kept(deps, RequestCountRow) == []


def test_requests_are_counted_whatever_became_of_them(staffed, here):
    start = booking.next_open_slot(here, staffed.answer_id, "en").start
    for number in range(MOST_A_MINUTE):
        wanted = request(staffed, start, f"somebody{number}@example.com")
        if number == 0:
            booking.request_appointment(here, wanted, idempotency_key="key-0")
            continue
        with pytest.raises(SlotTakenError):
            booking.request_appointment(here, wanted, idempotency_key=f"key-{number}")

    with pytest.raises(ProofOfWorkRequiredError):
        booking.request_appointment(
            here, request(staffed, start), idempotency_key="key-9"
        )


@pytest.mark.usefixtures("staffed")
def test_a_contact_gets_three_link_mails_a_day_from_all_networks(
    caller_at, clock, mails_to
):
    for number in range(3):
        manage.mail_links(caller_at(f"192.0.2.{number}"), f"rosa+{number}@example.com")
    for number in range(3, 20):
        with pytest.raises(TooManyRequestsError):
            manage.mail_links(caller_at(f"192.0.2.{number}"), "Rosa@example.com ")

    assert mails_to("links") == 3
    clock.advance(DAY)
    manage.mail_links(caller_at("192.0.2.1"), "rosa@example.com")
    assert mails_to("links") == 4


@pytest.fixture
def mails_to(deps):
    def count(kind):
        with deps.unit_of_work() as work:
            rows = work.session.exec(select(OutboxRow)).all()
        return sum(row.payload.get("mail") == kind for row in rows)

    return count


def test_one_appointment_is_moved_ten_times_a_day_at_most(staffed, here):
    start = booking.next_open_slot(here, staffed.answer_id, "en").start
    booked = booking.request_appointment(
        staffed.deps, request(staffed, start), idempotency_key="a-key"
    )
    for number in range(MOST_MOVES):
        there = start + timedelta(minutes=30 * (number % 2 + 1))
        manage.reschedule_by_link(here, booked.token, there)

    with pytest.raises(TooManyRequestsError):
        manage.reschedule_by_link(here, booked.token, start)


def test_a_customer_says_to_be_late_or_in_time_ten_times_a_day_at_most(
    staffed, here, clock
):
    start = booking.next_open_slot(here, staffed.answer_id, "en").start
    booked = booking.request_appointment(
        staffed.deps, request(staffed, start), idempotency_key="a-key"
    )
    confirm(here, booked.token)
    clock.now = start - timedelta(minutes=30)
    for _ in range(MOST_LATE_REPORTS // 2):
        lateness.report_late(here, booked.token)
        lateness.report_late(here, booked.token)
        lateness.withdraw_late_report(here, booked.token)

    with pytest.raises(TooManyRequestsError):
        lateness.report_late(here, booked.token)


def test_the_buttons_of_a_link_write_one_mail_each_however_often_pressed(
    staffed, here, mails_to, clock
):
    start = booking.next_open_slot(here, staffed.answer_id, "en").start
    booked = booking.request_appointment(
        staffed.deps, request(staffed, start), idempotency_key="a-key"
    )
    for _ in range(20):
        confirm(here, booked.token)
    clock.now = start - timedelta(minutes=30)
    for press in (lateness.report_late, manage.cancel_by_link):
        for _ in range(20):
            press(here, booked.token)

    kinds = ("requested", "confirmed", "cancelled", "late", "changed")
    assert [mails_to(kind) <= 1 for kind in kinds] == [True] * 5


def test_upkeep_forgets_what_no_limit_looks_at_any_more(here, clock):
    asks(here, effort=AdmissionProof(proof=proof_of(use_up(here))))
    admission.forget_admissions(here)
    assert len(kept(here, RequestCountRow)) == len(kept(here, SpentProofRow)) == 1

    clock.advance(DAY + MINUTE)
    admission.forget_admissions(here)

    assert kept(here, RequestCountRow) == kept(here, SpentProofRow) == []
