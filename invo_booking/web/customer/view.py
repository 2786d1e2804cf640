"""Show an appointment to its customer, in words."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.appointment import (
    OVER,
    Appointment,
    CancelledBy,
    Channel,
    Phase,
)
from invo_booking.domain.branches import Branch
from invo_booking.domain.contact import masked_email
from invo_booking.domain.moments import earliest_moment, next_midnight
from invo_booking.texts import in_language, say
from invo_booking.texts.phones import phone_number_text
from invo_booking.usecases.booking.manage import Visit
from invo_booking.usecases.shared.links import again_path
from invo_booking.web.customer.timeline import PointView, visit_timeline
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.likely_addresses import likely_address
from invo_booking.web.kit.text.moments import MomentView, moment_view
from invo_booking.web.kit.text.names import CHANNELS, initials
from invo_booking.web.kit.text.places import PlaceView, place_view

OPEN = frozenset({Phase.JOINABLE, Phase.LATE})

BADGES = {
    Phase.REQUESTED: ("customer.badge.requested", "requested", "clock"),
    Phase.UPCOMING: ("customer.badge.confirmed", "confirmed", "tick"),
    Phase.JOINABLE: ("customer.badge.open", "open", "video"),
    Phase.LATE: ("customer.badge.started", "late", "clock"),
    Phase.IN_CALL: ("customer.badge.in_call", "open", "video"),
    Phase.COMPLETED: ("customer.badge.completed", "over", "tick"),
    Phase.ENDED: ("customer.badge.ended", "over", "clock"),
    Phase.NO_SHOW: ("customer.badge.missed", "over", "clock"),
    Phase.EXPIRED: ("customer.badge.expired", "over", "clock"),
    Phase.CANCELLED: ("customer.badge.cancelled", "over", "off"),
}


@dataclass
class VisitView:
    """The contents of the status page."""

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
    """The wall time in a second zone; empty if it is the same in both zones.

    The second zone is the institution's; for a visit, the reader's own.
    """

    is_off: bool = False
    """Whether the appointment has expired or was cancelled."""

    is_live: bool = False
    """Whether the appointment has not ended, expired or been cancelled."""

    is_before_start: bool = False
    agent: str = ""
    initials: str = ""
    channel: str = ""
    channel_icon: str = "video"
    has_room: bool = True
    language: str = ""
    line: list[PointView] = field(default_factory=list[PointView])
    place: PlaceView = field(default_factory=PlaceView)
    documents: list[str] = field(default_factory=list[str])
    starts_at: str = ""
    seen_at: str = ""
    moment: MomentView = field(default_factory=MomentView)
    joinable_from: str = ""
    mailed_to: str = ""
    """The masked e-mail address; empty if there is none."""

    mistyped: str = ""
    """Question about a probably mistyped e-mail address; contains only mail domains."""

    confirm_by: str = ""
    confirm_until: str = ""
    """Deadline as an ISO 8601 instant; empty unless a request awaits confirmation."""

    again: str = ""
    """URL of the scheduler with the same choices, to book again."""

    note: str = ""
    can_confirm: bool = False
    is_waiting: bool = False
    """Whether only the mailed link can confirm the request."""

    can_keep_link: bool = False
    """Whether the customer must save the page's URL, because no link is mailed."""

    over_limit: bool = False
    """Whether an earlier appointment must be cancelled before this one is confirmed."""

    can_join: bool = False
    late_lead: str = ""
    can_cancel: bool = False
    can_move: bool = False
    can_act: bool = False
    """Whether the list of actions has any action."""

    can_add: bool = False
    can_note_late: bool = False
    is_late_noted: bool = False


