"""Reading agents' calendars: what is kept of them, and what it means."""

import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.calendars.busy_times import merge_by_day
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    ProviderDownError,
)
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.persistence.tables.core import InstitutionRow, PersonRow
from invo_booking.settings.calendars import CACHE_INTERVAL
from invo_booking.settings.time import HORIZON
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking
from invo_booking.usecases.calendars import poll
from invo_booking.usecases.staff import appointments
from tests.obeyed.conftest import book, offered
from tests.support.bank import at, branch_row
from tests.support.plain_calendar import connected
from tests.support.plain_fixtures import deps, elsewhere
from tests.support.readings import (
    MONDAY,
    known,
    question_of,
    run,
    span,
    state,
    stored,
    why,
)

__all__ = ["deps", "elsewhere"]

HONOLULU = "Pacific/Honolulu"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNKNOWN = MailboxUnknownError("No such mailbox.")
SILENT = ProviderDownError("It does not answer.")


@pytest.fixture
def connection(bank, ana):
    assert ana
    return connected(bank)


def test_nobody_is_free_before_the_first_reading_and_then_whoever_is(
    bank, elsewhere, connection, ana
):
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    assert offered(bank) == []
    assert "Ana (never read)" in why(bank, at(10))[ClosingRule.CALENDAR_UNKNOWN]

    outcome = poll.poll_if_due(bank.deps)

    assert outcome.sentence == "1 of 1 calendars read."
    assert at(9, 30) in offered(bank)
    assert at(10, 30) not in offered(bank)
    assert at(12) in offered(bank)
    assert stored(bank, ana) == [span(10, 12)]
    assert connection.id == state(bank).id
    assert state(bank).succeeded_at == bank.clock()


@pytest.mark.usefixtures("connection")
def test_agent_whom_the_provider_does_not_know_is_listed_and_our_own_data_counts(
    bank, elsewhere, ana, clock
):
    elsewhere.problems["ana@bank.example"] = UNKNOWN

    outcome = poll.poll_if_due(bank.deps)

    assert outcome.sentence == "0 of 1 calendars read, 1 not known there."
    with bank.deps.unit_of_work() as work:
        (listed,) = work.busy.unregistered_calendars()
    assert (listed.agent_id, listed.problem) == (ana.id, "No such mailbox.")
    assert state(bank).state is ConnectionState.CONNECTED
    assert at(10) in offered(bank)
    booked = book(bank, at(10))
    assert at(10) not in offered(bank)
    assert booked
    clock.advance(DAY)
    assert at(10, days=1) in offered(bank, days=3)


@pytest.mark.usefixtures("connection")
def test_mailbox_is_asked_for_as_soon_as_its_address_is_another(
    bank, elsewhere, ana, clock
):
    elsewhere.problems["ana@bank.example"] = UNKNOWN
    poll.poll_if_due(bank.deps)
    with bank.deps.unit_of_work() as work:
        work.session.get(PersonRow, ana.id).email = "ana.cruz@bank.example"
        work.publish_roster_change()
    clock.advance(5 * MINUTE)

    assert poll.poll_if_due(bank.deps).read == 1

    assert list(known(bank)) == ["ana.cruz@bank.example"]


@pytest.mark.usefixtures("connection")
def test_what_was_told_counts_while_a_calendar_does_not_answer_until_it_is_too_old(
    bank, elsewhere, clock
):
    bank.agent("Ben")
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    elsewhere.busy["ben@bank.example"] = [span(8, 17)]
    poll.poll_if_due(bank.deps)
    elsewhere.problems["ana@bank.example"] = SILENT

    clock.advance(15 * MINUTE)
    outcome = poll.poll_if_due(bank.deps)
    assert outcome.sentence == "1 of 2 calendars read, 1 without an answer."
    assert at(10, 30) not in offered(bank)
    assert at(13) in offered(bank)

    clock.advance(MINUTE)
    assert offered(bank) == []
    told = why(bank, at(13))[ClosingRule.CALENDAR_UNKNOWN]
    assert "not read in the last 15 minutes" in told
    assert "Ana (last read 16 minutes ago: It does not answer)" in told


@pytest.mark.usefixtures("connection")
def test_mailbox_with_an_entry_that_cannot_be_read_is_read_and_says_so(
    bank, elsewhere, ana
):
    elsewhere.unreadable = 1
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]

    outcome = poll.poll_if_due(bank.deps)

    assert outcome.sentence == "1 of 1 calendars read."
    assert stored(bank, ana) == [span(10, 12)]
    note = known(bank)["ana@bank.example"].problem
    assert note == "1 entry cannot be read and may make the agent busy for longer."


