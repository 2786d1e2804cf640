"""Reading agents' calendars from Microsoft's Graph, on good days and bad ones."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.provider import LIMITS, Microsoft
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY, TWO_WAY
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import connections, poll, push
from invo_booking.usecases.calendars.free_busy import Patience
from invo_booking.usecases.staff import appointments
from tests.obeyed.conftest import book, offered
from tests.support.bank import at, confirm
from tests.support.connecting import ACCOUNT, reaching, register, sign_in
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.support.readings import known, span, state, stored

__all__ = ["outlook", "outlook_server"]

MINUTE = timedelta(minutes=1)
SCHEDULE = "/me/calendar/getSchedule"
PATIENCE = Patience(seconds=60, pause=0.02)
CALL_SECONDS = 5.0  # more than a call that is answered takes on a busy machine


@pytest.fixture
def deps(deps, outlook):
    parts = reaching(deps, outlook)
    impatient = Microsoft(
        VendorClient("Microsoft", ca_file=parts.config.ca_file, now=parts.now),
        authority=parts.config.microsoft_authority,
        graph=parts.config.graph_url,
        limits=replace(LIMITS, call_seconds=CALL_SECONDS),
    )
    return replace(parts, providers={"outlook": impatient})


@pytest.fixture
def grace(bank):
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())


@pytest.fixture
def agents(bank):
    """More agents than one question may name."""
    return [bank.agent(f"Agent{number}") for number in range(45)]


@pytest.fixture
def connect(bank, outlook, grace):
    """Connect the bank, whose calendars count then."""

    def signed_in():
        register(bank, outlook)
        bank.set(COMPUTE_AVAILABILITY, "on")
        return sign_in(bank.deps, grace, outlook)

    return signed_in


def tick(bank):
    return poll.poll_if_due(bank.deps, patience=PATIENCE)


def test_everybody_is_read_in_windows_and_batches(bank, outlook, agents, connect):
    outlook.busy("agent3@bank.example", at(10), at(12))
    outlook.busy("agent7@bank.example", at(9), at(10), status="tentative")
    outlook.busy("agent7@bank.example", at(11), at(12), status="free")
    outlook.busy("agent9@bank.example", at(9, days=50), at(10, days=50), status="oof")
    outlook.unknown("agent44@bank.example")
    connect()

    outcome = tick(bank)

    assert outcome.sentence == "44 of 45 calendars read, 1 not known there."
    assert stored(bank, agents[3]) == [span(10, 12)]
    assert stored(bank, agents[7]) == [span(9, 10)]
    assert stored(bank, agents[9]) == [span(9, 10, days=50)]
    assert len(outlook.calls_to("POST", SCHEDULE)) == 2 * 3
    assert outlook.most_at_once <= 4
    assert state(bank).state is ConnectionState.CONNECTED


def test_mailbox_that_never_answers_is_reported_and_delays_nobody_for_long(
    bank, outlook, agents, connect, clock
):
    connect()
    tick(bank)
    for agent in agents:
        outlook.busy(agent.email, at(10), at(12))
    hanging = agents[5].email
    outlook.misbehave("POST", SCHEDULE, hang=True, mailbox=hanging, times=None)
    clock.advance(5 * MINUTE)

    outcome = tick(bank)
    outlook.behave()

    assert outcome.sentence == "44 of 45 calendars read, 1 without an answer."
    assert stored(bank, agents[5]) == []
    assert all(stored(bank, it) == [span(10, 12)] for it in agents if it != agents[5])
    assert known(bank)[hanging].problem
    assert known(bank)[hanging].read_at == clock() - 5 * MINUTE
    assert state(bank).state is ConnectionState.CONNECTED


@pytest.mark.usefixtures("agents")
def test_mailbox_that_fails_within_a_batch_costs_the_others_nothing(
    bank, outlook, connect
):
    outlook.mailbox_fails("agent5@bank.example")
    connect()

    outcome = tick(bank)

    assert outcome.sentence == "44 of 45 calendars read, 1 without an answer."
    assert known(bank)["agent5@bank.example"].read_at is None


def test_after_a_third_of_all_calls_failed_everything_is_read_in_the_end(
    bank, outlook, agents, connect, clock
):
    connect()
    outlook.misbehave("POST", SCHEDULE, status=503, chance=0.3, times=None)
    for _ in range(3):
        tick(bank)
        clock.advance(5 * MINUTE)
    outlook.behave()
    for agent in agents:
        outlook.busy(agent.email, at(10), at(12))

    assert tick(bank).read == len(agents)

    assert all(stored(bank, agent) == [span(10, 12)] for agent in agents)
    assert state(bank).state is ConnectionState.CONNECTED


@pytest.mark.usefixtures("agents")
def test_when_microsoft_is_down_nobody_becomes_free_and_it_is_shown(
    bank, outlook, connect, clock
):
    connect()
    tick(bank)
    outlook.misbehave("POST", SCHEDULE, status=500, times=None)
    clock.advance(5 * MINUTE)

    assert tick(bank).problem
    assert state(bank).state is ConnectionState.DOWN
    clock.advance(11 * MINUTE)
    assert offered(bank) == []

    outlook.behave()
    assert tick(bank).problem == ""
    assert state(bank).state is ConnectionState.CONNECTED
    assert offered(bank)


@pytest.mark.usefixtures("agents")
def test_when_microsoft_asks_for_patience_it_gets_it(bank, outlook, connect, clock):
    connect()
    tick(bank)
    outlook.misbehave("POST", SCHEDULE, status=429, retry_after=600, times=1)
    clock.advance(5 * MINUTE)

    tick(bank)
    calls = len(outlook.calls)
    assert state(bank).state is ConnectionState.THROTTLED
    clock.advance(9 * MINUTE)
    assert tick(bank) is None
    assert len(outlook.calls) == calls
    clock.advance(2 * MINUTE)
    assert tick(bank).problem == ""


@pytest.mark.usefixtures("agents")
def test_when_the_grant_is_revoked_administrators_are_told_once_and_it_is_left_alone(
    bank, outlook, connect, clock
):
    connect()
    tick(bank)
    outlook.revoke(ACCOUNT)
    clock.advance(5 * MINUTE)

    assert tick(bank).problem
    assert state(bank).state is ConnectionState.RECONNECT
    told = notices(bank)
    calls = len(outlook.calls)
    for _ in range(14):
        clock.advance(MINUTE)
        assert tick(bank) is None
    assert len(outlook.calls) == calls
    assert offered(bank) == []
    clock.advance(MINUTE)
    assert tick(bank).problem
    assert notices(bank) == told == 1


def notices(bank):
    with bank.deps.unit_of_work() as work:
        return (
            work.session.connection()
            .exec_driver_sql("SELECT count(*) FROM outbox WHERE kind = 'notice'")
            .scalar()
        )


def test_appointment_written_to_outlook_is_not_in_its_own_way(
    bank, outlook, connect, grace, clock
):
    ana = bank.agent("Ana")
    manager = bank.manager("Max", languages=())
    group = outlook.group(owners=(ACCOUNT,))
    connect()
    connections.choose_host_calendar(bank.deps, grace, group)
    bank.set(TWO_WAY, "on")
    tick(bank)
    booked = book(bank, at(10))
    confirm(bank.deps, booked.token)
    appointments.assign_appointment(bank.deps, manager, booked.appointment.id, ana.id)
    push.write_due_events(bank.deps, limit=10)
    assert len(outlook.schedule_of(ana.email)) == 1
    clock.advance(5 * MINUTE)

    assert tick(bank).read == 1

    assert stored(bank, ana) == []
    moved = appointments.change_appointment(
        bank.deps,
        manager,
        booked.appointment.id,
        AppointmentChange(starts_at=at(10, 15)),
    )
    assert moved.starts_at == at(10, 15)


def test_appointment_moved_in_outlook_moves_here_although_its_agent_looks_busy_there(
    bank, outlook, connect, grace, clock
):
    ana = bank.agent("Ana")
    manager = bank.manager("Max", languages=())
    group = outlook.group(owners=(ACCOUNT,))
    connect()
    connections.choose_host_calendar(bank.deps, grace, group)
    bank.set(TWO_WAY, "on")
    tick(bank)
    booked = book(bank, at(10))
    confirm(bank.deps, booked.token)
    appointments.assign_appointment(bank.deps, manager, booked.appointment.id, ana.id)
    push.write_due_events(bank.deps, limit=10)
    (event,) = outlook.events(group)
    clock.advance(5 * MINUTE)
    outlook.move(event["id"], at(14), at(14, 30))
    with bank.deps.unit_of_work() as work:  # as read before we knew
        work.busy.record_busy(
            ana.id, [span(14, 15).widen(0 * MINUTE, -30 * MINUTE)], clock()
        )

    tick(bank)

    with bank.deps.unit_of_work() as work:
        assert work.appointments.get(booked.appointment.id).starts_at == at(14)
    assert stored(bank, ana) == []
