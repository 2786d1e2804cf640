"""Describe for staff which times of the calendar are closed, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from invo_booking.domain.interval import Interval, subtract_intervals
from invo_booking.texts import say
from invo_booking.usecases.staff.agent_time import Span, SpanKind
from invo_booking.usecases.staff.calendar import (
    AnswerOption,
    Board,
    Lane,
    Scope,
    StaffCatalogue,
)
from invo_booking.usecases.staff.lane_reasons import LaneReasons
from invo_booking.web.bookings.side_view import SideLinkView
from invo_booking.web.kit.calendar.place import Place
from invo_booking.web.kit.text.wall_times import wall_span
from invo_booking.web.kit.text.words import ViewerContext

PAST = "Past"
UNTOLD = frozenset({PAST, "Buffer"})
"""Labels that do not fit into their bands, and are therefore shown only on demand."""


@dataclass
class BandView:
    """A colored part of a lane; a page can have a thousand of them.

    Attributes:
        kind: Class name.
        label: Text inside the band; may be empty.
        why: Reasons, one on each line; empty if none need to be given.
    """

    lane: str
    start: str
    end: str
    kind: str
    label: str = ""
    why: str = ""


@dataclass
class TopicsView:
    """The topics whose closed times the lanes of queues show.

    Attributes:
        matter: Whether the topics have an effect: only if lanes of queues are shown.
        chosen: Titles of the chosen topics; empty if each queue uses its first topic.
        usual: URL of the same calendar without chosen topics.
        links: A link for each topic of a queue with several topics.
    """

    matter: bool = False
    chosen: str = ""
    usual: str = ""
    links: list[SideLinkView] = field(default_factory=list[SideLinkView])


def calendar_band_views(
    board: Board,
    reasons: Iterable[LaneReasons],
    window: Interval,
    viewer: ViewerContext,
) -> list[BandView]:
    """Return the closed times of every lane, and the open times of queues' lanes."""
    lanes = {lane.id: lane for lane in board.lanes}
    return [
        band
        for one in reasons
        if one.lane_id in lanes
        for band in _lane_bands(lanes[one.lane_id], one, window, viewer)
    ]


def calendar_conflict_bands(
    board: Board, busy: Sequence[Interval], viewer: ViewerContext
) -> list[BandView]:
    """Return other people's events in the host calendar, on each lane."""
    return [
        BandView(
            lane.id,
            *wall_span(span.start, span.end, viewer.zone),
            kind="host",
            label=say("conflicts.busy"),
        )
        for lane in board.lanes
        for span in busy
    ]


def calendar_topics_view(
    where: Place, board: Board, catalogue: StaffCatalogue
) -> TopicsView:
    """Return the topics whose closed times are shown, and links to other topics."""
    if where.scope is not Scope.QUEUES or not where.grid.startswith("resource"):
        return TopicsView()
    queues = {lane.id.partition(":")[0] for lane in board.lanes}
    by_queue: dict[UUID, list[AnswerOption]] = {}
    for answer in catalogue.offered:
        if str(answer.queue_id) in queues:
            by_queue.setdefault(answer.queue_id, []).append(answer)
    chosen = [it.title for it in catalogue.offered if it.id in where.topics]
    return TopicsView(
        matter=True,
        chosen=", ".join(chosen),
        usual=replace(where, topics=frozenset()).address,
        links=[
            _topic_link(where, answer, answers)
            for answers in by_queue.values()
            if len(answers) > 1
            for answer in answers
        ],
    )


def _topic_link(
    where: Place, answer: AnswerOption, rivals: Sequence[AnswerOption]
) -> SideLinkView:
    others = where.topics - {rival.id for rival in rivals}
    return SideLinkView(
        say(
            "bookings.reasons.topic",
            queue=answer.queue_name,
            topic=answer.title,
            minutes=answer.duration_minutes,
        ),
        replace(where, topics=others | {answer.id}).address,
        answer.id in where.topics,
    )


def subject_by_calendar_lane(
    board: Board, reasons: Iterable[LaneReasons]
) -> dict[str, str]:
    """Return, by lane, the person or queue to which the lane's reasons apply."""
    lanes = {lane.id: lane for lane in board.lanes}
    return {
        one.lane_id: _subject_of(lanes[one.lane_id], one)
        for one in reasons
        if one.lane_id in lanes
    }


def _lane_bands(
    lane: Lane, reasons: LaneReasons, window: Interval, viewer: ViewerContext
) -> list[BandView]:
    bands = [_band_view(lane.id, span, viewer) for span in reasons.spans]
    if ":" not in lane.id:
        return bands
    grounds = [
        BandView(lane.id, *wall_span(off.start, off.end, viewer.zone), "off")
        for off in subtract_intervals(window, lane.duty)
    ]
    return grounds + bands


def _subject_of(lane: Lane, reasons: LaneReasons) -> str:
    if ":" not in lane.id:
        return lane.title
    language = lane.subtitle.partition(",")[0]
    if not reasons.subject:
        return say("bookings.reasons.lane", lane=lane.title, language=language)
    return say(
        "bookings.reasons.lane_of",
        lane=lane.title,
        language=language,
        subject=reasons.subject,
    )


def _band_view(lane: str, span: Span, viewer: ViewerContext) -> BandView:
    start, end = wall_span(span.starts_at, span.ends_at, viewer.zone)
    return BandView(
        lane=lane,
        start=start,
        end=end,
        kind=_band_kind(span),
        label=_band_label(span),
        why="\n".join(span.sentences),
    )


def _band_kind(span: Span) -> str:
    return "past" if span.word == PAST else _KINDS[span.kind]


_KINDS: Mapping[SpanKind, str] = {
    SpanKind.OPEN: "open",
    SpanKind.SHUT: "shut",
    SpanKind.OFF: "off",
    SpanKind.TAKEN: "taken",
    SpanKind.BUSY: "busy",
    SpanKind.UNKNOWN: "unknown",
}


def _band_label(span: Span) -> str:
    return "" if span.kind is SpanKind.OFF or span.word in UNTOLD else span.word
