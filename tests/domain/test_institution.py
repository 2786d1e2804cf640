from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.hours import AgentHours
from invo_booking.domain.institution import Institution, Person, Queue, Roster
from tests.support.bank import MONDAY

MORTGAGES, CARDS = UUID(int=1), UUID(int=2)
PACIFIC = ZoneInfo("America/Los_Angeles")
INSTANT = timedelta(microseconds=1)
ANA = Person(
    id=UUID(int=9),
    name="Ana",
    email="ana@bank.example",
    active=True,
    roles=frozenset({Role.AGENT}),
    queues=frozenset({MORTGAGES}),
    languages=frozenset({"en"}),
    hours=AgentHours(zone=PACIFIC, weekly={}),
)
ROSTER = Roster(
    institution=Institution(
        name="Harbor", tagline="", phone="", zone=PACIFIC, country="US", revision=1
    ),
    holidays={},
    queues={MORTGAGES: Queue(id=MORTGAGES, name="Mortgages")},
    languages={"en": "English"},
    answers={},
    people={ANA.id: ANA},
)


def test_person_acts_with_their_own_rights_and_on_their_own_clock():
    actor = ANA.as_actor()

    assert (actor.id, actor.name, actor.email) == (ANA.id, "Ana", "ana@bank.example")
    assert (actor.roles, actor.queues) == (ANA.roles, ANA.queues)
    assert (actor.languages, actor.time_zone) == (ANA.languages, PACIFIC.key)


@pytest.mark.parametrize("left", [{"active": False}, {"queues": ()}, {"languages": ()}])
def test_agent_is_active_and_serves_a_queue_in_a_language(left):
    assert ROSTER.agents == [ANA]
    assert replace(ROSTER, people={ANA.id: replace(ANA, **left)}).agents == []


def test_what_is_gone_has_no_name():
    assert ROSTER.queue_name(MORTGAGES) == "Mortgages"
    assert ROSTER.queue_name(CARDS) == ""
    assert ROSTER.person_name(ANA.id) == "Ana"
    assert ROSTER.person_name(UUID(int=8)) == ""
    assert ROSTER.person_name(None) == ""


@pytest.mark.parametrize(
    ("until", "is_paused"),
    [
        (None, False),
        (MONDAY, False),
        (MONDAY + INSTANT, True),
        (MONDAY - INSTANT, False),
    ],
)
def test_connection_is_paused_until_the_instant_the_provider_named(until, is_paused):
    connection = Connection(
        id=UUID(int=3),
        provider="outlook",
        state=ConnectionState.CONNECTED,
        account="calendar@bank.example",
        connected_at=MONDAY,
        paused_until=until,
    )

    assert connection.is_paused(MONDAY) is is_paused


@pytest.mark.parametrize("state", ConnectionState)
def test_connection_waits_for_a_person_whom_nothing_else_can_help(state):
    connection = Connection(
        id=UUID(int=3),
        provider="outlook",
        state=state,
        account="calendar@bank.example",
        connected_at=MONDAY,
    )

    assert connection.needs_person is (state in {"reconnect", "permission"})
