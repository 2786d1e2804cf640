"""An appointment as its customer reads it on the status page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.appointment import (
    OVER,
    Appointment,
    CancelledBy,
    Channel,
    Phase,
)
from invo_booking.domain.contact import masked_email
from invo_booking.domain.moments import earliest_moment, next_midnight
from invo_booking.usecases.booking.manage import Visit
from invo_booking.web.core import routes
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.moments import MomentView, moment_view
from invo_booking.web.kit.text.names import CHANNELS, initials
from invo_booking.web.scheduler import view

OPEN = frozenset({Phase.JOINABLE, Phase.LATE})
TELLABLE = frozenset({Phase.UPCOMING, Phase.JOINABLE, Phase.LATE})

BADGES = {
    Phase.REQUESTED: ("Not confirmed yet", "requested", "clock"),
    Phase.UPCOMING: ("Confirmed", "confirmed", "tick"),
    Phase.JOINABLE: ("Open now", "open", "video"),
    Phase.LATE: ("Started", "late", "clock"),
    Phase.IN_CALL: ("In the call", "open", "video"),
    Phase.COMPLETED: ("Completed", "over", "tick"),
    Phase.ENDED: ("Ended", "over", "clock"),
    Phase.NO_SHOW: ("Missed", "over", "clock"),
    Phase.EXPIRED: ("Expired", "over", "clock"),
    Phase.CANCELLED: ("Cancelled", "over", "off"),
}


@dataclass
class PointView:
    """One point of the timeline; ``kind`` is past, now, later or gone."""

    name: str
    told: str
    kind: str
    spoken: str


@dataclass
class VisitView:
    """Everything the status page shows."""

    phase: str = ""
    badge: str = ""
    badge_kind: str = ""
    badge_icon: str = "tick"
    topic: str = ""
    title: str = ""
    day: str = ""
    clocks: str = ""
    iso: str = ""
    zone: str = ""
    second_zone: str = ""
    """The wall time on the other clock, if it differs: the institution's, or of a
    visit the reader's own."""

    is_off: bool = False
    is_live: bool = False
    """Whether there is still something to do: not ended, expired or cancelled."""

    is_before_start: bool = False
    agent: str = ""
    initials: str = ""
    channel: str = ""
    channel_icon: str = "video"
    is_video: bool = True
    language: str = ""
    line: list[PointView] = field(default_factory=list[PointView])
    documents: list[str] = field(default_factory=list[str])
    starts_at: str = ""
    seen_at: str = ""
    moment: MomentView = field(default_factory=MomentView)
    joinable_from: str = ""
    mailed_to: str = ""
    """The address as only its owner recognizes it; empty if there is none."""

    confirm_by: str = ""
    confirm_until: str = ""
    """The deadline as an ISO 8601 instant; empty unless the request waits."""

    again: str = ""
    """Address of the scheduler with the same choice."""

    note: str = ""
    can_confirm: bool = False
    is_waiting: bool = False
    """Whether only the mailed link confirms the request."""

    can_keep_link: bool = False
    """Whether no mail brings the link, so that the page must be kept."""

    over_limit: bool = False
    """Whether an earlier appointment must go before this one can be confirmed."""

    can_join: bool = False
    can_cancel: bool = False
    can_move: bool = False
    can_act: bool = False
    """Whether there is anything in the list of actions."""

    can_add: bool = False
    can_tell_late: bool = False
    told_late: bool = False


