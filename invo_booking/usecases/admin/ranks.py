"""Define which people an administrator may change, and which roles they may give."""

from collections.abc import Collection
from uuid import UUID

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.errors import InvalidInputError, NotAllowedError
from invo_booking.domain.institution import Person, Roster
from invo_booking.texts import say

RANKS = {role: rank for rank, role in enumerate(Role)}
"""Rank of each role, lowest first."""


def may_change_person(actor: Actor, person: Person) -> bool:
    """Whether the actor may change a person; only super admins change super admins."""
    return actor.administers and (
        Role.SUPER_ADMIN in actor.roles or Role.SUPER_ADMIN not in person.roles
    )


def grantable_roles(actor: Actor) -> tuple[Role, ...]:
    """Return the roles that an administrator may give to people, weakest first."""
    everything = Role.SUPER_ADMIN in actor.roles
    return tuple(role for role in Role if everything or role is not Role.SUPER_ADMIN)


def require_may_change(actor: Actor, person: Person) -> None:
    """Refuse an actor who is not allowed to change this person.

    Raises:
        NotAllowedError: If the actor is not allowed to change the person.
    """
    if not may_change_person(actor, person):
        raise NotAllowedError(say("admin.ranks.change_super_admin"))


def require_grantable_roles(
    actor: Actor, before: Person, roles: Collection[Role]
) -> None:
    """Refuse roles that the actor is not allowed to give this person.

    Args:
        actor: The person who gives the roles.
        before: The person before the change.
        roles: All new roles of the person.

    Raises:
        InvalidInputError: If only super admins may give one of the added roles, or if
            actors would give themselves a role above their own roles.
    """
    added = set(roles) - before.roles
    if added - set(grantable_roles(actor)):
        raise InvalidInputError({"roles": say("admin.ranks.make_super_admin")})
    highest = max((RANKS[role] for role in before.roles), default=-1)
    if before.id == actor.id and any(RANKS[role] > highest for role in added):
        raise InvalidInputError({"roles": say("admin.ranks.own_role")})


def is_more_access(before: Person, after: Person) -> bool:
    """Whether a change gives a person access or more rights.

    More access means a new e-mail address, an enabled account or an added role. Such a
    change needs the actor's password. Otherwise an attacker with another person's open
    session could create access that outlasts the session.
    """
    return (
        bool(after.roles - before.roles)
        or after.email != before.email
        or (after.active and not before.active)
    )


def require_a_super_admin(roster: Roster, leaving: UUID) -> None:
    """Refuse a change that leaves no active super admin. Needs the roster's lock.

    Args:
        roster: The roster before the change.
        leaving: Id of the person who would no longer be an active super admin.

    Raises:
        InvalidInputError: If there is no other active super admin.
    """
    people = roster.people
    if not _reigns(people[leaving]):
        return
    if not any(_reigns(one) for one in people.values() if one.id != leaving):
        raise InvalidInputError({"roles": say("admin.ranks.last_super_admin")})


def _reigns(person: Person) -> bool:
    return person.active and Role.SUPER_ADMIN in person.roles
