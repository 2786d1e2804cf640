"""Ask the slot engine for open starts, their agents, and reasons for closed starts."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import SlotClosedError, SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import AppointmentKey
from invo_booking.domain.slots.reasons import Reason, customer_sentence
from invo_booking.domain.slots.search import (
    NEEDED,
    Rules,
    Situation,
    Slots,
    StartFinding,
    Verdict,
    nearest_openings,
    verdict_out_of_time,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.slots.availability import (
    TAKEN,
    SlotRequest,
    group_of,
    rules_for,
)

LOOK_AROUND = timedelta(days=7)
_NEEDED = say("placement.needed")


@dataclass(frozen=True, slots=True)
class SlotQuestion:
    """A slot request, together with the rules by which the request is judged.

    All bookings, moves, assignments and explanations use this class. While a day is
    locked, the slot engine's answers about that day stay valid until the commit.

    Attributes:
        wanted: The request.
        rules: Rules for the public or for staff.
    """

    work: UnitOfWork
    wanted: SlotRequest
    rules: Rules

    @classmethod
    def of_public(cls, work: UnitOfWork, wanted: SlotRequest, now: datetime) -> Self:
        """Return the slot question under the rules for customers."""
        rules = rules_for(work.roster, work.settings, wanted, now, public=True)
        return cls(work, wanted, rules)

    @classmethod
    def of_staff(cls, work: UnitOfWork, wanted: SlotRequest, now: datetime) -> Self:
        """Return the slot question under the rules for staff."""
        rules = rules_for(work.roster, work.settings, wanted, now, public=False)
        return cls(work, wanted, rules)

    def open(self, window: Interval, *, agent: UUID | None = None) -> Slots:
        """Return the open slots of a window, earliest first.

        Args:
            window: Span of the starts, in UTC.
            agent: If given, only slots that can be booked with this agent.
        """
        first = max(window.start, self.rules.earliest)
        last = min(window.end, self.rules.latest)
        if first >= last:
            return Slots(self.rules.length)
        bookable = Interval(first, last)
        with self.work.availability(bookable, self.rules.now) as index:
            return index.open_slots(
                self.rules, self.wanted.group, bookable, agent=agent
            )

    def offers(self, start: datetime, *, agent: UUID | None = None) -> bool:
        """Whether a start is open. This is faster than ``judge``."""
        starts = self.open(Interval(start, start + self.wanted.length), agent=agent)
        return bool(starts) and starts[0].start == start

    def judge(
        self,
        start: datetime,
        *,
        on_grid: bool = True,
        without: Appointment | None = None,
    ) -> Verdict:
        """Return whether a start is open, and who can take it or why it is closed."""
        verdict = verdict_out_of_time(self.rules, start)
        return verdict or self.around_start(start, without=without).judge(
            start, on_grid=on_grid
        )

    def survey(self, window: Interval) -> list[StartFinding]:
        """Return a finding about every start on the grid of a window, open or not."""
        return self.around(window).survey(window)

    def nearest(self, start: datetime, *, agent: UUID | None = None) -> list[Interval]:
        """Return up to three open slots closest to a start, earliest first."""
        window = Interval(start - LOOK_AROUND, start + LOOK_AROUND)
        return nearest_openings(self.open(window, agent=agent), start)

    def require_open(
        self, start: datetime, *, without: Appointment | None = None
    ) -> tuple[UUID, ...]:
        """Return the agents (at least one) who can take an open start, ordered by id.

        Raises:
            SlotTakenError: If the start is taken, with an error message for customers.
            SlotClosedError: If a rule closes the start, with an error message for
                customers.
        """
        verdict = self.judge(start, without=without)
        if not verdict.open:
            raise slot_refusal(
                verdict.reasons[0], sentence=customer_sentence(verdict.reasons)
            )
        return verdict.placeable

    def around(
        self,
        window: Interval,
        *,
        agent: UUID | None = None,
        without: Appointment | None = None,
    ) -> Situation:
        """Return the agents' time around a window, to judge several starts.

        Args:
            window: Span of the starts to examine, in UTC.
            agent: Agent to include even if this agent does not serve the group.
            without: Appointment to leave out because it is to be moved.
        """
        reach = window.widen(timedelta(), self.wanted.length)
        with self.work.availability(reach, self.rules.now) as index:
            return index.around(
                self.rules,
                self.wanted.group,
                window,
                agent=agent,
                without=appointment_key(without) if without else None,
            )

    def around_start(
        self,
        start: datetime,
        *,
        agent: UUID | None = None,
        without: Appointment | None = None,
    ) -> Situation:
        """Return the agents' time around one start; see ``around``."""
        window = Interval(start, start + timedelta(minutes=1))
        return self.around(window, agent=agent, without=without)

    def refuse_because(self, reasons: Sequence[Reason], start: datetime) -> None:
        """Raise the error for the first reason; do nothing if there are no reasons.

        The error contains the message for staff and the nearest open slots.
        """
        if reasons:
            raise slot_refusal(reasons[0], self.nearest(start))

    @contextmanager
    def with_nearest_starts(
        self, start: datetime, agent: UUID | None = None
    ) -> Generator[None]:
        """Add the nearest open slots to errors about slots from the ``with`` block."""
        try:
            yield
        except (SlotTakenError, SlotClosedError) as refused:
            refused.nearest = tuple(self.nearest(start, agent=agent))
            raise


def appointment_key(appointment: Appointment) -> AppointmentKey:
    """Return the values by which the slot engine identifies an appointment."""
    return AppointmentKey(
        appointment.agent_id,
        group_of(appointment),
        appointment.period,
        appointment.buffer_before,
        appointment.buffer_after,
    )


def slot_refusal(
    reason: Reason, nearby: Sequence[Interval] = (), *, sentence: str = ""
) -> SlotTakenError | SlotClosedError:
    """Return the error for a slot that is not open."""
    words = sentence or reason.sentence
    if reason.rule in TAKEN:
        return SlotTakenError(words, nearby)
    return SlotClosedError(words, str(reason.rule), nearby)


def agent_refusal(name: str, why: str) -> str:
    """Return the error message about an agent who cannot take an appointment."""
    return _NEEDED if why == NEEDED else f"{name}: {why}."
