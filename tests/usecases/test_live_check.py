"""Looking at calendars again at the moment of booking."""

import threading
import time
from datetime import timedelta

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.domain.assignment import Mode
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    ProviderDownError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.errors import SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import AnswerRow
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY, LIVE_CHECK
from invo_booking.texts import say
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.booking import manage
from invo_booking.usecases.calendars import poll
from invo_booking.usecases.calendars.live import live_check
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.detail import appointment_detail
from tests.obeyed.conftest import book, offered, refused
from tests.support.bank import at
from tests.support.plain_calendar import connected
from tests.support.plain_fixtures import deps, elsewhere
from tests.support.readings import known, span, state, stored
from tests.usecases.test_assigning import use

__all__ = ["deps", "elsewhere"]

MINUTE = timedelta(minutes=1)
ANA = "ana@bank.example"
BUSY_MACHINE = 15  # seconds; who waits for all takes longer


@pytest.fixture
def looking(bank, elsewhere, ana):
    """Ana's calendar was read, was empty, and is looked at again when booking."""
    assert ana
    connection = connected(bank)
    bank.set(LIVE_CHECK, "on")
    poll.poll_if_due(bank.deps)
    elsewhere.asked.clear()
    return connection


def draft(bank, start, end, agent_id=None):
    return AppointmentDraft(
        answer_id=bank.answer_id,
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=start,
        ends_at=end,
        agent_id=agent_id,
        name="Rosa Delgado",
        email="rosa@example.com",
    )


def give(bank, agent, *starts):
    """Give an agent appointments, by a manager whom nobody can book."""
    manager = bank.manager(f"Manager of {agent.name}", languages=("es",))
    for start in starts:
        wanted = draft(bank, start, start + 30 * MINUTE, agent.id)
        appointments.create_appointment(bank.deps, manager, wanted)


@pytest.mark.usefixtures("looking")
def test_who_has_become_busy_since_the_last_reading_is_not_booked(bank, elsewhere, ana):
    elsewhere.busy[ANA] = [span(10, 11)]

    error = refused(book, bank, at(10))

    assert isinstance(error, SlotTakenError)
    assert str(error) == "This time has just been taken."
    assert at(10) not in [it.start for it in error.nearest]
    assert at(10) not in offered(bank)
    assert stored(bank, ana) == [span(10, 11).widen(0 * MINUTE, -30 * MINUTE)]
    assert book(bank, at(11))


@pytest.mark.usefixtures("looking")
def test_who_is_still_free_is_booked_after_one_question(bank, elsewhere):
    assert book(bank, at(10))
    assert elsewhere.asked == [[ANA]]


@pytest.mark.usefixtures("looking")
def test_age_of_the_whole_calendar_is_what_it_was(bank, elsewhere, clock):
    before = known(bank)[ANA].read_at
    clock.advance(MINUTE)
    elsewhere.busy[ANA] = [span(10, 11), span(13, 14)]

    refused(book, bank, at(10))

    assert known(bank)[ANA].read_at == before
    assert at(13) in offered(bank)


@pytest.mark.usefixtures("looking")
def test_only_the_agent_about_to_be_chosen_is_asked_about_then_the_next(
    bank, elsewhere, ana
):
    use(bank, Mode.FEWEST)
    agents = [ana, bank.agent("Ben"), bank.agent("Cleo")]
    busiest, second, first = sorted(agents, key=lambda one: one.id)
    give(bank, busiest, at(15), at(16))
    give(bank, second, at(14))
    poll.poll_if_due(bank.deps, at_once=True)
    elsewhere.asked.clear()
    elsewhere.busy = {first.email: [span(9, 12)]}

    booked = book(bank, at(10)).appointment

    assert elsewhere.asked == [[first.email], [second.email]]
    assert (booked.agent_id, booked.unchecked_at) == (second.id, None)


@pytest.mark.usefixtures("looking")
def test_everybody_is_asked_about_before_a_time_is_refused(
    bank, elsewhere, monkeypatch
):
    monkeypatch.setattr(live_check, "SECONDS_IN_ALL", 120.0)
    for number in range(20):
        bank.agent(f"Agent{number}")
    poll.poll_if_due(bank.deps, at_once=True)
    elsewhere.asked.clear()
    elsewhere.everybody_is_busy = [span(10, 11)]

    error = refused(book, bank, at(10))

    asked = [one for (one,) in elsewhere.asked]
    assert error.code == "slot_taken"
    assert len(asked) == len(set(asked)) == 21


