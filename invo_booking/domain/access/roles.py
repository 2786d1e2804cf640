"""Who somebody is, and what a person in that role may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from invo_booking.domain.access.scopes import TokenScope


class Role(StrEnum):
    """Roles of staff, least powerful first; a person may hold several."""

    AGENT = "agent"
    BOOKING_MANAGER = "booking-manager"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    SUPER_ADMIN = "super-admin"


class Action(StrEnum):
    """What an administrator allows by role: one setting for each."""

    ASSIGN = "assign"
    EDIT = "edit"
    CREATE = "create"
    DELETE = "delete"


OVERSEERS = frozenset(
    {Role.BOOKING_MANAGER, Role.MANAGER, Role.ADMINISTRATOR, Role.SUPER_ADMIN}
)
"""Roles that see every appointment, not only those of their own queues."""

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.SUPER_ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The signed-in person an intention comes from.

    Attributes:
        queues: Queues the person serves.
        languages: ISO 639-1 codes the person speaks.
        time_zone: IANA name of the person's own zone.
        scope: What the bearer token allows that acts for the person; ``None`` for the
            person at a browser.
        gave_password: Whether the person gave the current password again for this very
            action, and not only for the session.
    """

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    queues: frozenset[UUID] = frozenset()
    languages: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    scope: TokenScope | None = None
    gave_password: bool = False

    @property
    def oversees(self) -> bool:
        """Whether the person sees everybody's appointments."""
        return bool(self.roles & OVERSEERS)

    @property
    def administers(self) -> bool:
        """Whether the person may open the settings pages."""
        return bool(self.roles & ADMINISTRATORS)

    def serves(self, queue_id: UUID, language: str) -> bool:
        """Whether the person is designated for a queue and a language."""
        return queue_id in self.queues and language in self.languages


Party = Literal["customer", "system", "operator", "Outlook", "nobody"]
"""Who acts without being signed in: ``operator`` at the command line, ``nobody`` who
failed to sign in."""

Author: TypeAlias = Actor | Party
"""Whoever did something: a person as a whole, since two may share a name."""


def has_any_role(actor: Actor, allowed: frozenset[Role]) -> bool:
    """Whether the actor holds one of the allowed roles; a super admin always does."""
    return Role.SUPER_ADMIN in actor.roles or bool(actor.roles & allowed)
