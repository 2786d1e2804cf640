"""Store the busy times of agents' calendars at the primary provider."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, text
from sqlmodel import col, select, update

from invo_booking.domain.calendars.busy_times import (
    merge_by_day,
    replace_window,
    widen_to_days,
)
from invo_booking.domain.interval import Interval
from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.supply import AgentCalendarRow, BusyIntervalRow

Echoes = Mapping[UUID, Interval]
"""Spans of the entries that the product wrote to a mailbox, by appointment."""

_NO_ECHOES: Echoes = {}

_ECHOES = text("""
SELECT agent_id, appointment_id,
  coalesce(wanted_starts_at, starts_at), coalesce(wanted_ends_at, ends_at)
FROM host_event
WHERE state <> 'gone' AND agent_id = ANY(:agents) AND ends_at > :since
UNION
SELECT agent_id, id, starts_at, ends_at
FROM appointment
WHERE status IN ('requested', 'confirmed') AND agent_id = ANY(:agents)
  AND ends_at > :since
  AND NOT EXISTS (
    SELECT FROM host_event WHERE appointment_id = appointment.id AND state <> 'gone'
  )
""")

# Locks all days in one fixed order before anything is written. Every transaction that
# changes appointments does the same, so no two can deadlock.
_LOCK_AGENT_DAYS = text("""
INSERT INTO agent_day (owner_id, language, branch_id, day, spans, changed)
SELECT DISTINCT CAST(:agent AS uuid), '', nowhere(), institution_day(at), ''::bytea,
  pg_current_xact_id()::text::bigint
FROM unnest(CAST(:instants AS timestamptz[])) AS at
ORDER BY 4
ON CONFLICT (owner_id, language, branch_id, day)
  DO UPDATE SET changed = excluded.changed
""")
_INSERT = text("""
INSERT INTO busy_interval (agent_id, starts_at, ends_at)
SELECT :agent, starts_at, ends_at
FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
  AS span(starts_at, ends_at)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCalendar:
    """The state of an agent's outside calendar.

    Attributes:
        mailbox: E-mail address of the mailbox.
        registered: Whether the provider knows the mailbox.
        tried_at: Time of the last query; ``None`` if there was none.
        read_at: Time of the last successful query; ``None`` if there was none.
        problem: Why the last query failed; empty if it succeeded.
        problem_code: The provider's error code; empty if the provider sent none.
        unread_since: Time of the first failure after the last successful query;
            ``None`` if the last query succeeded.
        unknown_since: Since when the provider has reported that it no longer knows the
            mailbox; ``None`` if the last query did not report this.
    """

    agent_id: UUID
    mailbox: str
    registered: bool
    tried_at: datetime | None
    read_at: datetime | None
    problem: str
    problem_code: str
    unread_since: datetime | None
    unknown_since: datetime | None