@pytest.mark.usefixtures("looking")
def test_booking_answers_in_six_seconds_however_many_are_busy(bank, elsewhere):
    for number in range(30):
        bank.agent(f"Agent{number}")
    poll.poll_if_due(bank.deps, at_once=True)
    elsewhere.everybody_is_busy = [span(10, 11)]
    slow = threading.Event()
    elsewhere.meanwhile = lambda: slow.wait(1)

    began = time.monotonic()
    booked = book(bank, at(10))
    took = time.monotonic() - began

    assert took < live_check.SECONDS_IN_ALL + BUSY_MACHINE
    assert booked.appointment.unchecked_at == bank.clock()


@pytest.mark.usefixtures("looking")
def test_slot_that_is_not_free_by_what_is_known_asks_nobody(bank, elsewhere):
    elsewhere.busy[ANA] = [span(10, 11)]
    poll.poll_if_due(bank.deps, at_once=True)
    elsewhere.asked.clear()

    refused(book, bank, at(10))

    assert elsewhere.asked == []


@pytest.mark.usefixtures("looking")
def test_what_is_known_counts_if_nothing_is_answered_in_two_seconds(bank, elsewhere):
    released = threading.Event()
    elsewhere.meanwhile = lambda: released.wait(20)
    elsewhere.busy[ANA] = [span(10, 11)]

    began = time.monotonic()
    booked = book(bank, at(10))
    took = time.monotonic() - began
    released.set()

    assert took < live_check.SECONDS + BUSY_MACHINE
    assert elsewhere.asked == [[ANA]]
    assert booked.appointment.unchecked_at == bank.clock()


@pytest.mark.usefixtures("looking")
def test_what_is_older_than_two_intervals_books_nobody_without_an_answer(
    bank, elsewhere, clock
):
    clock.advance(2 * 5 * MINUTE)
    elsewhere.refusal = ProviderDownError("Down.")
    assert book(bank, at(10)).appointment.unchecked_at == bank.clock()

    clock.advance(timedelta(seconds=1))
    assert at(11) in offered(bank)
    error = refused(book, bank, at(11), email="other@example.com")

    assert isinstance(error, SlotTakenError)
    assert str(error) == say(live_check.NOBODY_KNOWN)


@pytest.mark.usefixtures("looking")
def test_next_agent_is_chosen_where_nothing_is_known_of_the_first(
    bank, elsewhere, clock
):
    ben = bank.agent("Ben")
    use(bank, Mode.FEWEST)
    give(bank, ben, at(14))
    elsewhere.problems[ANA] = ProviderDownError("Down.")
    clock.advance(11 * MINUTE)
    poll.poll_if_due(bank.deps, at_once=True)

    booked = book(bank, at(10)).appointment

    assert (booked.agent_id, booked.unchecked_at) == (ben.id, None)


@pytest.mark.usefixtures("looking")
def test_staff_see_that_a_calendar_was_not_checked_until_it_is(bank, elsewhere, ana):
    manager = bank.manager("Max", languages=("es",))
    elsewhere.refusal = ProviderDownError("Down.")
    made = appointments.create_appointment(
        bank.deps, manager, draft(bank, at(10), at(10, 30), ana.id)
    )
    seen = appointment_detail(bank.deps, manager, made.id).appointment
    elsewhere.refusal = None
    moved = appointments.change_appointment(
        bank.deps, manager, made.id, AppointmentChange(starts_at=at(11))
    )

    assert seen.unchecked_at == bank.clock()
    assert moved.unchecked_at is None


@pytest.mark.usefixtures("looking")
def test_mark_is_about_one_agent_and_not_the_next(bank, elsewhere, ana):
    max_ = bank.manager("Max")
    elsewhere.refusal = ProviderDownError("Down.")
    made = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), at(10, 30), ana.id)
    )
    elsewhere.refusal = None
    poll.poll_if_due(bank.deps, at_once=True)

    given = appointments.assign_appointment(bank.deps, max_, made.id, max_.id)

    assert (made.unchecked_at, given.unchecked_at) == (bank.clock(), None)


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (ProviderDownError("Down."), ConnectionState.CONNECTED),
        (ThrottledError("Wait.", 5 * MINUTE), ConnectionState.THROTTLED),
        (ReconnectError("Sign in."), ConnectionState.RECONNECT),
    ],
)
@pytest.mark.usefixtures("looking")
def test_what_is_known_counts_if_the_provider_refuses(bank, elsewhere, error, left):
    elsewhere.refusal = error

    assert book(bank, at(10)).appointment.unchecked_at == bank.clock()
    assert state(bank).state is left


