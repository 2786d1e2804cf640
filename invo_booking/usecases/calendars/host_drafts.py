"""Draft the host calendar's event of an appointment."""

import hashlib
import json
from dataclasses import asdict
from uuid import UUID

from invo_booking.domain.appointment import Appointment, Channel
from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import (
    INVITE_CUSTOMER,
    ONLINE_MEETING,
    PRIVATE_EVENTS,
)
from invo_booking.usecases.appointment.rooms import room_template
from invo_booking.usecases.appointment.steps import clean_reason

_CHANNELS = {
    Channel.VIDEO: "Video call",
    Channel.PHONE: "Phone call",
    Channel.BRANCH: "In the branch",
}


def event_draft(work: UnitOfWork, appointment: Appointment, key: UUID) -> EventDraft:
    """Return the event of an appointment under today's settings.

    The event contains the customer's name and the channel for the agent, never the
    secret link or the customer's notes.

    Args:
        work: The transaction.
        appointment: The stored appointment.
        key: The product's own id of the event.
    """
    is_room_elsewhere = bool(room_template(work, appointment))
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
    """Return a digest that is equal for equal events."""
    plain = json.dumps(asdict(draft), sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


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
        "How": _CHANNELS[appointment.channel],
        "Where": branch.location if branch else "",
        "Language": work.roster.languages.get(language, language),
        "Queue": work.roster.queue_name(appointment.queue_id),
    }
    lines = [f"{label}: {clean_reason(text)}" for label, text in rows.items() if text]
    return "\n".join([*lines, "", "Booked with Invo Booking."])


def _attendees(
    work: UnitOfWork, appointment: Appointment
) -> tuple[tuple[str, str], ...]:
    agent = work.roster.people.get(appointment.agent_id or UUID(int=0))
    attendees = [(agent.calendar_address, agent.name)] if agent else []
    customer = appointment.customer
    if work.settings[INVITE_CUSTOMER] and customer.email:
        attendees.append((customer.email, clean_reason(customer.name)[:120]))
    return tuple(attendees)