class Busy(Repository):
    """Busy intervals as one transaction sees them.

    Transactions that write lock the agent's calendar first and then the agent's days.
    """

    def forget(self) -> None:
        """Delete all busy times and the state of all calendars."""
        self._delete(AgentCalendarRow)
        self._delete(BusyIntervalRow)

    def follows(self, mailboxes: Mapping[UUID, str]) -> bool:
        """Whether exactly these calendars, with these addresses, are followed."""
        return {it.agent_id: it.mailbox for it in self.calendars()} == dict(mailboxes)

    def follow(self, mailboxes: Mapping[UUID, str]) -> None:
        """Follow the calendars of exactly these agents: only their busy times count.

        A new calendar, or a calendar with a new address, has not been read yet. Other
        processes notice a removed calendar only when the roster has a new revision.

        Args:
            mailboxes: E-mail address of each agent's mailbox, by agent.
        """
        known = {it.agent_id: it for it in self.calendars()}
        gone = [
            agent for agent, it in known.items() if mailboxes.get(agent) != it.mailbox
        ]
        if gone:
            rows = col(AgentCalendarRow.agent_id).in_(gone)
            self._delete(AgentCalendarRow, rows)
            self._delete(BusyIntervalRow, col(BusyIntervalRow.agent_id).in_(gone))
        new = [agent for agent in mailboxes if agent in gone or agent not in known]
        self._session.add_all(
            AgentCalendarRow(agent_id=agent, mailbox=mailboxes[agent]) for agent in new
        )
        self._session.flush()

    def calendars(self) -> list[AgentCalendar]:
        """Return all followed calendars; the one read longest ago comes first."""
        rows = self._session.exec(
            select(AgentCalendarRow).order_by(
                col(AgentCalendarRow.read_at).nulls_first(),
                col(AgentCalendarRow.agent_id),
            )
        )
        return list(map(_calendar, rows))

    def calendars_of(self, agents: Collection[UUID]) -> dict[UUID, AgentCalendar]:
        """Return the followed calendars of these agents, by agent."""
        rows = self._session.exec(
            select(AgentCalendarRow).where(col(AgentCalendarRow.agent_id).in_(agents))
        )
        return {row.agent_id: _calendar(row) for row in rows}

    def unregistered_calendars(self) -> list[AgentCalendar]:
        """Return the calendars of agents that the provider does not know."""
        return [it for it in self.calendars() if not it.registered]

    def get_for_update(self, agent_id: UUID) -> AgentCalendar | None:
        """Return an agent's calendar, locked until the commit.

        The result is ``None`` if the calendar is no longer followed.
        """
        row = self._session.exec(
            select(AgentCalendarRow)
            .where(AgentCalendarRow.agent_id == agent_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).first()
        return _calendar(row) if row else None

    def echoes(
        self, agents: Collection[UUID], since: datetime
    ) -> dict[UUID, dict[UUID, Interval]]:
        """Return the spans of entries the product wrote to agents' mailboxes, by agent.

        Args:
            agents: Ids of agents.
            since: Entries that ended before this instant are left out.
        """
        echoes: defaultdict[UUID, dict[UUID, Interval]] = defaultdict(dict)
        values = {"agents": list(agents), "since": since}
        for agent, appointment, start, end in self._run(_ECHOES, **values):
            echoes[agent][appointment] = _interval(start, end)
        return echoes

    def record_busy(
        self,
        agent_id: UUID,
        spans: Iterable[Interval],
        at: datetime,
        problem: str = "",
    ) -> bool:
        """Store all busy times of an agent; return whether any changed.

        Args:
            agent_id: The agent, whose calendar is locked by ``get_for_update``.
            spans: Busy times.
            at: Time of the query.
            problem: What could not be read, as a sentence; empty if all could.
        """
        changed = self._write(
            agent_id, self._stored_rows(agent_id), merge_by_day(spans)
        )
        self._note_answer(
            agent_id, problem, at, registered=True, reported=False, read_at=at
        )
        return changed

    def record_window(
        self, agent_id: UUID, window: Interval, spans: Iterable[Interval]
    ) -> bool:
        """Store the busy times of an agent in a window, without changing ``read_at``.

        Returns:
            Whether anything changed.
        """
        days = widen_to_days(window)
        stored = {
            span: numbers
            for span, numbers in self._stored_rows(agent_id).items()
            if span.overlaps(days)
        }
        return self._write(
            agent_id,
            stored,
            merge_by_day(replace_window(stored, window, spans)),
        )

    def release(self, agent_id: UUID, period: Interval) -> None:
        """Remove the busy time of an entry with exactly this span, if there is one.

        Used after the product's own event was moved in the host calendar. If another
        entry touches the span, the busy time stays until the calendar is read again. If
        no busy time has exactly this span, no row is locked: a transaction that has
        locked rows can no longer use the shared index.
        """
        pieces = merge_by_day([period])
        if not pieces <= self._stored_rows(agent_id).keys() or not self.get_for_update(
            agent_id
        ):
            return
        stored = self._stored_rows(agent_id)
        if pieces <= stored.keys():
            self._write(agent_id, {it: stored[it] for it in pieces}, ())

    def record_failure(
        self,
        agent_id: UUID,
        problem: str,
        at: datetime,
        *,
        code: str = "",
        unknown_since: datetime | None = None,
    ) -> None:
        """Record that an agent's calendar could not be read; its busy times stay.

        Args:
            agent_id: The agent.
            problem: Why the calendar could not be read, as a sentence.
            at: Time of the query.
            code: The provider's error code.
            unknown_since: See ``AgentCalendar``.
        """
        self._note(
            agent_id,
            tried_at=at,
            problem=problem[:300],
            problem_code=code[:60],
            unread_since=func.coalesce(col(AgentCalendarRow.unread_since), at),
            unknown_since=unknown_since,
        )

    def ask_unknown(self) -> None:
        """Let the next run retry the mailboxes that the provider did not know."""
        self._change(
            AgentCalendarRow, col(AgentCalendarRow.registered).is_(False), tried_at=None
        )

    def unread_calendars(self) -> list[AgentCalendar]:
        """Return the calendars whose last query failed, the longest unread first."""
        rows = self._session.exec(
            select(AgentCalendarRow)
            .where(_IS_UNREAD)
            .order_by(
                col(AgentCalendarRow.unread_since), col(AgentCalendarRow.agent_id)
            )
        )
        return list(map(_calendar, rows))

    def take_unreported(self) -> list[AgentCalendar]:
        """Return calendars unknown to the provider; mark them as reported."""
        reported = col(AgentCalendarRow.reported)
        return self._take(
            col(AgentCalendarRow.registered).is_(False), reported=reported
        )

    def take_unread(self, since: datetime) -> list[AgentCalendar]:
        """Return unreported calendars that could not be read since an instant.

        Marks these calendars as reported until they are read again.
        """
        return self._take(
            _IS_UNREAD,
            col(AgentCalendarRow.unread_since) <= since,
            reported=col(AgentCalendarRow.unread_reported),
        )

    def _take(self, *conditions: Any, reported: Any) -> list[AgentCalendar]:
        rows = self._session.exec(
            select(AgentCalendarRow)
            .where(*conditions, reported.is_(False))
            .order_by(col(AgentCalendarRow.agent_id))
            .with_for_update()
        )
        calendars = list(map(_calendar, rows))
        if calendars:
            agents = col(AgentCalendarRow.agent_id).in_(
                [it.agent_id for it in calendars]
            )
            self._session.exec(
                update(AgentCalendarRow).where(agents).values({reported: True})
            )
        return calendars

    def record_unregistered(self, agent_id: UUID, problem: str, at: datetime) -> None:
        """Record that the provider does not know the mailbox; delete its busy times."""
        self._write(agent_id, self._stored_rows(agent_id), frozenset())
        self._note_answer(agent_id, problem, at, registered=False, read_at=None)

    def _stored_rows(self, agent_id: UUID) -> dict[Interval, list[int]]:
        rows = self._run(
            text(
                "SELECT id, starts_at, ends_at FROM busy_interval WHERE agent_id = :who"
            ),
            who=agent_id,
        )
        ids: defaultdict[Interval, list[int]] = defaultdict(list)
        for number, start, end in rows:
            ids[_interval(start, end)].append(number)
        return ids

    def _write(
        self,
        agent_id: UUID,
        stored: Mapping[Interval, list[int]],
        wanted: Collection[Interval],
    ) -> bool:
        """Write only differences, because each change makes other processes recount."""
        gone = [span for span in stored if span not in wanted]
        new = [span for span in wanted if span not in stored]
        if not gone and not new:
            return False
        instants = [span.start for span in (*gone, *new)]
        self._run(_LOCK_AGENT_DAYS, agent=agent_id, instants=instants)
        if gone:
            numbers = [number for span in gone for number in stored[span]]
            rows = col(BusyIntervalRow.id).in_(numbers)
            self._delete(BusyIntervalRow, rows)
        if new:
            starts, ends = [it.start for it in new], [it.end for it in new]
            self._run(_INSERT, agent=agent_id, starts=starts, ends=ends)
        return True

    def _note_answer(
        self, agent_id: UUID, problem: str, at: datetime, **values: Any
    ) -> None:
        """Store that the provider answered, which ends the calendar's unread state."""
        self._note(
            agent_id,
            tried_at=at,
            problem=problem[:300],
            problem_code="",
            unread_since=None,
            unread_reported=False,
            unknown_since=None,
            **values,
        )

    def _note(self, agent_id: UUID, **values: Any) -> None:
        self._change(
            AgentCalendarRow, col(AgentCalendarRow.agent_id) == agent_id, **values
        )


_calendar = row_reader(AgentCalendar)
_IS_UNREAD = and_(
    col(AgentCalendarRow.registered), col(AgentCalendarRow.unread_since).is_not(None)
)


def _interval(start: datetime, end: datetime) -> Interval:
    return Interval(start.astimezone(UTC), end.astimezone(UTC))
