"""Who asked for what their role or scope does not allow, as the audit log keeps it.

Anybody signed in can be refused as often as they like, and the log is never
shortened; so it tells who tried what, not how many times.
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
"""Entries of one person, or program, within an hour."""

SAME = timedelta(minutes=1)
"""For so long the same person's same wish is one entry."""

HOUR = timedelta(hours=1)
SILENCE = "further_refusals_not_noted_until"
"""Detail of the entry that ends an hour's entries: an instant in UTC."""


def record_refusal(deps: Deps, who: Actor | Program, wanted: str) -> None:
    """Write down that somebody known was refused, unless that is known by now.

    The same wish is written once a minute. After 30 entries within an hour, one more
    says that this person's further refusals are not noted for an hour.

    Args:
        deps: The product's parts.
        who: Who was refused.
        wanted: Name of the event or pattern of the route, never what was sent along.
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
    """Return the parts for anyone who asks; what a program wanted is the program's."""
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
