"""Determine whose outside calendars are read, and report unreadable calendars.

If the provider no longer finds a mailbox, somebody may just be moving or renaming the
mailbox. So the stored busy times of the mailbox are kept for an hour, and used until
they are too old. After that hour, the agent counts as having no outside calendar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.provider_errors import MailboxUnknownError
from invo_booking.persistence.calendars.busy import AgentCalendar
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import (
    PRIMARY_PROVIDER,
    reads_busy_times_by_setting,
    writes_events_by_setting,
)
from invo_booking.texts import count, say
from invo_booking.usecases.appointment.history import add_calendar_write
from invo_booking.usecases.calendars.alerts import connection_page_address
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps

BELIEVED_FOR = timedelta(hours=1)
"""How long a mailbox that the provider no longer finds still counts as existing, if it
was read before."""

RETRY_AFTER = timedelta(days=1)
"""Time after which the provider is asked again about a mailbox that it does not
know."""

REPORTED_AFTER = timedelta(hours=1)
"""How long a calendar must be unreadable before administrators are mailed."""

_UNKNOWN_TEXT = "connections.outside_agents.no_mailbox_body"


_UNREAD_TEXT = "connections.outside_agents.unread_body"


class Reading(StrEnum):
    """The state of an agent's calendar at the primary provider."""

    KNOWN = "known"
    WAITING = "waiting"
    """The calendar was not read yet."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    """The provider knows no mailbox with the agent's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarStanding:
    """The state of an agent's calendar, and since when (UTC) it is unreadable."""

    reading: Reading
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadAgent:
    """An agent whose calendar cannot be read.

    Attributes:
        code: The provider's own code of the failure; empty if there is none.
        sentence: What is wrong and what to do.
        since: Time of the first failure since the last successful reading, in UTC.
    """

    agent_id: UUID
    name: str
    mailbox: str
    code: str
    sentence: str
    since: datetime


def primary_connection(work: UnitOfWork) -> Connection | None:
    """Return the connection to the primary provider, if it is active."""
    connection = work.connections.active()
    if connection is None or connection.provider != work.settings[PRIMARY_PROVIDER]:
        return None
    return connection


def reads_calendars(work: UnitOfWork) -> bool:
    """Whether agents' calendars at the primary provider are read to find busy times."""
    is_wanted = reads_busy_times_by_setting(work.settings)
    return is_wanted and primary_connection(work) is not None


def calendar_standings(work: UnitOfWork) -> dict[UUID, CalendarStanding]:
    """Return the states of the agents' calendars; empty if no calendars are read."""
    calendars = work.busy.calendars() if reads_calendars(work) else ()
    return {it.agent_id: _calendar_standing(it) for it in calendars}


def _calendar_standing(calendar: AgentCalendar) -> CalendarStanding:
    if not calendar.registered:
        return CalendarStanding(reading=Reading.UNKNOWN)
    if calendar.unread_since is not None:
        return CalendarStanding(reading=Reading.FAILED, since=calendar.unread_since)
    is_read = calendar.read_at is not None
    return CalendarStanding(reading=Reading.KNOWN if is_read else Reading.WAITING)


def follow_agents(work: UnitOfWork, now: datetime) -> None:
    """Set the calendars that are read to those of the current agents. Idempotent.

    A reading becomes due now. Until it is done, agents who are new or have a new
    address are not free, because their busy times are unknown. Call this function under
    the roster's lock, after a change of people, connection or settings and before
    appointments are changed.
    """
    connection = primary_connection(work)
    if connection is None or are_followed(work):
        return
    work.publish_roster_change()
    work.connections.schedule_run(connection.id, now)
    work.busy.follow(_mailboxes(work))


def invite_again(work: UnitOfWork, agent_id: UUID, now: datetime) -> None:
    """Queue writes so that the host calendar's events invite an agent's new mailbox."""
    if not writes_events_by_setting(work.settings):
        return
    for appointment_id in work.appointments.confirmed_of_agent(agent_id, now):
        add_calendar_write(work, appointment_id, now)


def are_followed(work: UnitOfWork) -> bool:
    """Whether ``follow_agents`` would change nothing for the current connection."""
    return not reads_busy_times_by_setting(work.settings) or work.busy.follows(
        _mailboxes(work)
    )