def visit_view(visit: Visit, zone: ZoneInfo, locale: Locale) -> VisitView:
    """Return the status page for a reader in a zone, with the habits of a locale.

    A visit is shown on the clock of the branch first, whatever the reader's shows.
    """
    appointment, now_is = visit.appointment, visit.phase
    own = times.zone_of(visit.institution_zone)
    zone, other = (own, zone) if appointment.is_visit else (zone, own)
    badge, kind, mark = BADGES[now_is]
    start = appointment.starts_at.astimezone(zone)
    end = appointment.ends_at.astimezone(zone)
    is_video = appointment.channel is Channel.VIDEO
    return VisitView(
        phase=now_is.value,
        badge=_badge_word(badge, now_is, appointment.channel),
        badge_kind=kind,
        badge_icon=mark if is_video or mark != "video" else "tick",
        topic=appointment.title,
        title=_title_of(visit),
        day=times.long_day(start.date(), locale),
        clocks=times.clocks(start, end, locale),
        iso=start.isoformat(),
        zone=times.zone_label(zone, start),
        second_zone=_second_zone(visit, zone, other, locale),
        is_off=now_is in {Phase.CANCELLED, Phase.EXPIRED},
        is_live=now_is not in OVER,
        is_before_start=visit.seen_at < appointment.starts_at,
        agent=visit.agent_name,
        initials=initials(visit.agent_name),
        channel=CHANNELS[appointment.channel],
        channel_icon=appointment.channel.value,
        is_video=is_video,
        language=visit.language_name,
        line=_timeline(visit, zone, locale),
        documents=list(visit.documents) if now_is not in OVER else [],
        starts_at=appointment.starts_at.isoformat(),
        seen_at=visit.seen_at.isoformat(),
        moment=moment_view(_changes_at(visit, zone), visit.seen_at),
        joinable_from=times.clock(visit.joinable_from.astimezone(zone), locale),
        mailed_to=masked_email(appointment.customer.email),
        confirm_by=_moment_text(appointment.confirm_by, visit.seen_at, zone, locale),
        confirm_until=_confirm_until(visit),
        again=_booking_address(appointment),
        note=_note_of(visit),
        can_confirm=visit.can_confirm,
        is_waiting=now_is is Phase.REQUESTED and not visit.can_confirm,
        can_keep_link=now_is not in OVER and not appointment.customer.email,
        over_limit=visit.over_limit,
        can_join=is_video and now_is in OPEN | {Phase.IN_CALL},
        can_cancel=visit.can_cancel,
        can_move=visit.can_reschedule,
        can_act=visit.can_cancel or now_is in TELLABLE,
        can_add=now_is is Phase.UPCOMING,
        can_tell_late=now_is in TELLABLE,
        told_late=appointment.running_late_at is not None,
    )


def other_agent(had: str, has: str) -> str:
    """Return that another agent takes over; empty if the agent stayed, or is new."""
    if not had or had == has:
        return ""
    if has:
        return f"You now meet {has} instead of {had}."
    return f"{had} is not free then. One of our advisers meets you instead."


def _badge_word(word: str, phase: Phase, channel: Channel) -> str:
    if channel is Channel.VIDEO or phase not in {*OPEN, Phase.IN_CALL}:
        return word
    return "Confirmed" if phase is not Phase.IN_CALL else "Now"


def _title_of(visit: Visit) -> str:
    title = visit.appointment.title
    if visit.appointment.channel is Channel.VIDEO:
        titles = {
            Phase.JOINABLE: "Your call is ready",
            Phase.LATE: "Your call has started",
            Phase.IN_CALL: "You are in the call",
        }
        title = titles.get(visit.phase, title)
    closed = {
        Phase.EXPIRED: "This request was not confirmed in time",
        Phase.CANCELLED: "This appointment is cancelled",
        Phase.COMPLETED: "Thank you for your time",
        Phase.ENDED: "This appointment is over",
        Phase.NO_SHOW: "We missed you",
    }
    return closed.get(visit.phase, title)


def _note_of(visit: Visit) -> str:
    """Return what the reader should know in this phase, in a sentence or two."""
    appointment = visit.appointment
    if visit.phase in {Phase.UPCOMING, *OPEN} and (
        appointment.channel is not Channel.VIDEO
    ):
        return _meeting_note(appointment)
    if not visit.agent_name and visit.phase in _WITHOUT_AGENT:
        return _WITHOUT_AGENT[visit.phase]
    notes = {
        Phase.LATE: "We are waiting for you. You can still join.",
        Phase.IN_CALL: "If you have left by accident, join again here.",
        Phase.EXPIRED: "We gave the time back. You can book a new one in a minute.",
        Phase.COMPLETED: "You can book another one whenever you like.",
        Phase.ENDED: "You can book another one whenever you like.",
        Phase.NO_SHOW: "You can book another time in a minute.",
        Phase.CANCELLED: _cancellation_text(appointment),
    }
    return notes.get(visit.phase, "")


_WITHOUT_AGENT = {
    Phase.JOINABLE: "Your adviser is not chosen yet. Join and wait in the call; one of "
    "our advisers meets you there.",
    Phase.LATE: "Your adviser is not chosen yet. You can still join; one of our "
    "advisers meets you there.",
    Phase.IN_CALL: "We are finding an adviser for you. If you have left by accident, "
    "join again here.",
}
"""Said of a video call that can be joined although no agent has it."""


def _meeting_note(appointment: Appointment) -> str:
    if appointment.channel is Channel.BRANCH:
        return "We are expecting you in the branch."
    number = view.phone_text(appointment.customer.phone)
    return f"We call you on {number}." if number else "We call you."


def _cancellation_text(appointment: Appointment) -> str:
    who = {
        CancelledBy.CUSTOMER: "You cancelled it.",
        CancelledBy.STAFF: "We had to cancel it. We are sorry.",
        CancelledBy.PROVIDER: "We had to cancel it. We are sorry.",
        CancelledBy.LATE: "We waited for you and had to cancel it.",
    }
    told = who.get(appointment.cancelled_by or CancelledBy.STAFF, "")
    reason = appointment.cancel_reason.strip()
    if reason and appointment.cancelled_by is not CancelledBy.CUSTOMER:
        told = f"{told} The reason: {reason.rstrip('.')}."
    return told


