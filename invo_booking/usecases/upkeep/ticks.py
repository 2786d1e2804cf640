"""Stop periodic tasks when a clock may be wrong, or the database is a copy.

Tasks use the database's time, read once at their start, so that all machines agree. In
two cases the tasks stop, and administrators are mailed. In the first case, the clocks
of machine and database differ, and nobody knows which clock is right. In the second
case, an unusual number of changes is due, and both clocks may be wrong.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.persistence.upkeep.due import DueAmount
from invo_booking.texts import say
from invo_booking.texts.dates import instant_text
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.audit import OPERATOR
from invo_booking.usecases.shared.deps import Deps

APART = timedelta(minutes=1)
"""Periodic tasks stop if the clocks of machine and database differ by this much."""

FEWEST = 100
"""A number of due changes up to this limit always counts as usual."""

EXPIRE, COMPLETE, PURGE = "expire", "complete", "purge"
KINDS = (EXPIRE, COMPLETE, PURGE)
CLOCKS = "clocks differ"

OVER_AFTER = timedelta(hours=1)
"""Time without a further occurrence after which an incident is over."""

SHOWN = timedelta(minutes=3)
"""How long an incident is shown after its latest occurrence. While the cause lasts, the
incident occurs again every minute."""

_log = logging.getLogger(__name__)
_DONE = {
    EXPIRE: "upkeep.ticks.would_expire",
    COMPLETE: "upkeep.ticks.would_complete",
    PURGE: "upkeep.ticks.would_delete",
}
_CLOCKS_TEXT = "upkeep.ticks.clocks_body"
_AMOUNT_TEXT = "upkeep.ticks.many_at_once_body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One run of a periodic task.

    Attributes:
        deps: The product's parts, with a clock that follows the database's time.
        is_right: Whether the clocks of machine and database agree. If they differ, all
            work that depends on the time waits.
        is_copy: Whether the database is a copy that no operator has released. In such a
            copy, all work waits.
    """

    deps: Deps
    is_right: bool
    is_copy: bool

    @property
    def may_work(self) -> bool:
        """Whether a task may do work that depends on the time."""
        return self.is_right and not self.is_copy


def begin_tick(deps: Deps) -> Tick:
    """Start a run with the database's clock; mail administrators if clocks differ."""
    with deps.unit_of_work() as work:
        before = deps.own_now()
        began, theirs = time.monotonic(), deps.database_now(work)
        ours = _nearest(theirs, before, deps.own_now())
        is_right = abs(ours - theirs) < APART
        is_copy = work.identity.is_copy(theirs)
        if not is_right:
            _alarm_clocks(work, ours, theirs)
    if not is_right:
        _log.error(
            "clocks differ, so nothing is done",
            extra={"ours": ours.isoformat(), "database": theirs.isoformat()},
        )
    running = replace(deps, now=_running_clock(theirs, began))
    return Tick(deps=running, is_right=is_right, is_copy=is_copy)


def may_do_amount(deps: Deps, work: UnitOfWork, kind: str, amount: DueAmount) -> bool:
    """Whether this number of due changes is usual; if not, mail administrators.

    Always true in a demo, because many changes are due after a demo was stopped for
    days.
    """
    usual = max(FEWEST, work.due.usual(kind))
    if amount.due <= usual or amount.due * 2 <= amount.of or deps.config.demo:
        return True
    _log.error(
        "more is due at once than can be usual, so nothing is done",
        extra={"kind": kind, "due": amount.due, "of": amount.of},
    )
    text = say(
        _AMOUNT_TEXT, due=amount.due, of=amount.of, done=say(_DONE[kind]), kind=kind
    )
    _alarm_administrators(
        work,
        kind,
        say("upkeep.ticks.once", due=amount.due, done=say(_DONE[kind])),
        text,
        deps.now(),
    )
    return False


def accept_amount(deps: Deps, kind: str, most: int) -> None:
    """Let the operator declare that a number of due changes is usual.

    Args:
        kind: One of ``KINDS``.
        most: Largest number that is usual, from 1 to 1,000,000.

    Raises:
        InvalidInputError: If the kind is unknown, or the number is out of bounds.
    """
    if kind not in KINDS:
        raise InvalidInputError(
            {"accept": say("upkeep.ticks.use", list=", ".join(KINDS))}
        )
    if not 1 <= most <= 1_000_000:  # noqa: PLR2004 - said in the docstring
        raise InvalidInputError({"most": say("upkeep.ticks.bad_number")})
    now, detail = deps.now(), {"most": most}
    with deps.unit_of_work() as work:
        work.due.accept(kind, most, now)
        thing = ("due", kind)
        work.audit.add(AuditEntry.by(OPERATOR, "accepted", thing, now, detail))


def tick_troubles(deps: Deps, work: UnitOfWork) -> list[str]:
    """Return the reasons why periodic tasks wait; empty if no task waits."""
    theirs = deps.database_now(work)
    seen = {kind: work.incidents.last_seen_at(kind) for kind in (CLOCKS, *KINDS)}
    troubles = [
        _trouble(kind)
        for kind, at in seen.items()
        if at is not None and abs(theirs - at) < SHOWN
    ]
    if abs(deps.own_now() - theirs) >= APART and _trouble(CLOCKS) not in troubles:
        troubles.insert(0, say("upkeep.ticks.web_clock"))
    return troubles


def _trouble(kind: str) -> str:
    if kind == CLOCKS:
        return say("upkeep.ticks.worker_clock")
    return say("upkeep.ticks.many_at_once", change=say(_DONE[kind]), kind=kind)


def clock_difference_from_database(deps: Deps, work: UnitOfWork) -> timedelta:
    """Return how far this machine's clock is ahead of the database's clock."""
    return deps.own_now() - deps.database_now(work)


def _nearest(theirs: datetime, before: datetime, after: datetime) -> datetime:
    """Return the time of this machine that is nearest to the database's time.

    The database read its clock at some instant from ``before`` to ``after``.
    """
    return min(max(theirs, before), after)


def _running_clock(at: datetime, began: float) -> Callable[[], datetime]:
    return lambda: at + timedelta(seconds=time.monotonic() - began)


def _alarm_clocks(work: UnitOfWork, ours: datetime, theirs: datetime) -> None:
    text = say(
        _CLOCKS_TEXT,
        ours=f"{instant_text(ours)}:{ours:%S}",
        theirs=f"{instant_text(theirs)}:{theirs:%S}",
    )
    _alarm_administrators(
        work, CLOCKS, say("upkeep.ticks.clocks_subject"), text, theirs
    )


def _alarm_administrators(
    work: UnitOfWork, kind: str, subject: str, text: str, now: datetime
) -> None:
    if work.is_set_up and work.incidents.record(kind, now, OVER_AFTER):
        notices.notify_administrators(work, subject, text, now)
