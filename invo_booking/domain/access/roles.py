"""Define the roles of staff and what a signed-in person may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from invo_booking.domain.access.scopes import TokenScope


class Role(StrEnum):
    """Roles of staff, from least to most powerful; a person may have several."""

    AGENT = "agent"
    BOOKING_MANAGER = "booking-manager"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    SUPER_ADMIN = "super-admin"


class Action(StrEnum):
    """Actions of staff; for each, a setting names the roles that may perform it."""

    ASSIGN = "assign"
    EDIT = "edit"
    CREATE = "create"
    DELETE = "delete"


OVERSEERS = frozenset(
    {Role.BOOKING_MANAGER, Role.MANAGER, Role.ADMINISTRATOR, Role.SUPER_ADMIN}
)
"""Roles that see all appointments, not only those of their own queues."""

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.SUPER_ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The signed-in person who sends a request.

    Attributes:
        queues: Queues the person serves.
        languages: ISO 639-1 codes the person speaks.
        branches: Where the person works; empty for everywhere.
        time_zone: IANA name of the person's own zone.
        scope: Scope of the bearer token that acts for the person; ``None`` for a
            browser session.
        gave_password: Whether the person entered the current password again for this
            action.
    """

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    queues: frozenset[UUID] = frozenset()
    languages: frozenset[str] = frozenset()
    branches: frozenset[UUID] = frozenset()
    time_zone: str = "UTC"
    scope: TokenScope | None = None
    gave_password: bool = False

    @property
    def oversees(self) -> bool:
        """Whether the person sees all appointments."""
        return bool(self.roles & OVERSEERS)

    @property
    def administers(self) -> bool:
        """Whether the person may open the settings pages."""
        return bool(self.roles & ADMINISTRATORS)

    def serves(
        self, queue_id: UUID, language: str, branch_id: UUID | None = None
    ) -> bool:
        """Whether the person is designated for a queue and a language.

        For a visit, the person must also work at the branch of the visit.
        """
        is_there = branch_id is None or not self.branches or branch_id in self.branches
        return is_there and queue_id in self.queues and language in self.languages


Party = Literal["customer", "system", "operator", "host calendar", "nobody"]
"""An author who is not signed in. ``operator`` is somebody at the command line, and
``nobody`` is somebody whose sign-in failed."""

Author: TypeAlias = Actor | Party
"""The author of a change. A signed-in person is an ``Actor``, whose id distinguishes
people with the same name."""


def has_any_role(actor: Actor, allowed: frozenset[Role]) -> bool:
    """Whether the actor has one of the allowed roles; a super admin always does."""
    return Role.SUPER_ADMIN in actor.roles or bool(actor.roles & allowed)