def visit_view(visit: Visit, zone: ZoneInfo, locale: Locale) -> VisitView:
    """Return the status page in the reader's zone and the formats of a locale.

    The time of a visit is shown in the zone of its branch first, then in the reader's.
    """
    appointment, now_is = visit.appointment, visit.phase
    own = _zone_of_place(visit)
    zone, other = (own, zone) if appointment.is_visit else (zone, own)
    is_unseen = now_is is Phase.LATE and not visit.has_room
    badge, kind, mark = BADGES[Phase.JOINABLE if is_unseen else now_is]
    start = appointment.starts_at.astimezone(zone)
    end = appointment.ends_at.astimezone(zone)
    return VisitView(
        phase=now_is.value,
        badge=_badge_word(say(badge), now_is, visit),
        badge_kind=kind,
        badge_icon=mark if visit.has_room or mark != "video" else "tick",
        topic=appointment.title,
        title=_title_of(visit),
        day=times.long_day_text(start.date(), locale),
        clocks=times.clock_span_text(start, end, locale),
        iso=start.isoformat(),
        zone=times.zone_label(zone, start),
        second_zone=_second_zone(visit, zone, other, locale),
        is_off=now_is in {Phase.CANCELLED, Phase.EXPIRED},
        is_live=now_is not in OVER,
        is_before_start=visit.seen_at < appointment.starts_at,
        agent=visit.agent_name,
        initials=initials(visit.agent_name),
        channel=say(CHANNELS[appointment.channel]),
        channel_icon=appointment.channel.value,
        has_room=visit.has_room,
        language=visit.language_name,
        line=visit_timeline(visit, zone, locale),
        place=place_view(visit.branch),
        documents=list(visit.documents) if now_is not in OVER else [],
        starts_at=appointment.starts_at.isoformat(),
        seen_at=visit.seen_at.isoformat(),
        moment=moment_view(_changes_at(visit, zone), visit.seen_at),
        joinable_from=times.moment_text(
            visit.joinable_from, appointment.starts_at, zone, locale
        ),
        mailed_to=masked_email(appointment.customer.email),
        mistyped=_mistyped_text(appointment.customer.email),
        confirm_by=times.moment_text(
            appointment.confirm_by, visit.seen_at, zone, locale
        ),
        confirm_until=_confirm_until(visit),
        again=in_language(again_path(appointment)),
        note=_note_of(visit),
        can_confirm=visit.can_confirm,
        is_waiting=now_is is Phase.REQUESTED and not visit.can_confirm,
        can_keep_link=now_is not in OVER and not appointment.customer.email,
        over_limit=visit.over_limit,
        can_join=bool(visit.join_url),
        late_lead=say(_LATE_LEADS[appointment.channel]),
        can_cancel=visit.can_cancel,
        can_move=visit.can_reschedule,
        can_act=visit.can_cancel or visit.can_report_late,
        can_add=now_is is Phase.UPCOMING,
        can_note_late=visit.can_report_late,
        is_late_noted=visit.is_running_late,
    )


def visit_other_agent(had: str, has: str) -> str:
    """Return the sentence about a new agent; empty if no agent was replaced."""
    if not had or had == has:
        return ""
    if has:
        return say("customer.note.other_agent", has=has, had=had)
    return say("customer.note.no_agent_then", had=had)


def _mistyped_text(email: str) -> str:
    likely = likely_address(email)
    if not likely:
        return ""
    typed, meant = (it.rpartition("@")[2] for it in (email, likely))
    return say("customer.waiting.mistyped", typed=typed, meant=meant)


def _badge_word(word: str, phase: Phase, visit: Visit) -> str:
    if visit.has_room or phase not in {*OPEN, Phase.IN_CALL}:
        return word
    return (
        say("customer.badge.confirmed")
        if phase is not Phase.IN_CALL
        else say("customer.badge.now")
    )


def _title_of(visit: Visit) -> str:
    title = visit.appointment.title
    if visit.has_room:
        titles = {
            Phase.JOINABLE: say("customer.title.joinable"),
            Phase.LATE: say("customer.title.late"),
            Phase.IN_CALL: say("customer.title.in_call"),
        }
        title = titles.get(visit.phase, title)
    closed = {
        Phase.EXPIRED: say("customer.title.expired"),
        Phase.CANCELLED: say("customer.title.cancelled"),
        Phase.COMPLETED: say("customer.title.completed"),
        Phase.ENDED: say("customer.title.ended"),
        Phase.NO_SHOW: say("customer.title.no_show"),
    }
    return closed.get(visit.phase, title)


