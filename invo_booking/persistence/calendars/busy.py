"""What the primary provider told of agents' own calendars."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete, select, update

from invo_booking.domain.calendars.busy_times import (
    merge_by_day,
    replace_window,
    widen_to_days,
)
from invo_booking.domain.interval import Interval
from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.tables.supply import AgentCalendarRow, BusyIntervalRow

Echoes = Mapping[UUID, Interval]
"""Where our own entries stand in a mailbox, by appointment."""

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

# Taken all at once and in one order before anything is written, as everybody does who
# changes an appointment: two that wait for each other's days would never end.
_LOCK_SHEETS = text("""
INSERT INTO day_sheet (owner_id, language, day, spans, changed)
SELECT DISTINCT CAST(:agent AS uuid), '', institution_day(at), ''::bytea,
  pg_current_xact_id()::text::bigint
FROM unnest(CAST(:instants AS timestamptz[])) AS at
ORDER BY 3
ON CONFLICT (owner_id, language, day) DO UPDATE SET changed = excluded.changed
""")
_INSERT = text("""
INSERT INTO busy_interval (agent_id, starts_at, ends_at)
SELECT :agent, starts_at, ends_at
FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
  AS span(starts_at, ends_at)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCalendar:
    """How an agent's outside calendar was last asked for.

    Attributes:
        mailbox: The address it is asked for by.
        registered: Whether the provider knows the address.
        tried_at: When it was last asked; ``None`` for never.
        read_at: When it last answered; ``None`` for never.
        problem: Why it did not the last time; empty if it did.
    """

    agent_id: UUID
    mailbox: str
    registered: bool
    tried_at: datetime | None
    read_at: datetime | None
    problem: str