@pytest.mark.usefixtures("connection")
def test_error_never_makes_anybody_free(bank, elsewhere):
    elsewhere.problems["ana@bank.example"] = SILENT

    outcome = poll.poll_if_due(bank.deps)

    assert outcome.problem == "It does not answer."
    assert offered(bank) == []
    assert state(bank).state is ConnectionState.DOWN
    assert known(bank)["ana@bank.example"].read_at is None


@pytest.mark.usefixtures("connection")
def test_entry_of_our_own_appointment_does_not_count_against_it(bank, elsewhere, ana):
    poll.poll_if_due(bank.deps)
    manager = bank.manager("Max")
    poll.poll_if_due(bank.deps, at_once=True)
    booked = book(bank, at(10)).appointment
    appointments.assign_appointment(bank.deps, manager, booked.id, ana.id)
    elsewhere.busy["ana@bank.example"] = [booked.period, span(13, 14)]

    poll.poll_if_due(bank.deps, at_once=True)

    assert stored(bank, ana) == [span(13, 14)]
    moved = appointments.change_appointment(
        bank.deps, manager, booked.id, AppointmentChange(starts_at=at(10, 15))
    )
    assert moved.starts_at == at(10, 15)


@pytest.mark.usefixtures("connection")
def test_entry_of_our_own_is_known_wherever_it_stood_while_the_provider_looked(
    bank, elsewhere, ana
):
    poll.poll_if_due(bank.deps)
    manager = bank.manager("Max")
    poll.poll_if_due(bank.deps, at_once=True)
    booked = book(bank, at(10)).appointment
    appointments.assign_appointment(bank.deps, manager, booked.id, ana.id)
    elsewhere.busy["ana@bank.example"] = [booked.period]

    def moved_here():
        elsewhere.meanwhile = lambda: None
        appointments.change_appointment(
            bank.deps, manager, booked.id, AppointmentChange(starts_at=at(15))
        )

    elsewhere.meanwhile = moved_here
    poll.poll_if_due(bank.deps, at_once=True)

    assert stored(bank, ana) == []


@pytest.mark.usefixtures("connection")
def test_entry_over_several_days_is_kept_day_by_day_of_utc(bank, elsewhere, ana):
    away = Interval(at(12), at(12, days=2))
    elsewhere.busy["ana@bank.example"] = [away]

    poll.poll_if_due(bank.deps)

    assert stored(bank, ana) == sorted(merge_by_day([away]))
    assert at(11, 30) in offered(bank, days=4)
    assert not any(away.start <= it < away.end for it in offered(bank, days=4))
    assert at(12, days=2) in offered(bank, days=4)


def test_hour_that_is_skipped_in_spring_moves_nobodys_entries(bank, elsewhere, clock):
    clock.now = datetime(2027, 3, 12, 14, tzinfo=UTC)
    ana = bank.agent("Ana")
    connected(bank)
    nine = datetime(2027, 3, 15, 14, tzinfo=UTC)
    entry = Interval(nine, nine + HOUR)
    elsewhere.busy["ana@bank.example"] = [entry]

    poll.poll_if_due(bank.deps)

    assert stored(bank, ana) == [entry]
    window = Interval(nine - 9 * HOUR, nine + 12 * HOUR)
    found = booking.offer_slots(bank.deps, bank.answer_id, "en", window)
    starts = [slot.start for slot in found.slots]
    assert starts[0] == nine + HOUR
    assert nine not in starts


def test_last_evening_of_a_branch_far_in_the_west_is_read_too(bank, elsewhere):
    bank.offer_visits()
    there, agent = uuid4(), bank.agent("Yuki")
    with bank.deps.unit_of_work() as work:
        work.session.get_one(InstitutionRow, 1).time_zone = "Europe/London"
        work.session.get_one(PersonRow, agent.id).time_zone = HONOLULU
        work.session.add(branch_row(there, "Far away", time_zone=HONOLULU))
        work.publish_roster_change()
    bank.set(HORIZON, "7")
    connected(bank)
    two = datetime(2026, 11, 30, 14, tzinfo=ZoneInfo(HONOLULU)).astimezone(UTC)
    elsewhere.busy["yuki@bank.example"] = [Interval(two, two + HOUR)]

    poll.poll_if_due(bank.deps)

    window = Interval(two - 9 * HOUR, two + 12 * HOUR)
    found = booking.offer_slots(
        bank.deps, bank.answer_id, "en", window, branch=there
    ).slots
    starts = [slot.start for slot in found]
    assert two + HOUR in starts
    assert two not in starts


