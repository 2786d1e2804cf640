"""Which administrator may touch whom, and which roles may be given."""

from collections.abc import Collection
from uuid import UUID

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.errors import InvalidInputError, NotAllowedError
from invo_booking.domain.institution import Person, Roster

RANKS = {role: rank for rank, role in enumerate(Role)}
"""Power of each role, least first."""


def may_change_person(actor: Actor, person: Person) -> bool:
    """Whether an administrator may change a person: super admins are for their own."""
    return actor.administers and (
        Role.SUPER_ADMIN in actor.roles or Role.SUPER_ADMIN not in person.roles
    )


def grantable_roles(actor: Actor) -> tuple[Role, ...]:
    """Return the roles an administrator may give, least powerful first."""
    everything = Role.SUPER_ADMIN in actor.roles
    return tuple(role for role in Role if everything or role is not Role.SUPER_ADMIN)


def require_may_change(actor: Actor, person: Person) -> None:
    """Refuse an administrator who wants to change a super admin.

    Raises:
        NotAllowedError: Unless the actor may.
    """
    if not may_change_person(actor, person):
        raise NotAllowedError("Only a super admin can change a super admin's account.")


def require_grantable_roles(
    actor: Actor, before: Person, roles: Collection[Role]
) -> None:
    """Refuse roles the actor may not give this person.

    Args:
        actor: Who gives them.
        before: The person as they are.
        roles: All that they shall have.

    Raises:
        InvalidInputError: If the actor gives a role that only super admins give, or
            raises the own roles.
    """
    added = set(roles) - before.roles
    if added - set(grantable_roles(actor)):
        raise InvalidInputError({"roles": "Only a super admin can make super admins."})
    highest = max((RANKS[role] for role in before.roles), default=-1)
    if before.id == actor.id and any(RANKS[role] > highest for role in added):
        raise InvalidInputError(
            {"roles": "You cannot raise your own role. Ask another administrator."}
        )


def is_more_access(before: Person, after: Person) -> bool:
    """Whether a change lets somebody in, or lets them do more.

    A new account or address, an account that is enabled and a role that is added: who
    only sits at somebody's open session must not make a way in that outlasts it.
    """
    return (
        bool(after.roles - before.roles)
        or after.email != before.email
        or (after.active and not before.active)
    )


def require_a_super_admin(roster: Roster, leaving: UUID) -> None:
    """Refuse to let the last super admin go. Call it with the roster locked.

    Args:
        roster: As it is.
        leaving: Who would be no active super admin any more.

    Raises:
        InvalidInputError: If nobody else is one.
    """
    people = roster.people
    if not _reigns(people[leaving]):
        return
    if not any(_reigns(one) for one in people.values() if one.id != leaving):
        raise InvalidInputError(
            {"roles": "This is the last super admin; make another one first."}
        )


def _reigns(person: Person) -> bool:
    return person.active and Role.SUPER_ADMIN in person.roles
