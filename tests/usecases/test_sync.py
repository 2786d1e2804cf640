"""Reading agents' calendars: what is kept, when, by whom, and what it means."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from invo_booking.domain.busy_times import kept
from invo_booking.domain.connection import State
from invo_booking.domain.interval import Interval
from invo_booking.domain.provider_errors import (
    MailboxUnknownError,
    ProviderDownError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.reasons import Rule
from invo_booking.domain.roles import Role
from invo_booking.domain.slots import Group
from invo_booking.persistence.tables import PersonRow
from invo_booking.settings.calendars import CACHE_INTERVAL
from invo_booking.usecases import appointments, availability, booking, people, sync
from invo_booking.usecases.drafts import Change
from tests.obeyed.conftest import book, offered
from tests.support.bank import at
from tests.support.plain_calendar import PlainCalendar, PlainProvider, connected

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = Interval(at(0), at(24))
UNKNOWN = MailboxUnknownError("No such mailbox.")
SILENT = ProviderDownError("It does not answer.")


@pytest.fixture
def elsewhere():
    return PlainCalendar()


@pytest.fixture
def deps(deps, elsewhere):
    return replace(deps, providers={"outlook": PlainProvider(elsewhere)})


@pytest.fixture
def ana(bank):
    return bank.agent("Ana")


@pytest.fixture
def connection(bank, ana):
    assert ana
    return connected(bank)


def span(start, end, *, days=0):
    return Interval(at(start, days=days), at(end, days=days))


def known(bank):
    with bank.deps.unit_of_work() as work:
        return {it.mailbox: it for it in work.busy.calendars()}


def stored(bank, agent):
    """Return what is kept of an agent's calendar, earliest first."""
    with bank.deps.unit_of_work() as work:
        rows = work.session.connection().execute(
            text("SELECT starts_at, ends_at FROM busy_interval WHERE agent_id = :who"),
            {"who": agent.id},
        )
        return sorted(
            Interval(start.astimezone(UTC), end.astimezone(UTC)) for start, end in rows
        )


def state(bank):
    with bank.deps.unit_of_work() as work:
        return work.connections.active()


def run(bank, statement):
    with bank.deps.unit_of_work() as work:
        return work.session.connection().execute(text(statement))


def why(bank, start):
    """Return why a start is closed to the public, by rule."""
    with bank.deps.unit_of_work() as work:
        rules = rules_of(work, bank)
        with work.book(MONDAY, rules.now) as known_:
            reasons = known_.judge(rules, group_of(bank), start).reasons
    return {it.rule: it.sentence for it in reasons}


def group_of(bank):
    return Group(bank.queue_id, "en")


def rules_of(work, bank):
    """Return the rules for half an hour, as the public is held to them."""
    half = availability.Wanted(group_of(bank), 30 * MINUTE, 0 * MINUTE, 0 * MINUTE)
    return availability.rules_for(
        work.roster, work.settings, half, bank.clock(), public=True
    )


def test_nobody_is_free_before_the_first_reading_and_then_whoever_is(
    bank, elsewhere, connection, ana
):
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    assert offered(bank) == []
    assert "Ana (never read)" in why(bank, at(10))[Rule.CALENDAR_UNKNOWN]

    outcome = sync.tick(bank.deps)

    assert outcome.sentence == "1 of 1 calendars read."
    assert at(9, 30) in offered(bank)
    assert at(10, 30) not in offered(bank)
    assert at(12) in offered(bank)
    assert stored(bank, ana) == [span(10, 12)]
    assert connection.id == state(bank).id
    assert state(bank).succeeded_at == bank.clock()


@pytest.mark.usefixtures("connection")
def test_it_runs_when_it_is_due_and_not_before(bank, elsewhere, clock):
    assert sync.tick(bank.deps)
    assert sync.tick(bank.deps) is None
    clock.advance(4 * MINUTE)
    assert sync.tick(bank.deps) is None
    clock.advance(MINUTE)
    assert sync.tick(bank.deps)
    assert sync.tick(bank.deps, at_once=True)
    assert len(elsewhere.asked) % 3 == 0


def test_run_that_was_asked_for_meanwhile_follows_at_once(
    bank, elsewhere, connection, clock
):
    def somebody_presses():
        with bank.deps.unit_of_work() as work:
            work.connections.run_at(connection.id, clock())

    clock.advance(HOUR)
    elsewhere.meanwhile = somebody_presses
    assert sync.tick(bank.deps)
    elsewhere.meanwhile = lambda: None

    assert sync.tick(bank.deps)
    assert sync.tick(bank.deps) is None


