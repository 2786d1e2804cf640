"""What the pages ask of a visitor's device, and what they do with its proof."""

from datetime import timedelta

import pytest

from invo_booking.domain.access import proof_of_work
from invo_booking.persistence.tables.core import AppointmentRow
from invo_booking.persistence.upkeep.contact_uses import ContactUse
from invo_booking.usecases.appointment.limits import MOST_A_DAY
from invo_booking.usecases.booking import admission
from invo_booking.usecases.booking.admission import MOST_A_MINUTE
from invo_booking.web.core.effort import TRAP
from invo_booking.web.landing.state import LandingState
from invo_booking.web.scheduler.request_state import RequestState
from tests.support.work import proof_of
from tests.web_public.test_public_flows import CONTACT, Visitor, page_of, rows

MAIL = {"mail": "ana@example.com"}


@pytest.fixture(autouse=True)
def cheap_work(monkeypatch):
    monkeypatch.setattr(admission, "ORDINARY_BITS", 10)


def use_up(bank):
    """Let others of the same network ask for all that goes through in a minute."""
    other = Visitor()
    other.begin(LandingState, bank)
    for number in range(MOST_A_MINUTE):
        other.send(LandingState, "send_links", {"mail": f"other-{number}@example.com"})


def hand_in(visitor, state, proof=None):
    challenge = visitor.see(state).challenge
    return visitor.send(state, "submit_proof", proof or proof_of(challenge))


def test_nothing_is_asked_of_most_visitors(product, bank, visitor):
    visitor.reach_details(bank)

    assert visitor.see(RequestState).challenge == ""
    assert visitor.request() is not None
    assert rows(product, AppointmentRow) == 1


def test_work_begins_while_the_form_is_typed_and_the_press_goes_through(
    product, bank, visitor
):
    use_up(bank)
    visitor.begin(RequestState, bank)
    assert visitor.see(RequestState).challenge
    assert not visitor.see(RequestState).is_working
    assert hand_in(visitor, RequestState) is None
    visitor.reach_details(bank)

    assert visitor.request() is not None
    assert rows(product, AppointmentRow) == 1


def test_who_presses_too_early_sees_it_and_goes_on_by_themselves(
    product, bank, visitor
):
    use_up(bank)
    visitor.reach_details(bank)

    assert visitor.request() is None
    assert visitor.see(RequestState).is_working
    assert rows(product, AppointmentRow) == 0

    redirect = hand_in(visitor, RequestState)
    assert "/a/" in page_of(redirect)
    assert rows(product, AppointmentRow) == 1


def test_each_press_during_the_work_is_counted_so_that_failed_work_is_tried_again(
    product, bank, visitor
):
    use_up(bank)
    visitor.reach_details(bank)

    visitor.request()
    first = visitor.see(RequestState).attempt
    visitor.request()

    assert visitor.see(RequestState).attempt > first > 0
    assert rows(product, AppointmentRow) == 0


def test_a_proof_sent_twice_books_once(product, bank, visitor):
    use_up(bank)
    visitor.reach_details(bank)
    visitor.request()
    proof = proof_of(visitor.see(RequestState).challenge)

    visitor.send(RequestState, "submit_proof", proof)

    assert visitor.send(RequestState, "submit_proof", proof) is None
    assert rows(product, AppointmentRow) == 1


def test_work_that_ends_after_its_challenge_expired_gets_a_new_one_and_goes_on(
    product, bank, clock, visitor, monkeypatch
):
    lasts = timedelta(seconds=20)
    monkeypatch.setattr(proof_of_work, "LASTS", lasts)
    use_up(bank)
    visitor.reach_details(bank)
    visitor.request()
    before = visitor.see(RequestState).challenge
    proof = proof_of(before)
    clock.advance(lasts)

    assert hand_in(visitor, RequestState, proof) is None
    seen = visitor.see(RequestState)
    assert seen.is_working
    assert seen.challenge not in {"", before}

    assert "/a/" in page_of(hand_in(visitor, RequestState))
    assert rows(product, AppointmentRow) == 1


def test_events_alone_hold_five_slots_without_work(product, bank):
    for number in range(12):
        visitor = Visitor()
        visitor.reach_details(bank)
        visitor.request(CONTACT | {"email": f"made-up-{number}@example.com"})

    assert rows(product, AppointmentRow) == MOST_A_MINUTE


def test_one_connection_mails_links_five_times_without_work(bank, visitor):
    visitor.begin(LandingState, bank)
    for number in range(200):
        visitor.send(LandingState, "send_links", {"mail": f"n{number}@example.com"})
        if visitor.see(LandingState).is_working:
            break

    assert number == MOST_A_MINUTE
    assert visitor.see(LandingState).sent_to == ""
    hand_in(visitor, LandingState)
    assert visitor.see(LandingState).sent_to == f"n{number}@example.com"
    assert not visitor.see(LandingState).is_working


def test_too_many_mails_to_one_address_are_told_on_the_page(bank, visitor):
    visitor.begin(LandingState, bank)
    for _ in range(MOST_A_DAY[ContactUse.LINK_MAIL]):
        visitor.send(LandingState, "send_links", MAIL)
        assert visitor.see(LandingState).problem == ""

    visitor.send(LandingState, "send_links", MAIL)

    landing = visitor.see(LandingState)
    assert landing.sent_to == ""
    assert "three times today" in landing.problem
    assert not landing.is_working


@pytest.mark.parametrize("proof", ["", "nonsense", "x.1", 7, None, "9" * 9999])
def test_nonsense_is_no_proof(product, bank, visitor, proof):
    use_up(bank)
    visitor.reach_details(bank)
    visitor.request()

    visitor.send(RequestState, "submit_proof", proof)

    assert visitor.see(RequestState).is_working
    assert rows(product, AppointmentRow) == 0


def test_pressing_early_does_not_begin_the_work_anew(bank, visitor):
    use_up(bank)
    visitor.reach_details(bank)
    before = visitor.see(RequestState).challenge

    visitor.request()

    assert before
    assert visitor.see(RequestState).challenge == before


def test_too_easy_a_number_gets_new_work(product, bank, visitor):
    use_up(bank)
    visitor.reach_details(bank)
    visitor.request()
    before = visitor.see(RequestState).challenge
    proof = proof_of(before)
    easy = f"{before}.{int(proof.rpartition('.')[2]) + 1}"

    visitor.send(RequestState, "submit_proof", easy)

    seen = visitor.see(RequestState)
    assert seen.is_working
    assert seen.challenge not in {"", before}
    assert rows(product, AppointmentRow) == 0


def test_a_form_sent_at_once_takes_work_and_is_not_refused(product, bank, visitor):
    visitor.reach_details(bank)
    visitor.see(RequestState)._begun_at = bank.clock()  # noqa: SLF001

    assert visitor.request() is None
    assert hand_in(visitor, RequestState) is not None
    assert rows(product, AppointmentRow) == 1


def test_events_that_open_no_form_take_work(visitor):
    visitor.send(LandingState, "send_links", MAIL)

    assert visitor.see(LandingState).is_working


def test_the_field_nobody_sees_takes_work_and_is_not_refused(product, bank, visitor):
    visitor.reach_details(bank)

    assert visitor.request(CONTACT | {TRAP: "https://spam.example"}) is None
    assert visitor.see(RequestState).challenge, "it begins at once"
    assert hand_in(visitor, RequestState) is not None
    assert rows(product, AppointmentRow) == 1