@pytest.mark.parametrize("is_said_of_a_mailbox", [False, True])
@pytest.mark.usefixtures("looking")
def test_provider_that_asked_for_patience_is_not_asked(
    bank, elsewhere, is_said_of_a_mailbox
):
    wait = ThrottledError("Wait.", 5 * MINUTE)
    elsewhere.refusal = None if is_said_of_a_mailbox else wait
    elsewhere.problems = {ANA: wait}
    book(bank, at(10))
    book(bank, at(11), email="other@example.com")

    assert len(elsewhere.asked) == 1


@pytest.mark.usefixtures("looking")
def test_mailbox_that_fails_by_itself_keeps_what_is_known(bank, elsewhere):
    elsewhere.problems[ANA] = MailboxUnknownError("Gone.")

    assert book(bank, at(10))

    assert known(bank)[ANA].registered


@pytest.mark.usefixtures("looking")
def test_buffers_are_looked_at_too(bank, elsewhere):
    with bank.deps.unit_of_work() as work:
        answer = work.session.get(AnswerRow, bank.answer_id)
        answer.buffer_before_minutes = 15
        work.publish_roster_change()
    elsewhere.busy[ANA] = [Interval(at(9, 45), at(9, 50))]

    assert refused(book, bank, at(10)).code == "slot_taken"


@pytest.mark.usefixtures("looking")
def test_own_appointments_in_the_calendar_are_no_obstacle(bank, elsewhere, ana):
    manager = bank.manager("Max", languages=("es",))
    poll.poll_if_due(bank.deps, at_once=True)
    made = appointments.create_appointment(
        bank.deps, manager, draft(bank, at(10), at(10, 30), ana.id)
    )
    elsewhere.busy[ANA] = [made.period]

    moved = appointments.change_appointment(
        bank.deps, manager, made.id, AppointmentChange(starts_at=at(10, 15))
    )

    assert moved.starts_at == at(10, 15)
    assert stored(bank, ana) == []


@pytest.mark.usefixtures("looking")
def test_staff_are_told_whose_calendar_is_in_the_way(bank, elsewhere, ana):
    manager = bank.manager("Max", languages=("es",))
    elsewhere.busy[ANA] = [span(10, 11)]

    wanted = draft(bank, at(10), at(10, 30), ana.id)
    error = refused(appointments.create_appointment, bank.deps, manager, wanted)

    assert str(error) == "Ana: Busy in their own calendar 10:00-10:30."
    assert elsewhere.asked == [[ANA]]


@pytest.mark.usefixtures("looking")
def test_staff_who_move_an_appointment_are_held_to_calendars_as_they_are_now(
    bank, elsewhere, ana
):
    manager = bank.manager("Max", languages=("es",))
    made = appointments.create_appointment(
        bank.deps, manager, draft(bank, at(10), at(10, 30), ana.id)
    )
    elsewhere.busy[ANA] = [span(14, 15)]

    moving = AppointmentChange(starts_at=at(14))
    error = refused(
        appointments.change_appointment, bank.deps, manager, made.id, moving
    )

    assert "Busy in their own calendar 14:00-14:30" in str(error)


@pytest.mark.usefixtures("looking")
def test_change_of_words_asks_nobody(bank, elsewhere, ana):
    manager = bank.manager("Max", languages=("es",))
    made = appointments.create_appointment(
        bank.deps, manager, draft(bank, at(10), at(10, 30), ana.id)
    )
    elsewhere.asked.clear()

    appointments.change_appointment(
        bank.deps, manager, made.id, AppointmentChange(notes="Bring the deeds")
    )

    assert elsewhere.asked == []


@pytest.mark.usefixtures("looking")
def test_customers_who_move_are_held_to_calendars_as_they_are_now(bank, elsewhere):
    booked = book(bank, at(10))
    elsewhere.busy[ANA] = [span(14, 15)]

    error = refused(manage.reschedule_by_link, bank.deps, booked.token, at(14))

    assert error.code == "slot_taken"
    assert manage.reschedule_by_link(bank.deps, booked.token, at(15)).appointment


@pytest.mark.parametrize(
    ("setting", "value"), [(LIVE_CHECK, "off"), (COMPUTE_AVAILABILITY, "off")]
)
@pytest.mark.usefixtures("looking")
def test_nobody_is_asked_while_it_is_off(bank, elsewhere, setting, value):
    bank.set(setting, value)
    elsewhere.busy[ANA] = [span(10, 11)]

    assert book(bank, at(10))

    assert elsewhere.asked == []