def _confirm_until(visit: Visit) -> str:
    deadline = visit.appointment.confirm_by
    if deadline is None or visit.phase is not Phase.REQUESTED:
        return ""
    return deadline.isoformat()


def _booking_address(appointment: Appointment) -> str:
    if appointment.answer_id is None:
        return routes.SCHEDULE
    choice = {
        routes.TOPIC: str(appointment.answer_id),
        routes.LANGUAGE: appointment.language,
        routes.CHANNEL: appointment.channel.value,
    }
    return f"{routes.SCHEDULE}?{urlencode(choice)}"


def _second_zone(visit: Visit, zone: ZoneInfo, other: ZoneInfo, locale: Locale) -> str:
    start, end = visit.appointment.starts_at, visit.appointment.ends_at
    if start.astimezone(other).replace(tzinfo=None) == start.astimezone(zone).replace(
        tzinfo=None
    ):
        return ""
    there = start.astimezone(other)
    told = times.clocks(there, end.astimezone(other), locale)
    if there.date() != start.astimezone(zone).date():
        told = f"{times.short_day(there.date(), locale)}, {told}"
    return f"{told} {times.zone_label(other, start)}"


def _changes_at(visit: Visit, zone: ZoneInfo) -> datetime | None:
    """Return when the page is different by the clock alone; days have names on it."""
    return earliest_moment([visit.changes_at, next_midnight(visit.seen_at, zone)])


def _moment_text(
    at: datetime | None, known: datetime, zone: ZoneInfo, locale: Locale
) -> str:
    """Return a wall time, with its day unless that is known; empty for ``None``."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    told = times.clock(local, locale)
    if local.date() == known.astimezone(zone).date():
        return told
    return f"{times.short_day(local.date(), locale)}, {told}"


def _timeline(visit: Visit, zone: ZoneInfo, locale: Locale) -> list[PointView]:
    """Return requested, confirmed, join, done; or how it ended instead."""
    appointment, seen = visit.appointment, visit.seen_at

    def told(at: datetime | None) -> str:
        return _moment_text(at, seen, zone, locale)

    points = [_point_view("Requested", told(appointment.requested_at), "past")]
    if visit.phase in {Phase.EXPIRED, Phase.CANCELLED}:
        expired = visit.phase is Phase.EXPIRED
        last = _point_view("Expired", told(appointment.confirm_by), "gone")
        cancelled = _point_view("Cancelled", "", "gone")
        points = _with_confirmation(appointment, points, told)
        return [*points, last if expired else cancelled]
    is_confirmed = visit.phase is not Phase.REQUESTED
    by = told(appointment.confirm_by)
    points.append(
        _point_view("Confirmed", told(appointment.confirmed_at), "past")
        if is_confirmed
        else _point_view("Confirm", f"by {by}" if by else "", "now")
    )
    starts = appointment.starts_at  # the page has named its day above
    opens = _moment_text(visit.joinable_from, starts, zone, locale)
    ends = _moment_text(appointment.ends_at, starts, zone, locale)
    return [*points, *_points_ahead(visit, opens, ends)]


def _points_ahead(visit: Visit, opens: str, ends: str) -> list[PointView]:
    is_video = visit.appointment.channel is Channel.VIDEO
    name = "Join" if is_video else "Meet"
    if visit.phase is Phase.COMPLETED:
        return [_point_view(name, "", "past"), _point_view("Done", ends, "past")]
    if visit.phase is Phase.NO_SHOW:
        return [_point_view("Missed", "", "gone")]
    if visit.phase is Phase.ENDED:
        return [_point_view("Over", ends, "past")]
    kind = "later" if visit.phase is Phase.REQUESTED else "now"
    joined = visit.phase is Phase.IN_CALL
    first = _point_view(
        "Joined" if joined else name,
        f"from {opens}" if is_video and not joined else "",
        "past" if joined else kind,
    )
    return [first, _point_view("Done", ends, "now" if joined else "later")]


def _with_confirmation(
    appointment: Appointment,
    points: list[PointView],
    told: Callable[[datetime | None], str],
) -> list[PointView]:
    if appointment.confirmed_at is None:
        return points
    return [*points, _point_view("Confirmed", told(appointment.confirmed_at), "past")]


def _point_view(name: str, told: str, kind: str) -> PointView:
    spoken = {"past": ", done", "now": ", now", "later": ", later", "gone": ""}
    return PointView(name=name, told=told, kind=kind, spoken=spoken[kind])
