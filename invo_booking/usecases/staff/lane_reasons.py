"""Which parts of the staff's calendar are closed, and why."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.institution import Answer, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.moments import earliest_moment, next_age_change, next_closing
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.domain.slots.search import AgentSupply, StartFinding
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import offers
from invo_booking.usecases.slots.question import SlotQuestion
from invo_booking.usecases.staff import agent_time
from invo_booking.usecases.staff.agent_time import Days, Span, SpanKind
from invo_booking.usecases.staff.calendar import UNASSIGNED, Board

_JUST_AFTER = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneReasons:
    """The parts of one lane.

    Attributes:
        subject: What would be booked, where that matters, as in ``Mortgage advice, 30
            minutes``; empty for an agent's lane.
        spans: Earliest first; of an agent's lane only the closed ones.
        changes_at: When a start becomes too soon to book, or past, on a queue's lane;
            when what is said of an outside calendar's age is said otherwise, or what
            was read is too old; ``None`` for never.
    """

    lane_id: str
    subject: str
    spans: tuple[Span, ...]
    changes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Supply:
    """Everybody's time around a window."""

    work: UnitOfWork
    window: Interval
    days: Days
    calendars: Sequence[AgentSupply]


def lane_reasons(
    deps: Deps,
    board: Board,
    window: Interval,
    answers: frozenset[UUID] = frozenset(),
) -> tuple[LaneReasons, ...]:
    """Return what is closed on each lane of a calendar, and why.

    Queues are judged by the rules for customers, agents by their own time alone.

    Args:
        deps: The product's parts.
        board: The calendar as somebody may see it; nothing is told of other lanes.
        window: Days shown.
        answers: Topics that stand for their queues; else a queue's first one does.
    """
    with deps.unit_of_work() as work:
        supply = _supply(deps, work, window)
        shown: defaultdict[str, list[Interval]] = defaultdict(list)
        for event in board.events:
            shown[event.lane_id].append(Interval(event.starts_at, event.ends_at))
        agents = {str(it.agent_id): it for it in supply.calendars}
        return tuple(
            _of_queue(supply, lane.id, answers)
            if ":" in lane.id
            else _of_agent(supply, lane.id, agents.get(lane.id), shown[lane.id])
            for lane in board.lanes
            if lane.id != UNASSIGNED
        )


def bookable_topics(roster: Roster, queue_id: UUID, language: str) -> list[Answer]:
    """Return the topics customers may book of a queue in a language, in order."""
    return [
        answer
        for answer in roster.answers.values()
        if answer.schedulable
        and answer.queue_id == queue_id
        and language in answer.languages
    ]


def _supply(deps: Deps, work: UnitOfWork, window: Interval) -> _Supply:
    with work.availability(window, deps.now()) as index:
        calendars = index.calendars(window)
    days = Days(
        zone=work.roster.institution.zone,
        now=deps.now(),
        holidays=work.roster.holidays,
        weekends_off=work.settings[time.WEEKENDS_OFF],
    )
    return _Supply(work, window, days, calendars)


def _of_agent(
    supply: _Supply,
    lane_id: str,
    calendar: AgentSupply | None,
    shown: Iterable[Interval],
) -> LaneReasons:
    spans = (
        agent_time.unavailable_spans(calendar, supply.window, shown, supply.days)
        if calendar
        else ()
    )
    readings = [calendar] if calendar else []
    return LaneReasons(
        lane_id=lane_id,
        subject="",
        spans=tuple(spans),
        changes_at=_next_age(readings, supply.days.now),
    )


def _of_queue(supply: _Supply, lane_id: str, chosen: frozenset[UUID]) -> LaneReasons:
    queue, _, language = lane_id.partition(":")
    found = bookable_topics(supply.work.roster, UUID(queue), language)
    answer = next((it for it in found if it.id in chosen), next(iter(found), None))
    if answer is None:
        return LaneReasons(lane_id=lane_id, subject="", spans=_no_topic(supply))
    minutes = offers.answer_length(answer, supply.work.settings) // timedelta(minutes=1)
    return LaneReasons(
        lane_id=lane_id,
        subject=f"{answer.title}, {minutes} minutes",
        spans=tuple(_join_spans(_judge_lane(supply, answer, language), supply)),
        changes_at=earliest_moment(
            [_next_closing(supply), _next_age(supply.calendars, supply.days.now)]
        ),
    )


def _next_age(calendars: Iterable[AgentSupply], now: datetime) -> datetime | None:
    """Return when the age of an outside calendar that is told of is another one."""
    moments: list[datetime] = []
    for reading, busy in ((it.reading, it.busy) for it in calendars):
        if reading is None or reading.read_at is None:
            continue
        if busy or not reading.is_known(now):
            moments.append(next_age_change(reading.read_at, now))
        if reading.is_known(now):
            moments.append(reading.read_at + reading.limit + _JUST_AFTER)
    return earliest_moment(moments)


def _next_closing(supply: _Supply) -> datetime:
    settings, days = supply.work.settings, supply.days
    spans = timedelta(), settings[time.PUBLIC_WINDOW]
    step = settings[time.INTERVAL]
    return min(next_closing(days.now, ahead, step, days.zone) for ahead in spans)


def _no_topic(supply: _Supply) -> tuple[Span, ...]:
    sentence = "No topic of this queue is offered to customers in this language."
    return tuple(
        Span(
            kind=SpanKind.SHUT,
            starts_at=part.start,
            ends_at=part.end,
            word="No topic",
            sentences=(sentence,),
        )
        for _, part in supply.days.split(supply.window)
    )


def _judge_lane(
    supply: _Supply, answer: Answer, language: str
) -> Sequence[StartFinding]:
    work = supply.work
    wanted = offers.slot_request(answer, work.settings, language)
    question = SlotQuestion.of_public(work, wanted, supply.days.now)
    return question.survey(supply.window)


def _join_spans(found: Sequence[StartFinding], supply: _Supply) -> Iterable[Span]:
    """Join neighboring starts of one date of which the same is true."""
    zone = supply.days.zone
    ends = [it.start for it in found[1:]] + [supply.window.end]
    pairs = zip(found, ends, strict=True)
    for _, group in groupby(pairs, lambda pair: _same(pair[0], zone)):
        alike = list(group)
        first, end = alike[0][0], alike[-1][1]
        yield Span(
            kind=SpanKind.OPEN if first.open else SpanKind.SHUT,
            starts_at=first.start,
            ends_at=end,
            word=_word(first),
            sentences=tuple(reason.sentence for reason in first.reasons),
        )


def _same(found: StartFinding, zone: ZoneInfo) -> Hashable:
    day = found.start.astimezone(zone).date()
    return day, found.reasons, found.free, found.designated


def _word(found: StartFinding) -> str:
    if found.open:
        return f"{found.free} free"
    first = found.reasons[0]
    if first.rule is ClosingRule.HOLIDAY and first.detail:
        return first.detail
    return _WORDS.get(first.rule, f"{found.free} of {found.designated}")


_WORDS = {
    ClosingRule.PAST: "Past",
    ClosingRule.EARLIEST_DAY: "Too soon",
    ClosingRule.DISABLED_WINDOW: "Too soon",
    ClosingRule.BEYOND_HORIZON: "Too far",
    ClosingRule.WEEKEND: "Weekend",
    ClosingRule.HOLIDAY: "Holiday",
    ClosingRule.NOBODY_DESIGNATED: "Nobody",
    ClosingRule.OUTSIDE_HOURS: "Off duty",
    ClosingRule.CALENDAR_UNKNOWN: "Unknown",
}