def _note_of(visit: Visit) -> str:
    """Return one or two sentences about the current phase."""
    appointment = visit.appointment
    if visit.phase in {Phase.UPCOMING, *OPEN} and not visit.has_room:
        return _meeting_note(visit)
    if not visit.agent_name and visit.phase in _WITHOUT_AGENT:
        return say(_WITHOUT_AGENT[visit.phase])
    notes = {
        Phase.LATE: say("customer.note.late"),
        Phase.IN_CALL: say("customer.note.in_call"),
        Phase.EXPIRED: say("customer.note.expired"),
        Phase.COMPLETED: say("customer.note.over"),
        Phase.ENDED: say("customer.note.over"),
        Phase.NO_SHOW: say("customer.note.no_show"),
        Phase.CANCELLED: _cancellation_text(appointment),
    }
    return notes.get(visit.phase, "")


_LATE_LEADS = {
    Channel.VIDEO: "customer.late.lead_video",
    Channel.PHONE: "customer.late.lead_phone",
    Channel.BRANCH: "customer.late.lead_branch",
}
_WITHOUT_AGENT = {
    Phase.JOINABLE: "customer.note.joinable_without_agent",
    Phase.LATE: "customer.note.late_without_agent",
    Phase.IN_CALL: "customer.note.in_call_without_agent",
}
"""Keys of sentences, by phase, for a video call that has no agent yet."""


def _branch_note(place: Branch | None) -> str:
    if place is None:
        return say("customer.note.branch")
    return say("customer.note.branch_named", branch=place.name)


def _meeting_note(visit: Visit) -> str:
    """Return what happens at the start of an appointment without a room to join."""
    appointment, ours = visit.appointment, visit.institution_phone
    if appointment.channel is Channel.BRANCH:
        return _branch_note(visit.branch)
    if appointment.channel is Channel.VIDEO:
        return (
            say("customer.note.no_room_call", phone=ours)
            if ours
            else say("customer.note.no_room")
        )
    if visit.customer_calls:
        return say("customer.note.phone_yours", number=ours)
    number = phone_number_text(appointment.customer.phone).replace(" ", "\xa0")
    return (
        say("customer.note.phone", number=number)
        if number
        else say("customer.note.phone_unknown")
    )


def _cancellation_text(appointment: Appointment) -> str:
    who = {
        CancelledBy.CUSTOMER: say("customer.cancelled.by_customer"),
        CancelledBy.STAFF: say("customer.cancelled.by_staff"),
        CancelledBy.PROVIDER: say("customer.cancelled.by_staff"),
        CancelledBy.LATE: say("customer.cancelled.by_lateness"),
    }
    text = who.get(appointment.cancelled_by or CancelledBy.STAFF, "")
    reason = appointment.cancel_reason.strip()
    if reason and appointment.cancelled_by is not CancelledBy.CUSTOMER:
        text = say(
            "customer.cancelled.with_reason", told=text, reason=reason.rstrip(".")
        )
    return text


def _confirm_until(visit: Visit) -> str:
    deadline = visit.appointment.confirm_by
    if deadline is None or visit.phase is not Phase.REQUESTED:
        return ""
    return deadline.isoformat()


def _second_zone(visit: Visit, zone: ZoneInfo, other: ZoneInfo, locale: Locale) -> str:
    start, end = visit.appointment.starts_at, visit.appointment.ends_at
    if start.astimezone(other).replace(tzinfo=None) == start.astimezone(zone).replace(
        tzinfo=None
    ):
        return ""
    there = start.astimezone(other)
    text = times.clock_span_text(there, end.astimezone(other), locale)
    if there.date() != start.astimezone(zone).date():
        text = f"{times.short_day_text(there.date(), locale)}, {text}"
    return f"{text} {times.zone_label(other, start)}"


def _zone_of_place(visit: Visit) -> ZoneInfo:
    """Return the zone of the branch for a visit, otherwise the institution's zone."""
    zone = visit.branch.zone.key if visit.branch else visit.institution_zone
    return times.browser_zone_of(zone)


def _changes_at(visit: Visit, zone: ZoneInfo) -> datetime | None:
    """Return when the passing of time changes the page next: midnight or earlier."""
    return earliest_moment([visit.changes_at, next_midnight(visit.seen_at, zone)])
