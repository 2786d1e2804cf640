"""One appointment in full, and the initial values of its edit form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from invo_booking.domain.access.roles import Action
from invo_booking.domain.appointment import Appointment, Channel, Phase
from invo_booking.domain.moments import earliest_moment
from invo_booking.texts import count, language_name, say
from invo_booking.texts.phones import phone_number_text
from invo_booking.usecases.staff.calendar import StaffCatalogue
from invo_booking.usecases.staff.detail import Candidate, Detail
from invo_booking.web.bookings.appointment import history_view as history
from invo_booking.web.core import routes
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import (
    CHANNELS,
    OptionView,
    initials,
)
from invo_booking.web.kit.text.places import PlaceView, place_view
from invo_booking.web.kit.text.wall_times import (
    SECOND,
    is_second_wall_time,
    wall_time_text,
)
from invo_booking.web.kit.text.words import (
    LIVE_PHASES,
    ViewerContext,
    status_mark,
    waiting_text,
)

MINUTE = timedelta(minutes=1)
UNITS = (
    (1440, "drawer.until.days"),
    (60, "drawer.until.hours"),
    (1, "drawer.until.minutes"),
)
"""Units in which ``time_until_appointment`` counts, each with its minutes."""


@dataclass
class CandidateView:
    """An agent to assign; ``why`` says why the agent can or cannot be assigned."""

    id: str
    name: str
    initials: str
    dot: str
    why: str
    free: bool
    best: bool


@dataclass
class HistoryView:
    """One entry of the history of an appointment."""

    at: str
    sentence: str


@dataclass
class DetailView:
    """One appointment as the drawer shows it; ``id`` is empty if none is open."""

    id: str = ""
    version: int = 0
    title: str = ""
    name: str = ""
    when: str = ""
    span: str = ""
    lasts: str = ""
    until: str = ""
    email: str = ""
    phone: str = ""
    contact: str = ""
    channel: str = ""
    branch: str = ""
    how: str = ""
    how_icon: str = ""
    how_note: str = ""
    place: PlaceView = field(default_factory=PlaceView)
    place_name: str = ""
    join: str = ""
    group: str = ""
    agent: str = ""
    agent_id: str = ""
    because: str = ""
    notes: str = ""
    kind: str = ""
    icon: str = ""
    word: str = ""
    reason: str = ""
    trouble: str = ""
    unchecked: str = ""  # notice that the agent's calendar did not answer
    day: str = ""
    starts: str = ""
    second: str = ""  # whether the start is the second of two equal wall times
    ends: str = ""
    may_assign: bool = False
    may_take: bool = False
    may_edit: bool = False
    may_cancel: bool = False
    may_send: bool = False
    is_late: bool = False
    may_wait: bool = False
    may_end_late: bool = False
    waits: str = ""  # who waits for a late customer, and until when
    is_assigned: bool = False
    candidates: list[CandidateView] = field(default_factory=list[CandidateView])
    history: list[HistoryView] = field(default_factory=list[HistoryView])


def appointment_detail_view(
    detail: Detail, city: str, viewer: ViewerContext
) -> DetailView:
    """Return one appointment as the drawer shows it."""
    seen = detail.appointment
    live = detail.phase in LIVE_PHASES
    kind, icon, word = status_mark(
        detail.phase, is_unassigned=detail.appointment.agent_id is None
    )
    minutes = int((seen.ends_at - seen.starts_at).total_seconds() // 60)
    numbers = seen.customer.email, phone_number_text(seen.customer.phone)
    contact = [part for part in numbers if part]
    return DetailView(
        id=str(seen.id),
        version=seen.version,
        title=seen.title,
        name=seen.customer.name,
        when=times.long_day_text(viewer.day(seen.starts_at), viewer.locale),
        span=viewer.clocks(seen.starts_at, seen.ends_at),
        lasts=_length_text(seen, minutes, city),
        until=time_until_appointment(seen, detail.phase, viewer.now),
        email=seen.customer.email,
        phone=seen.customer.phone,
        contact=" · ".join(contact),
        channel=seen.channel.value,
        branch=str(seen.branch_id or ""),
        how=say(CHANNELS[seen.channel]),
        how_icon=seen.channel.value,
        how_note=_call_note(detail, viewer),
        place=place_view(detail.branch),
        place_name=detail.branch.name if detail.branch else "",
        join=routes.room_door_route(seen.id) if detail.can_join else "",
        group=f"{detail.queue_name}, {detail.language_name}",
        agent=detail.agent_name,
        agent_id=str(seen.agent_id or ""),
        because=seen.assigned_because,
        notes=seen.notes,
        kind=kind.removeprefix("is-"),
        icon=icon,
        word=word,
        reason=seen.cancel_reason,
        trouble=detail.mail_trouble,
        unchecked=_unchecked_warning(seen) if live else "",
        day=wall_time_text(seen.starts_at, viewer.zone)[:10],
        starts=wall_time_text(seen.starts_at, viewer.zone)[11:],
        second=SECOND if is_second_wall_time(seen.starts_at, viewer.zone) else "",
        ends=wall_time_text(seen.ends_at, viewer.zone)[11:],
        may_assign=live and Action.ASSIGN in detail.allowed,
        may_take=live and detail.takeable,
        may_edit=live and Action.EDIT in detail.allowed,
        may_cancel=live and Action.DELETE in detail.allowed,
        may_send=_may_send(detail),
        is_late=detail.phase is Phase.LATE,
        may_wait=detail.is_own or Action.EDIT in detail.allowed,
        may_end_late=detail.is_own or Action.DELETE in detail.allowed,
        waits=waiting_text(detail.waited_by, detail.waited_until, viewer),
        is_assigned=seen.agent_id is not None,
        candidates=agent_candidate_views(detail.candidates, seen),
        history=[
            HistoryView(
                history_event_time(line.at, viewer),
                history.appointment_history_sentence(line, viewer),
            )
            for line in detail.history
        ],
    )


def appointment_created_notice(appointment: Appointment, viewer: ViewerContext) -> str:
    """Return the message after creating an appointment that the actor cannot open."""
    day = times.long_day_text(viewer.day(appointment.starts_at), viewer.locale)
    when = f"{day}, {viewer.clock(appointment.starts_at)}"
    if appointment.customer.email:
        return say("drawer.created_with_mail", when=when)
    return say("drawer.created", when=when)


def _may_send(detail: Detail) -> bool:
    """Whether the actor is allowed and able to send the confirmation again."""
    has_address = bool(detail.appointment.customer.email)
    is_theirs = detail.is_own or Action.EDIT in detail.allowed
    return has_address and is_theirs and detail.phase in LIVE_PHASES


def appointment_edit_fields(
    seen: DetailView, branches: Sequence[OptionView]
) -> dict[str, str]:
    """Return initial values of those fields that decide which starts are open."""
    return {
        "appointment": seen.id,
        "day": seen.day,
        "starts": seen.starts,
        "second": seen.second,
        "ends": seen.ends,
        "channel": seen.channel,
        "branch": seen.branch or (branches[0].value if branches else ""),
    }


def agent_candidate_views(
    candidates: Sequence[Candidate], seen: Appointment
) -> list[CandidateView]:
    """Return the agents to choose from, without the current agent."""
    views = [
        CandidateView(
            id=str(one.agent_id),
            name=one.name,
            initials=initials(one.name),
            dot="free" if one.free else "busy",
            why=say("drawer.assign.free", why=one.why) if one.free else one.why,
            free=one.free,
            best=False,
        )
        for one in candidates
        if one.agent_id != seen.agent_id
    ]
    if views and views[0].free:
        views[0].best = True
    return views


def time_until_appointment(seen: Appointment, phase: Phase, now: datetime) -> str:
    """Return the time until an appointment, as in ``in 35 minutes``."""
    if phase not in LIVE_PHASES:
        return ""
    if now >= seen.starts_at:
        return say("drawer.until.now")
    minutes = -(-(seen.starts_at - now) // MINUTE)
    size, key = next(pair for pair in UNITS if minutes >= pair[0])
    return count(key, minutes // size)


def drawer_changes_at(detail: Detail, now: datetime) -> datetime | None:
    """Return when the passing of time changes the drawer, apart from midnight.

    At midnight, the calendar behind the drawer reloads itself and the drawer.
    """
    return earliest_moment([detail.changes_at, _next_count_at(detail, now)])


def _next_count_at(detail: Detail, now: datetime) -> datetime | None:
    """Return when the result of ``time_until_appointment`` changes."""
    starts_at = detail.appointment.starts_at
    if detail.phase not in LIVE_PHASES or now >= starts_at:
        return None
    minutes = -(-(starts_at - now) // MINUTE)
    size = next(size for size, _ in UNITS if minutes >= size)
    return starts_at - (minutes // size * size - 1) * MINUTE


def drawer_answer_options(catalogue: StaffCatalogue) -> list[OptionView]:
    """Return the topics as options."""
    return [
        OptionView(
            str(answer.id),
            say(
                "calendar.topic_option",
                topic=answer.title,
                minutes=answer.duration_minutes,
            ),
        )
        for answer in catalogue.answers
    ]


def drawer_agent_options(catalogue: StaffCatalogue) -> list[OptionView]:
    """Return the agents as options; the first option is *no agent*."""
    nobody = OptionView("", say("calendar.leave_unassigned"))
    return [
        nobody,
        *(OptionView(str(agent.id), agent.name) for agent in catalogue.agents),
    ]


def drawer_branch_options(catalogue: StaffCatalogue) -> list[OptionView]:
    """Return the branches as options; empty if there is only one branch."""
    if len(catalogue.branches) == 1:
        return []
    return [OptionView(str(one.id), one.name) for one in catalogue.branches]


def drawer_language_options(codes: Sequence[str]) -> list[OptionView]:
    """Return languages as options."""
    return [OptionView(code, language_name(code)) for code in codes]


def _length_text(seen: Appointment, minutes: int, city: str) -> str:
    buffer = int(seen.buffer_after.total_seconds() // 60)
    if not buffer:
        return say("drawer.lasts", minutes=minutes, city=city)
    return say("drawer.lasts_with_buffer", minutes=minutes, city=city, buffer=buffer)


def _unchecked_warning(seen: Appointment) -> str:
    if seen.unchecked_at is None:
        return ""
    return say("drawer.note.unchecked")


def _call_note(detail: Detail, viewer: ViewerContext) -> str:
    """Return the note on attendance, or else the note on how to meet."""
    return _attendance_note(detail, viewer) or _way_note(detail, viewer)


def _way_note(detail: Detail, viewer: ViewerContext) -> str:
    if detail.phase not in LIVE_PHASES:
        return ""
    if detail.appointment.channel is Channel.PHONE:
        return _phone_note(detail)
    if detail.appointment.channel is not Channel.VIDEO:
        return ""
    if not detail.has_room:
        return say("drawer.note.no_room")
    if detail.phase in {Phase.UPCOMING, Phase.REQUESTED}:
        return say("drawer.note.join_from", time=viewer.clock(detail.joinable_from))
    return "" if detail.can_join else say("drawer.note.take_first")


def _phone_note(detail: Detail) -> str:
    if detail.customer_calls:
        return say("drawer.note.they_call", number=detail.institution_phone)
    number = phone_number_text(detail.appointment.customer.phone)
    if not number:
        return say("drawer.note.we_call_unknown")
    return say("drawer.note.we_call", number=number)


def _attendance_note(detail: Detail, viewer: ViewerContext) -> str:
    seen = detail.appointment
    if detail.phase is Phase.ENDED:
        return say("drawer.note.unknown")
    if seen.joined_at is not None:
        return say("drawer.note.joined", time=viewer.clock(seen.joined_at))
    if seen.running_late_at is not None:
        return say("history.running_late")
    return ""


def history_event_time(at: datetime, viewer: ViewerContext) -> str:
    """Return when something happened: the time if that was today, else the date."""
    day = viewer.day(at)
    if day == viewer.today:
        return viewer.clock(at)
    return times.short_day_text(day, viewer.locale)