class Busy:
    """Busy intervals as one transaction sees them.

    Whoever writes locks the agent's calendar first and then the day sheets, never the
    other way round.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def forget(self) -> None:
        """Delete all that was read, and how and when it was read."""
        self._session.exec(delete(AgentCalendarRow))
        self._session.exec(delete(BusyIntervalRow))

    def follows(self, mailboxes: Mapping[UUID, str]) -> bool:
        """Whether these agents' calendars count by these addresses, and no others."""
        return {it.agent_id: it.mailbox for it in self.calendars()} == dict(mailboxes)

    def follow(self, mailboxes: Mapping[UUID, str]) -> None:
        """Let these agents' calendars count, and nobody else's.

        Whoever is new, or has another address now, is unknown until asked. Readings
        that end are told to other processes by a new revision of the roster only.

        Args:
            mailboxes: Addresses of the agents.
        """
        known = {it.agent_id: it for it in self.calendars()}
        gone = [
            agent for agent, it in known.items() if mailboxes.get(agent) != it.mailbox
        ]
        if gone:
            rows = col(AgentCalendarRow.agent_id).in_(gone)
            self._session.exec(delete(AgentCalendarRow).where(rows))
            self._session.exec(
                delete(BusyIntervalRow).where(col(BusyIntervalRow.agent_id).in_(gone))
            )
        new = [agent for agent in mailboxes if agent in gone or agent not in known]
        self._session.add_all(
            AgentCalendarRow(agent_id=agent, mailbox=mailboxes[agent]) for agent in new
        )
        self._session.flush()

    def calendars(self) -> list[AgentCalendar]:
        """Return whose calendars count; those read longest ago come first."""
        rows = self._session.exec(
            select(AgentCalendarRow).order_by(
                col(AgentCalendarRow.read_at).nulls_first(),
                col(AgentCalendarRow.agent_id),
            )
        )
        return list(map(_calendar, rows))

    def calendars_of(self, agents: Collection[UUID]) -> dict[UUID, AgentCalendar]:
        """Return these agents' calendars; those that do not count are left out."""
        rows = self._session.exec(
            select(AgentCalendarRow).where(col(AgentCalendarRow.agent_id).in_(agents))
        )
        return {row.agent_id: _calendar(row) for row in rows}

    def unregistered_calendars(self) -> list[AgentCalendar]:
        """Return the calendars of agents the provider does not know."""
        return [it for it in self.calendars() if not it.registered]

    def get_for_update(self, agent_id: UUID) -> AgentCalendar | None:
        """Return an agent's calendar, which nobody else changes meanwhile.

        ``None`` if it does not count any more.
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
        """Return where our own entries stand in agents' mailboxes, by agent.

        Args:
            agents: Whose.
            since: Entries that ended before do not matter.
        """
        found: defaultdict[UUID, dict[UUID, Interval]] = defaultdict(dict)
        values = {"agents": list(agents), "since": since}
        for agent, appointment, start, end in self._run(_ECHOES, **values):
            found[agent][appointment] = _interval(start, end)
        return found

    def record_busy(
        self,
        agent_id: UUID,
        spans: Iterable[Interval],
        at: datetime,
        problem: str = "",
    ) -> bool:
        """Note all that was read of an agent's calendar; return whether any is new.

        Args:
            agent_id: Whose; see ``get_for_update``.
            spans: When the agent is busy.
            at: When it was asked.
            problem: What could not be read of it; empty if all was.
        """
        changed = self._write(
            agent_id, self._stored_rows(agent_id), merge_by_day(spans)
        )
        note = {"read_at": at, "tried_at": at, "problem": problem[:300]}
        self._note(agent_id, registered=True, **note)
        return changed

    def record_window(
        self, agent_id: UUID, window: Interval, spans: Iterable[Interval]
    ) -> bool:
        """Note what was read of a window only, leaving the calendar's age alone.

        Returns:
            Whether anything is new.
        """
        days = widen_to_days(window)
        stored = {
            span: numbers
            for span, numbers in self._stored_rows(agent_id).items()
            if span.overlaps(days)
        }
        return self._write(
            agent_id, stored, merge_by_day(replace_window(stored, window, spans))
        )

    def release(self, agent_id: UUID, period: Interval) -> None:
        """Take out an entry that is exactly there, for it is our own.

        Somebody moved it elsewhere before we knew. If another entry touches it, it
        stays until the calendar is read again. Where there is nothing to take out, no
        row is locked: the transaction can go on asking the book all share.
        """
        pieces = merge_by_day([period])
        if not pieces <= self._stored_rows(agent_id).keys() or not self.get_for_update(
            agent_id
        ):
            return
        stored = self._stored_rows(agent_id)
        if pieces <= stored.keys():
            self._write(agent_id, {it: stored[it] for it in pieces}, ())

    def record_failure(self, agent_id: UUID, problem: str, at: datetime) -> None:
        """Note that an agent's calendar could not be read; what was read stays."""
        self._note(agent_id, tried_at=at, problem=problem[:300])

    def record_unregistered(self, agent_id: UUID, problem: str, at: datetime) -> None:
        """Note that the provider knows no such mailbox: our own data alone counts."""
        self._write(agent_id, self._stored_rows(agent_id), frozenset())
        self._note(
            agent_id,
            registered=False,
            read_at=None,
            tried_at=at,
            problem=problem[:300],
        )

    def _stored_rows(self, agent_id: UUID) -> dict[Interval, list[int]]:
        rows = self._run(
            text(
                "SELECT id, starts_at, ends_at FROM busy_interval WHERE agent_id = :who"
            ),
            who=agent_id,
        )
        found: defaultdict[Interval, list[int]] = defaultdict(list)
        for number, start, end in rows:
            found[_interval(start, end)].append(number)
        return found

    def _write(
        self,
        agent_id: UUID,
        stored: Mapping[Interval, list[int]],
        wanted: Collection[Interval],
    ) -> bool:
        """Change only what differs: each change makes other processes count again."""
        gone = [span for span in stored if span not in wanted]
        new = [span for span in wanted if span not in stored]
        if not gone and not new:
            return False
        instants = [span.start for span in (*gone, *new)]
        self._run(_LOCK_SHEETS, agent=agent_id, instants=instants)
        if gone:
            numbers = [number for span in gone for number in stored[span]]
            rows = col(BusyIntervalRow.id).in_(numbers)
            self._session.exec(delete(BusyIntervalRow).where(rows))
        if new:
            starts, ends = [it.start for it in new], [it.end for it in new]
            self._run(_INSERT, agent=agent_id, starts=starts, ends=ends)
        return True

    def _note(self, agent_id: UUID, **values: Any) -> None:
        statement = update(AgentCalendarRow).where(
            col(AgentCalendarRow.agent_id) == agent_id
        )
        self._session.exec(statement.values(**values))

    def _run(self, statement: Any, **values: object) -> Any:
        return self._session.connection().execute(statement, values)


_calendar = row_reader(AgentCalendar)


def _interval(start: datetime, end: datetime) -> Interval:
    return Interval(start.astimezone(UTC), end.astimezone(UTC))
