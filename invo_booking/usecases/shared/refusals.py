"""Record in the audit log which actions were refused for lack of a right.

A caller can be refused any number of times, and no entry of the audit log is ever
deleted. So the log contains who tried what, but not how often.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.access.scopes import Program
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.usecases.shared.deps import Deps

LONGEST_NAME = 80
MOST = 30
"""Maximum number of entries about one person or program within an hour."""

SAME = timedelta(minutes=1)
"""Time within which repeated refusals of the same action are not recorded."""

HOUR = timedelta(hours=1)
SILENCE = "further_refusals_not_noted_until"
"""Name of a field in an entry's details: the instant (UTC) until which no further
refusals are recorded."""


def record_refusal(deps: Deps, who: Actor | Program, wanted: str) -> None:
    """Record a refused person or program, unless a recent entry covers the refusal.

    Repeated refusals of the same action are recorded once a minute. After 30 entries
    within an hour, one more entry says that further refusals are not recorded for an
    hour.

    Args:
        who: The refused person or program.
        wanted: Name of the page event, or pattern of the route, without any arguments.
    """
    wanted, now = wanted[:LONGEST_NAME], deps.now()
    with _on_behalf_of(deps, who).unit_of_work() as work:
        newest = work.audit.refusals(who.id, MOST + 1)
        lately = [entry for entry in newest if entry.at > now - HOUR]
        if _is_known(lately, wanted, now):
            return
        ends = {SILENCE: (now + HOUR).isoformat()} if len(lately) >= MOST else {}
        work.audit.add(
            AuditEntry.by(
                who if isinstance(who, Actor) else "nobody",
                "refused",
                ("request", wanted),
                now,
                {**_powers(who), **ends},
            )
        )


def _on_behalf_of(deps: Deps, who: Actor | Program) -> Deps:
    """Return ``deps`` with the program as its caller, if a program was refused."""
    if isinstance(who, Actor):
        return deps
    return deps.for_caller(replace(deps.caller, program=who))


def _powers(who: Actor | Program) -> dict[str, object]:
    roles = {"roles": sorted(who.roles)} if isinstance(who, Actor) else {}
    return {**roles, **({"scope": who.scope.value} if who.scope else {})}


def _is_known(lately: Iterable[AuditEntry], wanted: str, now: datetime) -> bool:
    return any(
        SILENCE in entry.detail or (entry.object_id == wanted and entry.at > now - SAME)
        for entry in lately
    )