def test_without_a_connection_to_the_provider_of_the_settings_nothing_runs(
    bank, elsewhere, ana
):
    assert ana
    assert sync.tick(bank.deps) is None
    connected(bank, provider="google")
    assert sync.tick(bank.deps) is None
    assert elsewhere.asked == []


@pytest.mark.usefixtures("connection")
def test_agent_whom_the_provider_does_not_know_is_listed_and_our_own_data_counts(
    bank, elsewhere, ana, clock
):
    elsewhere.problems["ana@bank.example"] = UNKNOWN

    outcome = sync.tick(bank.deps)

    assert outcome.sentence == "0 of 1 calendars read, 1 not known there."
    with bank.deps.unit_of_work() as work:
        (listed,) = work.busy.unknown()
    assert (listed.agent_id, listed.problem) == (ana.id, "No such mailbox.")
    assert state(bank).state is State.CONNECTED
    assert at(10) in offered(bank)
    booked = book(bank, at(10))
    assert at(10) not in offered(bank)
    assert booked
    clock.advance(DAY)
    assert at(10, days=1) in offered(bank, days=3)


@pytest.mark.usefixtures("connection")
def test_mailbox_that_is_not_known_is_asked_for_once_a_day(bank, elsewhere, clock):
    elsewhere.problems["ana@bank.example"] = UNKNOWN
    sync.tick(bank.deps)
    first = elsewhere.questions

    clock.advance(23 * HOUR)
    sync.tick(bank.deps)
    assert elsewhere.questions == first

    del elsewhere.problems["ana@bank.example"]
    clock.advance(HOUR)
    assert sync.tick(bank.deps).read == 1
    assert known(bank)["ana@bank.example"].registered


@pytest.mark.usefixtures("connection")
def test_mailbox_is_asked_for_as_soon_as_its_address_is_another(
    bank, elsewhere, ana, clock
):
    elsewhere.problems["ana@bank.example"] = UNKNOWN
    sync.tick(bank.deps)
    with bank.deps.unit_of_work() as work:
        work.session.get(PersonRow, ana.id).email = "ana.cruz@bank.example"
        work.roster_changed()
    clock.advance(5 * MINUTE)

    assert sync.tick(bank.deps).read == 1

    assert list(known(bank)) == ["ana.cruz@bank.example"]


@pytest.mark.usefixtures("connection")
def test_what_was_told_counts_while_a_calendar_does_not_answer_until_it_is_too_old(
    bank, elsewhere, clock
):
    bank.agent("Ben")
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    elsewhere.busy["ben@bank.example"] = [span(8, 17)]
    sync.tick(bank.deps)
    elsewhere.problems["ana@bank.example"] = SILENT

    clock.advance(15 * MINUTE)
    outcome = sync.tick(bank.deps)
    assert outcome.sentence == "1 of 2 calendars read, 1 without an answer."
    assert at(10, 30) not in offered(bank)
    assert at(13) in offered(bank)

    clock.advance(MINUTE)
    assert offered(bank) == []
    told = why(bank, at(13))[Rule.CALENDAR_UNKNOWN]
    assert "not read in the last 15 minutes" in told
    assert "Ana (last read 16 minutes ago: It does not answer)" in told


@pytest.mark.usefixtures("connection")
def test_error_never_makes_anybody_free(bank, elsewhere):
    elsewhere.problems["ana@bank.example"] = SILENT

    outcome = sync.tick(bank.deps)

    assert outcome.problem == "It does not answer."
    assert offered(bank) == []
    assert state(bank).state is State.DOWN
    assert known(bank)["ana@bank.example"].read_at is None


@pytest.mark.usefixtures("connection")
def test_entry_of_our_own_appointment_does_not_count_against_it(bank, elsewhere, ana):
    sync.tick(bank.deps)
    manager = bank.manager("Max")
    sync.tick(bank.deps, at_once=True)
    booked = book(bank, at(10)).appointment
    appointments.assign(bank.deps, manager, booked.id, ana.id)
    elsewhere.busy["ana@bank.example"] = [booked.period, span(13, 14)]

    sync.tick(bank.deps, at_once=True)

    assert stored(bank, ana) == [span(13, 14)]
    moved = appointments.change(
        bank.deps, manager, booked.id, Change(starts_at=at(10, 15))
    )
    assert moved.starts_at == at(10, 15)


