"""Ids, versions and links that are longer than what can be stored."""

from dataclasses import replace

import pytest

from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.calendars.outside import (
    LONGEST_EVENT_ID,
    LONGEST_JOIN_URL,
    LONGEST_VERSION,
)
from invo_booking.domain.interval import Interval
from invo_booking.texts import say
from invo_booking.usecases.calendars.host.writing import UNUSABLE
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.support.host_calendar import connected, kept, poll, write
from tests.support.host_fixtures import deps, host, max_
from tests.usecases.test_appointments import draft

__all__ = ["deps", "host", "max_"]

FIELDS = {
    "version": "v" * (LONGEST_VERSION + 1),
    "uid": "u" * (LONGEST_EVENT_ID + 1),
    "join_url": f"https://{'j' * LONGEST_JOIN_URL}",
}
too_long = pytest.mark.parametrize(("field", "text"), FIELDS.items())


@pytest.fixture
def made(bank, max_, ana):
    connected(bank)
    return appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), agent_id=ana.id)
    )


def lengthen(host, event_id, field, text):
    kept_event = host.kept[event_id]
    kept_event.event = replace(kept_event.event, **{field: text})
    return kept_event.event


@too_long
def test_answer_to_a_writing_is_refused_and_shown(deps, host, made, field, text):
    create = host.create
    host.create = lambda plan: lengthen(host, create(plan).id, field, text)

    write(deps)

    stored = kept(deps, made)
    assert (stored.state, stored.problem) == (EventState.REFUSED, say(UNUSABLE))


@too_long
def test_listed_event_keeps_nobody_from_the_others(bank, host, made, max_, field, text):
    other = appointments.create_appointment(bank.deps, max_, draft(bank, at(12)))
    deps = bank.deps
    write(deps)
    lengthen(host, kept(deps, made).event_id, field, text)
    host.move(kept(deps, other).event_id, Interval(at(14), at(14, 30)))

    assert poll(deps, host) == 1

    assert kept(deps, made).state is EventState.WRITTEN
    with deps.unit_of_work() as work:
        note = work.connections.active().unreadable
    assert note.startswith("1 event of the host calendar")
