"""Explain which parts of a staff calendar's lanes are closed, and why."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.institution import Answer, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.moments import (
    earliest_moment,
    next_age_change,
    next_closing,
)
from invo_booking.domain.slots.reasons import ClosingRule, Reason
from invo_booking.domain.slots.search import AgentSupply, StartFinding
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import offers
from invo_booking.usecases.slots.question import SlotQuestion
from invo_booking.usecases.staff import agent_time
from invo_booking.usecases.staff.agent_time import Days, Span, SpanKind
from invo_booking.usecases.staff.calendar import UNASSIGNED, Board

_JUST_AFTER = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneReasons:
    """The open and closed parts of one lane.

    Attributes:
        subject: Answer and length for which the starts of a queue's lane are judged,
            such as ``Mortgage advice, 30 minutes``. Empty for an agent's lane, or if
            the queue has no bookable Answer.
        spans: The parts, earliest first. An agent's lane has only closed parts.
        changes_at: When the passing of time next changes the parts, in UTC: when a
            start passes or becomes too soon to book, or when the text about a
            calendar's age changes. ``None`` for never.
    """

    lane_id: str
    subject: str
    spans: tuple[Span, ...]
    changes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Supply:
    """The data from which lanes are explained."""

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
    """Return the parts of each lane of a calendar, with reasons for closed parts.

    In a queue's lane, the rules for customers decide which parts are closed. In an
    agent's lane, the agent's working hours, appointments and outside calendar decide.

    Args:
        board: The actor's calendar, with the lanes to explain.
        window: Span to explain, in UTC.
        answers: Answers for which the lanes of their queues are judged. The lanes of
            other queues are judged for the queue's first bookable Answer.
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
    """Return a queue's bookable Answers in a language, in the administrators' order."""
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
    topics = bookable_topics(supply.work.roster, UUID(queue), language)
    answer = next((it for it in topics if it.id in chosen), next(iter(topics), None))
    if answer is None:
        return LaneReasons(lane_id=lane_id, subject="", spans=_no_topic(supply))
    minutes = offers.answer_length(answer, supply.work.settings) // timedelta(minutes=1)
    return LaneReasons(
        lane_id=lane_id,
        subject=say("staff.lane_reasons.minutes", title=answer.title, minutes=minutes),
        spans=tuple(_join_spans(_judge_lane(supply, answer, language), supply)),
        changes_at=earliest_moment(
            [_next_closing(supply), _next_age(supply.calendars, supply.days.now)]
        ),
    )


def _next_age(calendars: Iterable[AgentSupply], now: datetime) -> datetime | None:
    """Return when a text about the age of an outside calendar changes next."""
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
    sentence = say("staff.lane_reasons.no_topic_help")
    return tuple(
        Span(
            kind=SpanKind.SHUT,
            starts_at=part.start,
            ends_at=part.end,
            word=say("staff.lane_reasons.no_topic"),
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


def _join_spans(findings: Sequence[StartFinding], supply: _Supply) -> Iterable[Span]:
    """Join consecutive starts with the same date and state into spans."""
    zone = supply.days.zone
    ends = [it.start for it in findings[1:]] + [supply.window.end]
    pairs = zip(findings, ends, strict=True)
    for _, group in groupby(pairs, lambda pair: _same(pair[0], zone)):
        alike = list(group)
        first, end = alike[0][0], alike[-1][1]
        yield Span(
            kind=SpanKind.OPEN if first.open else SpanKind.SHUT,
            starts_at=first.start,
            ends_at=end,
            word=_word(first),
            sentences=tuple(reason.sentence for reason in _reasons_to_show(first)),
        )


def _same(finding: StartFinding, zone: ZoneInfo) -> Hashable:
    day, reasons = finding.start.astimezone(zone).date(), _reasons_to_show(finding)
    if reasons and reasons[0].rule in _WHOLE_DAYS:
        return day, reasons
    return day, reasons, finding.free, finding.designated


def _reasons_to_show(finding: StartFinding) -> Sequence[Reason]:
    """Return the reasons to show: on a closed day, only that the day is closed."""
    is_closed = finding.reasons and finding.reasons[0].rule in _WHOLE_DAYS
    return finding.reasons[:1] if is_closed else finding.reasons


def _word(finding: StartFinding) -> str:
    if finding.open:
        return say("staff.lane_reasons.free", free=finding.free)
    first = finding.reasons[0]
    if first.rule is ClosingRule.HOLIDAY and first.detail:
        return first.detail
    if first.rule in _WORDS:
        return say(_WORDS[first.rule])
    free, designated = finding.free, finding.designated
    return say("staff.lane_reasons.free_count", free=free, designated=designated)


_WHOLE_DAYS = frozenset({ClosingRule.WEEKEND, ClosingRule.HOLIDAY})

_WORDS = {
    ClosingRule.PAST: "staff.lane_reasons.past",
    ClosingRule.EARLIEST_DAY: "staff.lane_reasons.too_soon",
    ClosingRule.DISABLED_WINDOW: "staff.lane_reasons.too_soon",
    ClosingRule.BEYOND_HORIZON: "staff.lane_reasons.too_far",
    ClosingRule.WEEKEND: "staff.agent_time.weekend",
    ClosingRule.HOLIDAY: "staff.lane_reasons.holiday",
    ClosingRule.CLOSED_HOURS: "staff.lane_reasons.closed",
    ClosingRule.NOBODY_DESIGNATED: "staff.lane_reasons.nobody",
    ClosingRule.OUTSIDE_HOURS: "staff.agent_time.off_duty",
    ClosingRule.CALENDAR_UNKNOWN: "staff.agent_time.unknown",
}