@pytest.mark.usefixtures("connection")
def test_entry_of_our_own_is_known_wherever_it_stood_while_the_provider_looked(
    bank, elsewhere, ana
):
    sync.tick(bank.deps)
    manager = bank.manager("Max")
    sync.tick(bank.deps, at_once=True)
    booked = book(bank, at(10)).appointment
    appointments.assign(bank.deps, manager, booked.id, ana.id)
    elsewhere.busy["ana@bank.example"] = [booked.period]

    def moved_here():
        elsewhere.meanwhile = lambda: None
        appointments.change(bank.deps, manager, booked.id, Change(starts_at=at(15)))

    elsewhere.meanwhile = moved_here
    sync.tick(bank.deps, at_once=True)

    assert stored(bank, ana) == []


@pytest.mark.usefixtures("connection")
def test_entry_over_several_days_is_kept_day_by_day_of_utc(bank, elsewhere, ana):
    away = Interval(at(12), at(12, days=2))
    elsewhere.busy["ana@bank.example"] = [away]

    sync.tick(bank.deps)

    assert stored(bank, ana) == sorted(kept([away]))
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

    sync.tick(bank.deps)

    assert stored(bank, ana) == [entry]
    window = Interval(nine - 9 * HOUR, nine + 12 * HOUR)
    found = booking.offer_slots(bank.deps, bank.answer_id, "en", window)
    starts = [slot.start for slot in found.slots]
    assert starts[0] == nine + HOUR
    assert nine not in starts


@pytest.mark.usefixtures("connection")
def test_what_stays_the_same_is_not_written_again(bank, elsewhere, clock):
    elsewhere.busy["ana@bank.example"] = [span(10, 12), span(9, 10, days=30)]
    sync.tick(bank.deps)
    before = run(bank, "SELECT id FROM busy_interval ORDER BY id").all()
    sheets = run(bank, "SELECT max(changed) FROM day_sheet").scalar()
    first = shared_book(bank)

    clock.advance(5 * MINUTE)
    sync.tick(bank.deps)

    assert run(bank, "SELECT id FROM busy_interval ORDER BY id").all() == before
    assert run(bank, "SELECT max(changed) FROM day_sheet").scalar() == sheets
    assert known(bank)["ana@bank.example"].read_at == clock()
    assert shared_book(bank) is first
    clock.advance(15 * MINUTE)
    assert at(13) in offered(bank)


def shared_book(bank):
    with bank.deps.unit_of_work() as work, work.book(MONDAY, bank.clock()) as book_:
        return book_


@pytest.mark.usefixtures("connection")
def test_only_what_differs_is_written(bank, elsewhere, ana):
    elsewhere.busy["ana@bank.example"] = [span(10, 12), span(13, 14)]
    sync.tick(bank.deps)
    before = run(bank, "SELECT id FROM busy_interval ORDER BY id").scalars().all()

    elsewhere.busy["ana@bank.example"] = [span(10, 12), span(15, 16)]
    sync.tick(bank.deps, at_once=True)

    after = run(bank, "SELECT id FROM busy_interval ORDER BY id").scalars().all()
    assert len(set(before) & set(after)) == 1
    assert stored(bank, ana) == [span(10, 12), span(15, 16)]
    with bank.deps.unit_of_work() as work:
        assert work.sheets.wrong(at(0).date()) == []


@pytest.mark.usefixtures("connection")
def test_two_runs_never_overlap(bank, elsewhere):
    seen = []
    elsewhere.meanwhile = lambda: seen.append(sync.tick(bank.deps, at_once=True))

    assert sync.tick(bank.deps)

    assert set(seen) == {None}


def stopped_for_a_while(bank, elsewhere, clock, after=lambda: None):
    """Let a run stop within its question, and another one begin and end meanwhile."""

    def meanwhile():
        elsewhere.meanwhile = lambda: None
        clock.advance(2 * sync.LEASE)
        elsewhere.busy["ana@bank.example"] = [span(15, 16)]
        assert sync.tick(bank.deps, at_once=True).read == 1
        after()

    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    elsewhere.meanwhile = meanwhile
    return sync.tick(bank.deps)


@pytest.mark.usefixtures("connection")
def test_run_that_lost_its_lease_writes_nothing(bank, elsewhere, ana, clock):
    outcome = stopped_for_a_while(bank, elsewhere, clock)

    assert outcome.problem == "Another run has begun meanwhile."
    assert stored(bank, ana) == [span(15, 16)]


@pytest.mark.usefixtures("connection")
def test_without_the_number_of_the_lease_old_answers_would_replace_new_ones(
    bank, elsewhere, ana, clock
):
    stopped_for_a_while(
        bank,
        elsewhere,
        clock,
        after=lambda: run(bank, "UPDATE connection SET fence = fence - 1"),
    )

    assert stored(bank, ana) == [span(10, 12)]


