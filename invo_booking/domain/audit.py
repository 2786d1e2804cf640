"""Describe entries of the audit log and faults in the hash chain that protects it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID


class MisfitReason(StrEnum):
    """The kind of fault in the hash chain; API responses contain these values."""

    MISSING = "is missing"
    CHANGED = "was changed, moved or recomputed"
    ADDED = "was added without being sealed by the product"
    HEAD = "is not what the chain's head says"
    GIVEN = "is not what the head kept elsewhere says"


MISFIT_TEXTS: Final = {
    MisfitReason.MISSING: "rules.audit.missing",
    MisfitReason.CHANGED: "rules.audit.changed",
    MisfitReason.ADDED: "rules.audit.added",
    MisfitReason.HEAD: "rules.audit.head",
    MisfitReason.GIVEN: "rules.audit.given",
}
"""Key of the text that describes each fault to people."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A fault in the hash chain, and its position."""

    place: int
    why: MisfitReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """A filter for entries; a field that is empty or ``None`` does not filter.

    Attributes:
        actor: Part of the author's name; case is ignored.
        action: Exact match.
        object_kind: Exact match.
        object_id: Exact match.
        since: Only entries from this instant on, in UTC.
        until: Only entries before this instant, in UTC.
        is_brief: Whether to leave out sign-ins, sign-outs and reads.
    """

    actor: str = ""
    actor_id: UUID | None = None
    action: str = ""
    object_kind: str = ""
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    is_brief: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEntry:
    """An audit log entry with its number and its position in the hash chain.

    Attributes:
        seal: Position in the chain; ``None`` until the entry is added to the chain.
    """

    number: int
    at: datetime
    actor: str
    actor_id: UUID | None
    action: str
    object_kind: str
    object_id: str
    detail: dict[str, Any]
    seal: int | None
    interface: str
    address: str
    request_id: str
