"""Who can take what and when: the database's facts handed to the slot engine."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.access.policy import first_day
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import SlotClosedError, SlotTakenError
from invo_booking.domain.hours import duty
from invo_booking.domain.institution import Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import Claimed
from invo_booking.domain.slots.reasons import Reason, Rule
from invo_booking.domain.slots.search import (
    Booking,
    Calendar,
    Group,
    Rules,
    Slots,
    Waiting,
    nearest,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calendars as calendar_settings
from invo_booking.settings import time as time_settings
from invo_booking.settings.spec import Values

WIDEST_BUFFER = timedelta(hours=4)
"""No buffer is longer: how far beyond a window appointments can matter."""

LOOK_AROUND = timedelta(days=7)
TAKEN = frozenset(
    {
        Rule.AGENTS_BUSY,
        Rule.BUFFERS,
        Rule.CALENDAR_UNKNOWN,
        Rule.PERCENT,
        Rule.CAPACITY,
    }
)
"""Rules that close a slot because of other people, not because of the rule book."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be booked: for whom, how long and with which buffers."""

    group: Group
    length: timedelta
    buffer_before: timedelta
    buffer_after: timedelta

    @classmethod
    def of(cls, appointment: Appointment) -> "Wanted":
        """Return what an existing appointment takes up."""
        return cls(
            Group(appointment.queue_id, appointment.language),
            appointment.ends_at - appointment.starts_at,
            appointment.buffer_before,
            appointment.buffer_after,
        )


def rules_for(
    roster: Roster,
    settings: Values,
    wanted: Wanted,
    now: datetime,
    *,
    public: bool,
) -> Rules:
    """Return today's rules for the public or for staff; they differ in numbers only.

    Staff are not held to the percentage of free agents: it keeps the public from
    using up the last ones, whom staff may still give away.
    """
    zone = roster.institution.zone
    day, window = (
        (time_settings.PUBLIC_EARLIEST_DAY, time_settings.PUBLIC_WINDOW)
        if public
        else (time_settings.AGENT_EARLIEST_DAY, time_settings.AGENT_WINDOW)
    )
    return Rules(
        zone=zone,
        now=now,
        step=settings[time_settings.INTERVAL],
        length=wanted.length,
        buffer_before=wanted.buffer_before,
        buffer_after=wanted.buffer_after,
        earliest_day=first_day(now, zone, settings[day]),
        disabled_window=settings[window],
        latest=horizon_end(now, zone, settings),
        weekends_off=settings[time_settings.WEEKENDS_OFF],
        holidays=roster.holidays,
        percent=settings[calendar_settings.FREE_PERCENT] if public else 0,
    )


def horizon_end(now: datetime, zone: ZoneInfo, settings: Values) -> datetime:
    """Return the first instant too far ahead to book: a midnight of the institution."""
    last = now.astimezone(zone).date() + timedelta(days=settings[time_settings.HORIZON])
    return midnight(last + timedelta(days=1), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant a date begins in a zone, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def days_of(period: Interval, zone: ZoneInfo) -> list[date]:
    """Return every local date that shares an instant with the period."""
    first = period.start.astimezone(zone).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def calendars_of(
    roster: Roster, appointments: Iterable[Appointment], window: Interval
) -> tuple[list[Calendar], list[Waiting]]:
    """Return each agent's calendar and the appointments that still need an agent.

    Args:
        roster: People and their hours.
        appointments: Live ones around the window; see ``around``.
        window: What will be asked about.
    """
    booked: defaultdict[UUID, list[Booking]] = defaultdict(list)
    waiting: list[Waiting] = []
    for item in appointments:
        if item.agent_id is None:
            waiting.append(waiting_of(item))
        else:
            booked[item.agent_id].append(booking_of(item))
    span = window.widened(WIDEST_BUFFER, WIDEST_BUFFER)
    closed = frozenset(roster.holidays)
    zone = roster.institution.zone
    calendars = [
        Calendar(
            agent_id=agent.id,
            name=agent.name,
            queues=agent.queues,
            languages=agent.languages,
            duty=tuple(duty(agent.hours, span, closed, zone)),
            booked=tuple(booked[agent.id]),
            busy=(),
        )
        for agent in roster.agents
    ]
    return calendars, waiting


def booking_of(appointment: Appointment) -> Booking:
    """Return the time an assigned appointment takes from its agent."""
    return Booking(
        appointment.period, appointment.buffer_before, appointment.buffer_after
    )


def waiting_of(appointment: Appointment) -> Waiting:
    """Return what an unassigned appointment asks of the agents."""
    return Waiting(
        appointment.period,
        appointment.buffer_before,
        appointment.buffer_after,
        appointment.queue_id,
        appointment.language,
    )


def around(window: Interval) -> Interval:
    """Return the span in which appointments can touch the window by their buffers."""
    return window.widened(2 * WIDEST_BUFFER, 2 * WIDEST_BUFFER)


def read_calendars(
    work: UnitOfWork,
    window: Interval,
    now: datetime,
    *,
    without: Appointment | None = None,
) -> tuple[list[Calendar], list[Waiting]]:
    """Return calendars and waiting appointments as this transaction sees them.

    Args:
        work: The transaction.
        window: What will be asked about.
        now: The present instant.
        without: An appointment to leave out as it is stored, because it is moved.
    """
    claimed = _claimed(without) if without else None
    with work.book(window, now) as book:
        return book.calendars(window, without=claimed)


def _claimed(appointment: Appointment) -> Claimed:
    return Claimed(
        appointment.agent_id,
        appointment.queue_id,
        appointment.language,
        appointment.period,
    )


def open_between(
    work: UnitOfWork,
    rules: Rules,
    group: Group,
    window: Interval,
    agent: UUID | None = None,
) -> Slots:
    """Return the open slots of a window, earliest first; perhaps of one agent."""
    first, last = max(window.start, rules.earliest), min(window.end, rules.latest)
    if first >= last:
        return Slots(rules.length)
    bookable = Interval(first, last)
    with work.book(bookable, rules.now) as book:
        return book.open_slots(rules, group, bookable, agent=agent)


def nearest_open(
    work: UnitOfWork,
    rules: Rules,
    group: Group,
    start: datetime,
    agent: UUID | None = None,
) -> list[Interval]:
    """Return up to three open spans closest to a start; perhaps of one agent."""
    window = Interval(start - LOOK_AROUND, start + LOOK_AROUND)
    return nearest(open_between(work, rules, group, window, agent), start)


def refusal(
    reason: Reason, nearby: Sequence[Interval] = (), *, sentence: str = ""
) -> SlotTakenError | SlotClosedError:
    """Return the error for a slot that is not open."""
    words = sentence or reason.sentence
    if reason.rule in TAKEN:
        return SlotTakenError(words, nearby)
    return SlotClosedError(words, str(reason.rule), nearby)
