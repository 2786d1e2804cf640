"""Runs that read calendars: when, one at a time, and what ends them."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import ReconnectError, ThrottledError
from invo_booking.persistence.tables.outside import ConnectionRow
from invo_booking.usecases.admin import people
from invo_booking.usecases.calendars import poll, run_lease
from tests.obeyed.conftest import offered
from tests.support.plain_calendar import connected
from tests.support.plain_fixtures import deps, elsewhere
from tests.support.readings import known, run, span, state, stored
from tests.support.servers import until

__all__ = ["deps", "elsewhere"]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def connection(bank, ana):
    assert ana
    return connected(bank)


@pytest.mark.usefixtures("connection")
def test_it_runs_when_it_is_due_and_not_before(bank, elsewhere, clock):
    assert poll.poll_if_due(bank.deps)
    assert poll.poll_if_due(bank.deps) is None
    clock.advance(4 * MINUTE)
    assert poll.poll_if_due(bank.deps) is None
    clock.advance(MINUTE)
    assert poll.poll_if_due(bank.deps)
    assert poll.poll_if_due(bank.deps, at_once=True)
    assert len(elsewhere.asked) % 3 == 0


def test_run_that_was_asked_for_meanwhile_follows_at_once(
    bank, elsewhere, connection, clock
):
    def somebody_presses():
        with bank.deps.unit_of_work() as work:
            work.connections.schedule_run(connection.id, clock())

    clock.advance(HOUR)
    elsewhere.meanwhile = somebody_presses
    assert poll.poll_if_due(bank.deps)
    elsewhere.meanwhile = lambda: None

    assert poll.poll_if_due(bank.deps)
    assert poll.poll_if_due(bank.deps) is None


def test_without_a_connection_to_the_provider_of_the_settings_nothing_runs(
    bank, elsewhere, ana
):
    assert ana
    assert poll.poll_if_due(bank.deps) is None
    connected(bank, provider="google")
    assert poll.poll_if_due(bank.deps) is None
    assert elsewhere.asked == []


@pytest.mark.usefixtures("connection")
def test_two_runs_never_overlap(bank, elsewhere):
    seen = []
    elsewhere.meanwhile = lambda: seen.append(poll.poll_if_due(bank.deps, at_once=True))

    assert poll.poll_if_due(bank.deps)

    assert set(seen) == {None}


def stopped_for_a_while(bank, elsewhere, clock, after=lambda: None):
    """Let a run stop within its question, and another one begin and end meanwhile."""

    def meanwhile():
        elsewhere.meanwhile = lambda: None
        clock.advance(2 * run_lease.LEASE)
        elsewhere.busy["ana@bank.example"] = [span(15, 16)]
        assert poll.poll_if_due(bank.deps, at_once=True).read == 1
        after()

    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    elsewhere.meanwhile = meanwhile
    return poll.poll_if_due(bank.deps)


def leased_until(bank):
    with bank.deps.unit_of_work() as work:
        (row,) = work.session.exec(select(ConnectionRow))
        return row.leased_until


@pytest.mark.usefixtures("connection")
def test_run_that_lost_its_lease_writes_nothing(bank, elsewhere, ana, clock):
    outcome = stopped_for_a_while(bank, elsewhere, clock)

    assert outcome.problem == "Another run has begun meanwhile."
    assert stored(bank, ana) == [span(15, 16)]


@pytest.mark.usefixtures("connection")
def test_lease_is_renewed_further_after_the_database_failed_once(bank, monkeypatch):
    monkeypatch.setattr(run_lease, "RENEWED_EVERY", 0.01)
    run_now = poll._begin_run(bank.deps, at_once=True)  # noqa: SLF001
    done, tries = threading.Event(), []

    def begin(caller):
        tries.append(len(tries))
        if len(tries) == 1:
            raise OperationalError("SELECT 1", {}, Exception("it restarts"))
        done.set()
        return bank.deps.begin(caller)

    before = leased_until(bank)
    bank.clock.advance(timedelta(seconds=20))
    run_lease._renew(  # noqa: SLF001
        replace(bank.deps, begin=begin), run_now.connection.id, run_now.fence, done
    )

    assert tries == [0, 1]
    assert leased_until(bank) == before + timedelta(seconds=20)


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
        if len(calls) > 3:  # by then a batch was read in all its windows
            until(lambda: any(it.read_at for it in known(bank).values()))
            raise SystemExit

    elsewhere.meanwhile = killed
    with pytest.raises(SystemExit):
        poll.poll_if_due(bank.deps)
    elsewhere.meanwhile = lambda: None
    silent = {it.mailbox for it in known(bank).values() if it.read_at is None}
    assert 0 < len(silent) < len(agents)

    assert poll.poll_if_due(bank.deps) is None
    clock.advance(run_lease.LEASE)
    elsewhere.asked.clear()
    assert poll.poll_if_due(bank.deps).read == len(agents)
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
    poll.poll_if_due(bank.deps)

    assert stored(bank, ana) == []
    assert known(bank)["ana@bank.example"].read_at is None


@pytest.mark.usefixtures("connection")
def test_agent_who_leaves_meanwhile_is_not_written_about(bank, elsewhere, ana):
    bank.agent("Sue", roles=(Role.SUPER_ADMIN,))
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]

    def leaves():
        elsewhere.meanwhile = lambda: None
        people.disable_person(bank.deps, "ana@bank.example")

    elsewhere.meanwhile = leaves
    assert poll.poll_if_due(bank.deps)

    assert "ana@bank.example" not in known(bank)
    assert stored(bank, ana) == []


@pytest.mark.usefixtures("connection")
def test_provider_that_asks_for_patience_is_left_alone_until_then(
    bank, elsewhere, clock
):
    poll.poll_if_due(bank.deps)
    clock.advance(5 * MINUTE)
    elsewhere.refusal = ThrottledError("Wait.", 10 * MINUTE)
    assert poll.poll_if_due(bank.deps).problem == "Wait."
    asked = len(elsewhere.asked)
    assert state(bank).state is ConnectionState.THROTTLED

    clock.advance(9 * MINUTE)
    assert poll.poll_if_due(bank.deps, at_once=True) is None
    assert len(elsewhere.asked) == asked

    elsewhere.refusal = None
    clock.advance(MINUTE)
    assert poll.poll_if_due(bank.deps).read == 1
    assert state(bank).state is ConnectionState.CONNECTED


@pytest.mark.usefixtures("connection")
def test_when_somebody_has_to_sign_in_again_it_is_tried_every_quarter_of_an_hour(
    bank, elsewhere, clock
):
    poll.poll_if_due(bank.deps)
    elsewhere.refusal = ReconnectError("Sign in again.")
    clock.advance(5 * MINUTE)
    poll.poll_if_due(bank.deps)
    assert state(bank).state is ConnectionState.RECONNECT
    asked = len(elsewhere.asked)

    for _ in range(14):
        clock.advance(MINUTE)
        assert poll.poll_if_due(bank.deps) is None
    clock.advance(MINUTE)
    assert poll.poll_if_due(bank.deps).problem == "Sign in again."
    assert len(elsewhere.asked) == asked + 1
    assert offered(bank) == []


@pytest.mark.usefixtures("connection")
def test_mistake_of_ours_ends_the_run_and_not_the_ones_after_it(bank, elsewhere, clock):
    elsewhere.refusal = RuntimeError("a mistake")
    with pytest.raises(RuntimeError, match="a mistake"):
        poll.poll_if_due(bank.deps)
    assert "because of an error in Invo Booking" in state(bank).problem
    assert poll.poll_if_due(bank.deps) is None

    elsewhere.refusal = None
    clock.advance(5 * MINUTE)
    assert poll.poll_if_due(bank.deps).read == 1
