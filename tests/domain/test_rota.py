"""When many agents are on duty, against what is said of each alone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.hours import AgentHours, duty_intervals
from invo_booking.domain.interval import Interval, merge_intervals
from invo_booking.domain.slots.rota import DutyIndex
from invo_booking.domain.wall import floor_minute, instant_at
from tests.domain.institutions import ZONES, chance, for_all, moments

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
MONDAY = date(2026, 6, 1)
DAY = timedelta(days=1)
OFFICE = {weekday: ((time(9), time(17)),) for weekday in range(5)}
NIGHT = {**OFFICE, 0: ((time(22), time(0)),)}
TUESDAY_OFF = {MONDAY + DAY: ()}
LATE_TUESDAY = {MONDAY + DAY: ((time(12), time(20)),)}


def span(start, end):
    return Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))


NONE = frozenset()
AWAY = span("2026-06-01T10:00Z", "2026-06-01T11:00Z")
AFTERNOON = span("2026-06-01T14:00Z", "2026-06-01T15:00Z")
LATER = span("2026-06-01T11:30Z", "2026-06-01T12:00Z")


def on_duty(agents, window):
    """What the index says of each agent, as spans in UTC."""
    reach = floor_minute(window.start), floor_minute(window.end)
    index = DutyIndex(agents, reach)
    for owner in range(len(agents)):
        spans = index.near(np.array([owner]), *reach)
        yield merge_intervals(
            Interval(instant_at(start), instant_at(end))
            for start, end in zip(spans.start.tolist(), spans.end.tolist(), strict=True)
        )


def test_agents_who_share_most_of_their_hours_keep_what_is_their_own():
    agents = [
        AgentHours(BERLIN, OFFICE),
        AgentHours(NEW_YORK, OFFICE),
        AgentHours(BERLIN, NIGHT),
        AgentHours(BERLIN, OFFICE, TUESDAY_OFF),
        AgentHours(BERLIN, OFFICE, LATE_TUESDAY),
        AgentHours(BERLIN, OFFICE, time_off=(AWAY,)),
        AgentHours(BERLIN, OFFICE, time_off=(AWAY, LATER)),
        AgentHours(BERLIN, OFFICE, TUESDAY_OFF, (AWAY,)),
        AgentHours(BERLIN, OFFICE),
        AgentHours(NEW_YORK, OFFICE, time_off=(AFTERNOON,)),
    ]
    window = span("2026-05-30T00:00Z", "2026-06-06T00:00Z")

    found = list(on_duty(agents, window))

    assert found == [duty_intervals(it, window, NONE, BERLIN) for it in agents]
    assert len({tuple(it) for it in found}) == len(agents) - 1


def test_order_of_questions_does_not_matter():
    agents = [AgentHours(zone, OFFICE) for zone in (BERLIN, NEW_YORK, BERLIN)]
    window = span("2026-05-30T00:00Z", "2026-06-06T00:00Z")
    reach = floor_minute(window.start), floor_minute(window.end)
    at_once, apart = DutyIndex(agents, reach), DutyIndex(agents, reach)

    apart.near(np.array([1]), *reach)
    for index in (at_once, apart):
        found = index.near(np.arange(3), *reach)

        expected = [
            (number, floor_minute(it.start), floor_minute(it.end))
            for number, hours in enumerate(agents)
            for it in duty_intervals(hours, window, NONE, BERLIN)
        ]
        columns = (found.agent, found.start, found.end)
        assert list(zip(*(it.tolist() for it in columns), strict=True)) == expected


def around_a_clock_change(number):
    """Agents of two zones, one of them with time off."""
    dice = chance(number)
    zone, moment = moments()[number % len(moments())]
    first = moment.astimezone(UTC).replace(hour=0, minute=0, second=0) - DAY
    window = Interval(first, first + 3 * DAY)
    begin = first + dice.randrange(72) * timedelta(hours=1, seconds=-1)
    away = Interval(begin, begin + dice.randrange(1, 900) * timedelta(seconds=61))
    week = dict.fromkeys(range(7), dice.choice([*OFFICE.values(), *NIGHT.values()]))
    exceptions = {(first + DAY).date(): NIGHT[0]} if dice.randrange(2) else {}
    zones = [zone, ZoneInfo(dice.choice(ZONES)), zone]
    agents = [
        AgentHours(it, week, exceptions, off)
        for it, off in zip(zones, [(), (away,), (away,)], strict=True)
    ]
    return agents, window


@for_all(around_a_clock_change)
def test_agents_are_on_duty_together_as_each_is_alone(asked):
    agents, window = asked

    for one, found in zip(agents, on_duty(*asked), strict=True):
        shown = merge_intervals(
            Interval(whole(it.start, up=True), whole(it.end))
            for it in duty_intervals(one, window, NONE, BERLIN)
            if whole(it.start, up=True) < whole(it.end)
        )
        assert found == shown


def whole(instant, *, up=False):
    """The last whole minute up to an instant, or the first from it on."""
    floor = instant.replace(second=0, microsecond=0)
    return floor + timedelta(minutes=1) if up and floor < instant else floor


def test_nobody_is_on_duty_where_there_is_nobody():
    window = span("2026-06-01T00:00Z", "2026-06-02T00:00Z")
    assert list(on_duty([], window)) == []
