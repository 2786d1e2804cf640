"""Draft the event of an appointment, and read the URL of its online meeting."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.appointment import Appointment, Channel
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.calendars.ports import BackendCalendar
from invo_booking.persistence.outbox import CALENDAR
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import (
    ONLINE_MEETING,
    PRIVATE_EVENTS,
)
from invo_booking.texts import say
from invo_booking.usecases.appointment.rooms import room_template
from invo_booking.usecases.appointment.steps import clean_reason
from invo_booking.usecases.calendars.host import inviting
from invo_booking.usecases.shared.deps import Deps

MEETING_WAIT = timedelta(minutes=10)
"""How long after a write the provider may take to add the URL of an online meeting."""

FIRST_LOOK = timedelta(seconds=15)
"""Time after a write at which the URL of a meeting is first read. Each further read
happens when the time since the write has doubled."""

_CHANNELS = {
    Channel.VIDEO: "connections.host_drafts.channel_video",
    Channel.PHONE: "connections.host_drafts.channel_phone",
    Channel.BRANCH: "connections.host_drafts.channel_visit",
}


def event_draft(work: UnitOfWork, appointment: Appointment, key: UUID) -> EventDraft:
    """Return the event that an appointment must have under the current settings.

    For the agent, the event contains the customer's name, contact details and the
    channel, but never a secret link or the customer's notes.

    Args:
        appointment: The stored appointment.
        key: The product's own id of the event, which is stored in the event.
    """
    is_room_elsewhere = bool(room_template(work.roster, work.settings, appointment))
    meets_there = work.settings[ONLINE_MEETING] and not is_room_elsewhere
    return EventDraft(
        key=key,
        subject=_subject(appointment),
        body=_body(work, appointment),
        period=appointment.period,
        attendees=_attendees(work, appointment),
        online_meeting=meets_there and appointment.channel is Channel.VIDEO,
        is_private=work.settings[PRIVATE_EVENTS],
    )


def event_digest(draft: EventDraft) -> str:
    """Return a digest of a draft, to compare the draft with the event written last."""
    plain = json.dumps(asdict(draft), sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


def waits_for_staff(stored: StoredEvent, appointment: Appointment) -> bool:
    """Whether the event must not be written because staff decide or have decided."""
    if stored.state is EventState.MOVED:
        return stored.wanted != appointment.period
    return stored.state in {EventState.DELETED, EventState.GONE}


def is_meeting_missing(stored: StoredEvent, draft: EventDraft, now: datetime) -> bool:
    """Whether the provider may still be creating the event's online meeting."""
    is_recent = stored.written_at is not None and now < stored.written_at + MEETING_WAIT
    return draft.online_meeting and not stored.join_url and is_recent


def look_for_meeting_later(
    work: UnitOfWork, stored: StoredEvent, draft: EventDraft, now: datetime
) -> None:
    """If the URL of an online meeting is missing, queue another read."""
    if is_meeting_missing(stored, draft, now):
        wait = max(FIRST_LOOK, now - (stored.written_at or now))
        appointment_id = stored.appointment_id
        work.outbox.add(CALENDAR, {}, now=now, wait=wait, appointment_id=appointment_id)


def read_meeting(
    deps: Deps, calendar: BackendCalendar, stored: StoredEvent, draft: EventDraft
) -> None:
    """Read and store the URL of an online meeting that was missing."""
    event, now = calendar.event(stored.event_id), deps.now()
    with deps.unit_of_work() as work:
        current = work.host_events.find(
            stored.appointment_id, stored.connection_id, lock=True
        )
        if current is None or replace(current, seen_at=stored.seen_at) != stored:
            return  # the event was written meanwhile
        if event.join_url and event.is_storable:
            work.host_events.save(replace(stored, join_url=event.join_url))
            at = draft.period.start.isoformat()
            work.notify({"id": str(stored.appointment_id), "at": at})
        else:
            look_for_meeting_later(work, stored, draft, now)


def _subject(appointment: Appointment) -> str:
    name = clean_reason(appointment.customer.name)[:120]
    return f"{clean_reason(appointment.title)[:120]}: {name}"


def _body(work: UnitOfWork, appointment: Appointment) -> str:
    customer, language = appointment.customer, appointment.language
    branch = work.roster.branch_of(appointment)
    rows = {
        "Customer": customer.name,
        "Phone": customer.phone,
        "E-mail": customer.email,
        "How": say(_CHANNELS[appointment.channel]),
        "Where": branch.location if branch else "",
        "Language": work.roster.languages.get(language, language),
        "Queue": work.roster.queue_name(appointment.queue_id),
    }
    lines = [f"{label}: {clean_reason(text)}" for label, text in rows.items() if text]
    return "\n".join([*lines, "", say("connections.host_drafts.footer")])


def _attendees(
    work: UnitOfWork, appointment: Appointment
) -> tuple[tuple[str, str], ...]:
    agent = work.roster.people.get(appointment.agent_id or UUID(int=0))
    attendees = [(agent.calendar_address, agent.name)] if agent else []
    customer = appointment.customer
    if inviting.is_invited_by_host(work, appointment):
        attendees.append((customer.email, clean_reason(customer.name)[:120]))
    return tuple(attendees)
