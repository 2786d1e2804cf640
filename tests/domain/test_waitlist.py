"""Who competes with whom for agents, of all that wait."""

from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.days import AgentBusy, AppointmentKey
from invo_booking.domain.slots.matching import Claim
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.slots.waiting import Claimant, Waitlist
from invo_booking.domain.wall import instant_at

CARDS, LOANS = (Group(UUID(int=number), "en") for number in (1, 2))
BOTH = frozenset({CARDS, LOANS})
MORNING = [(100, 130, 0, 10), (140, 170, 0, 0), (165, 200, 5, 5)]
NOON = [(300, 330, 20, 0)]
EVENING = [(500, 530, 0, 0), (400, 520, 0, 0)]
"""Three crowds: in the morning one follows the other, in the evening they overlap."""


def rows(spans):
    return np.array([(*it, 0) for it in spans], np.int32).reshape(-1, 5)


def at(*minutes):
    return np.array(minutes, np.int64)


def claimants(group, spans):
    return {Claimant(Claim(*it), group) for it in spans}


@pytest.fixture
def waitlist():
    waitlist = Waitlist()
    load(waitlist, CARDS, [*NOON, *EVENING[:1], *MORNING[:2]])
    load(waitlist, LOANS, [*EVENING[1:], *MORNING[2:]])
    return waitlist


def load(waitlist, group, spans):
    waitlist.load([AgentBusy(group.queue_id, group.language, rows(spans))])


def linked(waitlist):
    """The whole morning, one after the other, and the evening."""
    waitlist.replace(CARDS, 140, 141, rows([(139, 170, 0, 0)]))
    return waitlist


def test_all_of_a_crowd_is_found_wherever_it_is_met(waitlist):
    evening = claimants(CARDS, EVENING[:1]) | claimants(LOANS, EVENING[1:])

    assert set(waitlist.around(at(529), at(900), BOTH)) == evening
    assert set(waitlist.around(at(350), at(401), BOTH)) == evening
    assert waitlist.around(at(530), at(900), BOTH) == []
    assert waitlist.around(at(331), at(400), BOTH) == []


def test_who_waits_in_another_group_is_in_no_crowd(waitlist):
    only = frozenset({CARDS})

    assert set(waitlist.around(at(350), at(401), only)) == set()
    assert set(waitlist.around(at(529), at(900), only)) == claimants(CARDS, EVENING[:1])
    assert waitlist.around(at(0), at(900), frozenset()) == []


def test_spans_find_their_own_crowds_and_none_between(waitlist):
    found = waitlist.around(at(0, 450), at(101, 460), BOTH)

    assert set(found) == (
        claimants(CARDS, [*MORNING[:1], *EVENING[:1]]) | claimants(LOANS, EVENING[1:])
    )
    assert len(found) == 3


def test_time_kept_free_belongs_to_a_crowd(waitlist):
    noon = claimants(CARDS, NOON)

    assert waitlist.around(at(200), at(281), BOTH) != []
    assert set(waitlist.around(at(250), at(281), BOTH)) == noon
    assert waitlist.around(at(205), at(280), BOTH) == []


def test_crowds_that_only_touch_are_two(waitlist):
    assert set(waitlist.around(at(120), at(121), BOTH)) == claimants(CARDS, MORNING[:1])

    morning = claimants(CARDS, [MORNING[0], (139, 170, 0, 0)])
    morning |= claimants(LOANS, MORNING[2:])
    assert set(linked(waitlist).around(at(120), at(121), BOTH)) == morning


def test_span_is_widened_to_the_crowds_it_meets(waitlist):
    assert waitlist.hull(120, 121) == (100, 140)
    assert waitlist.hull(120, 141) == (100, 205)
    assert waitlist.hull(90, 290) == (90, 330)
    assert waitlist.hull(410, 420) == (400, 530)
    assert waitlist.hull(210, 220) == (210, 220)
    assert waitlist.hull(600, 700) == (600, 700)
    assert Waitlist().hull(1, 2) == (1, 2)


def test_only_who_starts_between_two_minutes_is_replaced(waitlist):
    assert waitlist.rows_between(CARDS, 100, 300).tolist() == rows(MORNING[:2]).tolist()
    assert waitlist.rows_between(CARDS, 300, 500).tolist() == rows(NOON).tolist()
    changes = waitlist.changes

    waitlist.replace(CARDS, 100, 300, rows([(310, 340, 0, 0)]))

    assert waitlist.rows_between(CARDS, 0, 999).tolist() == (
        rows([*NOON, *EVENING[:1], (310, 340, 0, 0)]).tolist()
    )
    assert waitlist.changes > changes
    assert waitlist.around(at(0), at(130), BOTH) == []


def test_appointment_that_is_taken_from_its_agent_waits_in_its_own_group():
    key = AppointmentKey(
        agent_id=UUID(int=9),
        group=LOANS,
        period=Interval(instant_at(300), instant_at(330)),
        before=timedelta(minutes=20),
        after=timedelta(minutes=5),
    )

    assert Claimant.of(key) == Claimant(Claim(300, 330, 20, 5), LOANS)


def test_group_in_which_nobody_waits_is_none():
    waitlist = Waitlist()
    assert waitlist.rows_between(CARDS, 0, 999).tolist() == []
    waitlist.replace(CARDS, 0, 999, rows(NOON))
    load(waitlist, LOANS, [])

    assert waitlist.groups() == [CARDS]
    one = waitlist.of(np.array([True]))
    assert (one.agent, one.start, one.end, one.before, one.after) == (
        0,
        300,
        330,
        20,
        0,
    )
