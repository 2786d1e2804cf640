"""Describe entries of the audit log, and what is wrong with its chain."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class MisfitReason(StrEnum):
    """What is wrong with a place of the chain."""

    MISSING = "is missing"
    CHANGED = "was changed, moved or recomputed"
    ADDED = "was added without being sealed by the product"
    HEAD = "is not what the chain's head says"
    GIVEN = "is not what the head kept elsewhere says"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place of the chain that does not fit."""

    place: int
    why: MisfitReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """Which entries to read; what is empty or ``None`` does not narrow.

    Attributes:
        actor: Part of the name of the person or program that did it, in any case.
        actor_id: The very person who did it.
        action: Exact.
        object_kind: Exact.
        object_id: Exact.
        since: First instant, in UTC.
        until: First instant too late, in UTC.
        is_brief: Whether sign-ins, sign-outs and reading are left out.
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
    """One entry with its number and its place in the chain.

    Attributes:
        seal: ``None`` until it is sealed.
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