@pytest.mark.usefixtures("connection")
def test_what_stays_the_same_is_not_written_again(bank, elsewhere, clock):
    elsewhere.busy["ana@bank.example"] = [span(10, 12), span(9, 10, days=30)]
    poll.poll_if_due(bank.deps)
    before = run(bank, "SELECT id FROM busy_interval ORDER BY id").all()
    sheets = run(bank, "SELECT max(changed) FROM agent_day").scalar()
    first = shared_book(bank)

    clock.advance(5 * MINUTE)
    poll.poll_if_due(bank.deps)

    assert run(bank, "SELECT id FROM busy_interval ORDER BY id").all() == before
    assert run(bank, "SELECT max(changed) FROM agent_day").scalar() == sheets
    assert known(bank)["ana@bank.example"].read_at == clock()
    assert shared_book(bank) is first
    clock.advance(15 * MINUTE)
    assert at(13) in offered(bank)


def shared_book(bank):
    with (
        bank.deps.unit_of_work() as work,
        work.availability(MONDAY, bank.clock()) as book_,
    ):
        return book_


@pytest.mark.usefixtures("connection")
def test_only_what_differs_is_written(bank, elsewhere, ana):
    elsewhere.busy["ana@bank.example"] = [span(10, 12), span(13, 14)]
    poll.poll_if_due(bank.deps)
    before = run(bank, "SELECT id FROM busy_interval ORDER BY id").scalars().all()

    elsewhere.busy["ana@bank.example"] = [span(10, 12), span(15, 16)]
    poll.poll_if_due(bank.deps, at_once=True)

    after = run(bank, "SELECT id FROM busy_interval ORDER BY id").scalars().all()
    assert len(set(before) & set(after)) == 1
    assert stored(bank, ana) == [span(10, 12), span(15, 16)]
    with bank.deps.unit_of_work() as work:
        assert work.agent_days.wrong(at(0).date()) == []


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_answered_an_agent_is_offered_only_if_the_calendar_allows_it(
    bank, elsewhere, clock, seed
):
    dice = random.Random(seed)  # noqa: S311
    agents = [bank.agent(name) for name in ("Ana", "Ben", "Cleo", "Dan")]
    connected(bank)
    truth = {}
    for _ in range(4):
        for agent in agents:
            answer(dice, elsewhere, agent.email)
        clock.advance(dice.choice([5, 5, 10, 20]) * MINUTE)
        if poll.poll_if_due(bank.deps, at_once=True):
            remember(truth, elsewhere, agents, clock())
        for agent in agents:
            check(bank, truth, agent, clock())


def answer(dice, elsewhere, mailbox):
    """Let a mailbox answer something else the next time, or nothing."""
    elsewhere.problems.pop(mailbox, None)
    chosen = dice.random()
    if chosen < 0.35:
        elsewhere.problems[mailbox] = SILENT
    elif chosen < 0.45:
        elsewhere.problems[mailbox] = UNKNOWN
    starts = [at(9) + dice.randrange(28) * 15 * MINUTE for _ in range(3)]
    elsewhere.busy[mailbox] = [
        Interval(it, it + dice.choice([15, 30, 90]) * MINUTE) for it in starts
    ]


def remember(truth, elsewhere, agents, now):
    """Note what was last known of each: when it was read, and the entries."""
    for agent in agents:
        problem = elsewhere.problems.get(agent.email)
        was_read = truth.get(agent.email, "unknown there") != "unknown there"
        is_unknown = problem is UNKNOWN or agent.email in truth
        if is_unknown and not was_read:
            truth[agent.email] = "unknown there"
        elif problem is None:
            truth[agent.email] = (now, list(elsewhere.busy[agent.email]))


def check(bank, truth, agent, now):
    with bank.deps.unit_of_work() as work:
        found = question_of(work, bank).open(MONDAY, agent=agent.id)
    starts = [slot.start for slot in found]
    told = truth.get(agent.email)
    if told == "unknown there":
        assert starts
        return
    if told is None or now - told[0] > 15 * MINUTE:
        assert starts == []
        return
    for start in starts:
        slot = Interval(start, start + 30 * MINUTE)
        assert not any(slot.overlaps(it) for it in told[1])


@pytest.mark.usefixtures("connection")
def test_how_long_a_reading_counts_follows_the_interval(bank, elsewhere, clock):
    bank.set(CACHE_INTERVAL, "30")
    poll.poll_if_due(bank.deps)

    clock.advance(90 * MINUTE)
    assert offered(bank)
    clock.advance(MINUTE)
    assert offered(bank) == []
    assert elsewhere.asked