def test_run_that_is_killed_loses_nothing_and_the_next_goes_on_where_it_stopped(
    bank, elsewhere, clock
):
    agents = [bank.agent(f"Agent{number}") for number in range(45)]
    connected(bank)
    calls = []

    def killed():
        calls.append(1)
        if len(calls) == 4:
            raise SystemExit

    elsewhere.meanwhile = killed
    with pytest.raises(SystemExit):
        sync.tick(bank.deps)
    elsewhere.meanwhile = lambda: None
    silent = {it.mailbox for it in known(bank).values() if it.read_at is None}
    assert 0 < len(silent) < len(agents)

    assert sync.tick(bank.deps) is None
    clock.advance(sync.LEASE)
    elsewhere.asked.clear()
    assert sync.tick(bank.deps).read == len(agents)
    assert elsewhere.asked[0][0] in silent
    assert all(it.read_at == clock() for it in known(bank).values())


def test_connection_that_is_ended_meanwhile_writes_nothing_more(
    bank, elsewhere, connection, ana
):
    def ended():
        with bank.deps.unit_of_work() as work:
            work.connections.end(connection.id, bank.clock())

    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    elsewhere.meanwhile = ended
    sync.tick(bank.deps)

    assert stored(bank, ana) == []
    assert known(bank)["ana@bank.example"].read_at is None


@pytest.mark.usefixtures("connection")
def test_agent_who_leaves_meanwhile_is_not_written_about(bank, elsewhere, ana):
    bank.agent("Sue", roles=(Role.SUPER_ADMIN,))
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]

    def leaves():
        elsewhere.meanwhile = lambda: None
        people.disable(bank.deps, "ana@bank.example")

    elsewhere.meanwhile = leaves
    assert sync.tick(bank.deps)

    assert "ana@bank.example" not in known(bank)
    assert stored(bank, ana) == []


@pytest.mark.usefixtures("connection")
def test_provider_that_asks_for_patience_is_left_alone_until_then(
    bank, elsewhere, clock
):
    sync.tick(bank.deps)
    clock.advance(5 * MINUTE)
    elsewhere.refusal = ThrottledError("Wait.", 10 * MINUTE)
    assert sync.tick(bank.deps).problem == "Wait."
    asked = len(elsewhere.asked)
    assert state(bank).state is State.THROTTLED

    clock.advance(9 * MINUTE)
    assert sync.tick(bank.deps, at_once=True) is None
    assert len(elsewhere.asked) == asked

    elsewhere.refusal = None
    clock.advance(MINUTE)
    assert sync.tick(bank.deps).read == 1
    assert state(bank).state is State.CONNECTED


@pytest.mark.usefixtures("connection")
def test_when_somebody_has_to_sign_in_again_it_is_tried_every_quarter_of_an_hour(
    bank, elsewhere, clock
):
    sync.tick(bank.deps)
    elsewhere.refusal = ReconnectError("Sign in again.")
    clock.advance(5 * MINUTE)
    sync.tick(bank.deps)
    assert state(bank).state is State.RECONNECT
    asked = len(elsewhere.asked)

    for _ in range(14):
        clock.advance(MINUTE)
        assert sync.tick(bank.deps) is None
    clock.advance(MINUTE)
    assert sync.tick(bank.deps).problem == "Sign in again."
    assert len(elsewhere.asked) == asked + 1
    assert offered(bank) == []


@pytest.mark.usefixtures("connection")
def test_mistake_of_ours_ends_the_run_and_not_the_ones_after_it(bank, elsewhere, clock):
    elsewhere.refusal = RuntimeError("a mistake")
    with pytest.raises(RuntimeError, match="a mistake"):
        sync.tick(bank.deps)
    assert "a reason of this product's own" in state(bank).problem
    assert sync.tick(bank.deps) is None

    elsewhere.refusal = None
    clock.advance(5 * MINUTE)
    assert sync.tick(bank.deps).read == 1


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
        if sync.tick(bank.deps, at_once=True):
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
        if problem is UNKNOWN or (
            truth.get(agent.email) == "unknown there" and agent.email in truth
        ):
            truth[agent.email] = "unknown there"
        elif problem is None:
            truth[agent.email] = (now, list(elsewhere.busy[agent.email]))


def check(bank, truth, agent, now):
    with bank.deps.unit_of_work() as work:
        found = availability.open_between(
            work, rules_of(work, bank), group_of(bank), MONDAY, agent.id
        )
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
    sync.tick(bank.deps)

    clock.advance(90 * MINUTE)
    assert offered(bank)
    clock.advance(MINUTE)
    assert offered(bank) == []
    assert elsewhere.asked