def agents_to_ask(work: UnitOfWork, now: datetime) -> dict[str, UUID]:
    """Return the agents whose calendars are to be read now, by mailbox.

    Agents whose calendar was never read come first, then those whose last reading is
    oldest.
    """
    return {
        it.mailbox: it.agent_id
        for it in work.busy.calendars()
        if it.registered or it.tried_at is None or it.tried_at + RETRY_AFTER <= now
    }


def note_unknown(
    work: UnitOfWork, known: AgentCalendar, problem: MailboxUnknownError, at: datetime
) -> None:
    """Store that the provider does not know an agent's mailbox.

    Args:
        known: The agent's stored calendar, whose row is locked.
        problem: The provider's error.
        at: When the provider was asked, in UTC.
    """
    since = known.unknown_since or at
    if known.read_at is not None and at - since < BELIEVED_FOR:
        work.busy.record_failure(
            known.agent_id,
            str(problem),
            at,
            code=problem.provider_code,
            unknown_since=since,
        )
    else:
        work.busy.record_unregistered(known.agent_id, str(problem), at)


def report_unknown(deps: Deps, work: UnitOfWork, connection: Connection) -> None:
    """Mail administrators about unknown mailboxes that were not reported yet."""
    new = work.busy.take_unreported()
    if not new:
        return
    provider = provider_label(connection.provider)
    number = count("connections.outside_agents.agents", len(new))
    text = say(
        _UNKNOWN_TEXT,
        provider=provider,
        agents="\n".join(unknown_agents(work, new)),
        page=connection_page_address(deps),
    )
    subject = say(
        "connections.outside_agents.no_mailbox_subject",
        provider=provider,
        number=number,
    )
    notices.notify_administrators(work, subject, text, deps.now())


def unknown_agents(
    work: UnitOfWork, calendars: Sequence[AgentCalendar]
) -> tuple[str, ...]:
    """Return names and mailboxes of these calendars' agents, if they still exist."""
    people = work.roster.people
    return tuple(
        f"{people[it.agent_id].name} ({it.mailbox})"
        for it in calendars
        if it.agent_id in people
    )


def unread_agents(work: UnitOfWork) -> tuple[UnreadAgent, ...]:
    """Return the agents with unreadable calendars, longest unreadable first."""
    if not reads_calendars(work):
        return ()
    return _unread(work, work.busy.unread_calendars())


def own_calendar_problem(deps: Deps, actor: Actor) -> UnreadAgent | None:
    """Return why the actor's own calendar cannot be read; ``None`` if readable."""
    with deps.unit_of_work() as work:
        agents = unread_agents(work)
    return next((it for it in agents if it.agent_id == actor.id), None)


def report_unread(deps: Deps, work: UnitOfWork, connection: Connection) -> None:
    """Mail administrators once about calendars that could not be read for an hour."""
    calendars = work.busy.take_unread(deps.now() - REPORTED_AFTER)
    unread = _unread(work, calendars)
    if not unread:
        return
    provider = provider_label(connection.provider)
    text = say(
        _UNREAD_TEXT,
        provider=provider,
        agents="\n".join(map(_line, unread)),
        page=connection_page_address(deps),
    )
    subject = f"{provider}: {unread_count_text(len(unread))}"
    notices.notify_administrators(work, subject, text, deps.now())


def unread_count_text(number: int) -> str:
    """Return the number of unread calendars as a clause of a sentence."""
    return count("connections.outside_agents.unread_subject", number)


def _unread(
    work: UnitOfWork, calendars: Sequence[AgentCalendar]
) -> tuple[UnreadAgent, ...]:
    """Return the unread calendars, without those whose agents no longer exist."""
    people = work.roster.people
    return tuple(
        UnreadAgent(
            agent_id=it.agent_id,
            name=people[it.agent_id].name,
            mailbox=it.mailbox,
            code=it.problem_code,
            sentence=it.problem,
            since=it.unread_since,
        )
        for it in calendars
        if it.agent_id in people and it.unread_since is not None
    )


def _line(agent: UnreadAgent) -> str:
    code = f" ({agent.code})" * bool(agent.code)
    return f"{agent.name} ({agent.mailbox}): {agent.sentence}{code}"


def _mailboxes(work: UnitOfWork) -> dict[UUID, str]:
    return {agent.id: agent.calendar_address for agent in work.roster.agents}
