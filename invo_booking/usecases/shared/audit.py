"""Record administrators' changes in the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from invo_booking.domain.access.roles import Author
from invo_booking.domain.errors import ConflictError
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say

OPERATOR: Final = "operator"
"""Name recorded as the author of actions on the server's command line."""

Facts = Mapping[str, Any]
"""Facts about an object as JSON values; never a secret or customers' data."""


def audit_difference(before: Facts, after: Facts) -> dict[str, dict[str, Any]]:
    """Return the changed facts, as ``{"before": …, "after": …}``."""
    names = [
        name
        for name in {**before, **after}
        if before.get(name) != after.get(name) or (name in before) != (name in after)
    ]
    return {
        "before": {name: before[name] for name in names if name in before},
        "after": {name: after[name] for name in names if name in after},
    }


def record_change(
    work: UnitOfWork,
    by: Author,
    now: datetime,
    action: str,
    what: tuple[str, str],
    detail: Facts,
) -> None:
    """Record an administrator's change, and notify all processes of the change.

    Args:
        work: The transaction of the change.
        by: Author of the change.
        action: Past tense, such as ``"archived"``.
        what: Kind and id of the object, such as ``("answer", "3f2…")``.
        detail: Facts, mostly from ``audit_difference``.
    """
    work.audit.add(AuditEntry.by(by, action, what, now, detail))
    work.publish_roster_change()


def collision_error(work: UnitOfWork, object_id: str, name: str) -> ConflictError:
    """Return the error for an actor who edits an outdated version of an object.

    The error's message names the author of the last change.
    """
    history = work.audit.history(object_id)
    who = history[-1].actor if history else say("refusals.audit.somebody")
    return ConflictError(say("refusals.audit.changed_meanwhile", who=who, name=name))
