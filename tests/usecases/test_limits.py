"""How many appointments one customer may have, whatever is pressed in which order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invo_booking.domain.appointment import Status
from invo_booking.domain.errors import (
    ConflictError,
    LimitReachedError,
    LinkExpiredError,
    SlotTakenError,
    TooManyRequestsError,
)
from invo_booking.settings import general
from invo_booking.usecases.booking import booking, limit_resolution, manage
from invo_booking.usecases.shared import links
from invo_booking.usecases.upkeep import periodic
from tests.concurrency.racing import race, refusals, winners
from tests.support.bank import at, confirm
from tests.support.examples import SLOWNESS, how_many
from tests.support.invariants import check
from tests.usecases.test_swapping import book, confirmed, hold, is_over_limit, proof


def test_move_onto_a_day_that_is_full_for_the_customer_is_refused(bank, ana):
    assert ana
    bank.set(general.MOST_PER_DAY, "1")
    confirmed(bank, at(10))
    tomorrow = book(bank, at(10, days=1))
    confirm(bank.deps, tomorrow.token)

    with pytest.raises(LimitReachedError):
        manage.reschedule_by_link(bank.deps, tomorrow.token, at(14))

    moved = manage.reschedule_by_link(bank.deps, tomorrow.token, at(15, days=1))
    assert moved.appointment.starts_at == at(15, days=1)


def test_requests_of_a_phone_count_for_a_day_whatever_became_of_them(bank, ana, clock):
    assert ana
    bank.set(general.CONTACT_REQUIREMENT, "phone")
    by_phone = {"email": "", "phone": "+13125550143"}
    for _ in range(5):
        manage.cancel_by_link(bank.deps, book(bank, at(10), **by_phone).token)

    with pytest.raises(TooManyRequestsError) as refused:
        book(bank, at(10), **by_phone)

    assert refused.value.retry_at == at(8, days=1)
    clock.now = at(8, days=1)
    assert book(bank, at(10, days=1), **by_phone)


def test_two_requests_on_different_days_at_once_do_not_pass_the_limit_in_total(
    bank, ana, database_url
):
    assert ana
    bank.set(general.MOST_IN_TOTAL, "1")
    bank.set(general.CONTACT_REQUIREMENT, "phone")
    by_phone = {"email": "", "phone": "+13125550143"}

    outcomes = race(
        lambda: book(bank, at(14), **by_phone),
        lambda: book(bank, at(14, days=1), **by_phone),
    )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {LimitReachedError}
    check(database_url)


PRESSES = st.lists(
    st.sampled_from(["hold", "swap first", "swap last", "keep", "cancel", "later"]),
    max_size=10,
)


@settings(
    max_examples=how_many(15),
    suppress_health_check=[*SLOWNESS, HealthCheck.function_scoped_fixture],
)
@given(presses=PRESSES, who=st.uuids())
def test_confirmed_appointments_never_exceed_the_limit(bank, clock, ana, presses, who):
    assert ana
    bank.set(general.MOST_IN_TOTAL, "2")
    bank.set(general.MOST_PER_DAY, "0")
    email = f"{who.hex}@example.com"
    held = None
    for press in presses:
        try:
            held = _press(bank, clock, press, held, email)
        except (
            LimitReachedError,
            TooManyRequestsError,
            SlotTakenError,
            LinkExpiredError,
            ConflictError,
        ):
            continue
        finally:
            assert _confirmed_count(bank, clock, email) <= 2
    _forget(bank, email, clock)


def _press(bank, clock, press, held, email):
    if press == "later":
        clock.advance(timedelta(minutes=20))
        periodic.expire_unconfirmed(bank.deps)
    elif press == "hold" or held is None:
        free = booking.next_open_slot(bank.deps, bank.answer_id, "en")
        held = hold(bank, free.start, email=email)
        if not is_over_limit(bank, held):
            confirm(bank.deps, held.token)
    elif press == "cancel":
        manage.cancel_by_link(bank.deps, held.token)
    elif is_over_limit(bank, held):
        secret = proof(bank, held)
        earlier = limit_resolution.read_limit_prompt(bank.deps, secret).earlier
        if press == "keep":
            limit_resolution.keep_earlier(bank.deps, secret)
        elif earlier:
            chosen = earlier[0 if press == "swap first" else -1]
            limit_resolution.swap_for_held(bank.deps, secret, chosen.id)
    return held


def _confirmed_count(bank, clock, email):
    with bank.deps.unit_of_work() as work:
        live = work.appointments.live_of_contact(email, "", clock())
    return sum(item.status is Status.CONFIRMED for item in live)


def _forget(bank, email, clock):
    with bank.deps.unit_of_work() as work:
        live = work.appointments.live_of_contact(email, "", clock())
    for item in live:
        manage.cancel_by_link(bank.deps, links.token_of(bank.deps, item))
