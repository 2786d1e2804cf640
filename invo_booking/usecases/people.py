"""Staff accounts, as the operator manages them from the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.domain.roles import Role
from invo_booking.persistence.audit import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases import outside_agents
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.ranks import keep_a_super_admin
from invo_booking.usecases.sessions import hash_password

OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A new account."""

    name: str
    email: str
    password: str
    roles: Sequence[Role]


def create(deps: Deps, draft: PersonDraft) -> UUID:
    """Create an account that can sign in at once.

    Raises:
        InvalidInputError: If the address is taken or the password too short.
    """
    secret = _checked_password(draft.password)
    with deps.unit_of_work() as work:
        work.lock_roster()
        if work.people.account(draft.email) is not None:
            raise InvalidInputError({"email": "Somebody has this address already."})
        person_id = work.people.add(
            name=draft.name,
            email=draft.email,
            time_zone=work.roster.institution.zone.key,
            roles=[role.value for role in draft.roles],
        )
        work.people.set_password(person_id, secret)
        _changed(deps, work, person_id, "created", roles=list(draft.roles))
    return person_id


def set_roles(deps: Deps, email: str, roles: Sequence[Role]) -> None:
    """Replace a person's roles; open sessions have them at the next event.

    The person's tokens end if a role is taken away.

    Raises:
        NotFoundError: If nobody has this address.
        InvalidInputError: If no super admin would be left.
    """
    with deps.unit_of_work() as work:
        work.lock_roster()
        person_id = _id_of(work, email)
        if Role.SUPER_ADMIN not in roles:
            keep_a_super_admin(work.roster, person_id)
        if work.roster.people[person_id].roles - set(roles):
            work.tokens.remove_all_of(person_id)
        work.people.set_roles(person_id, [role.value for role in roles])
        _changed(deps, work, person_id, "roles changed", roles=list(roles))


def disable(deps: Deps, email: str) -> None:
    """Keep a person out: sessions and tokens end now, and nothing more can be booked.

    Raises:
        NotFoundError: If nobody has this address.
        InvalidInputError: If no super admin would be left.
    """
    with deps.unit_of_work() as work:
        work.lock_roster()
        person_id = _id_of(work, email)
        keep_a_super_admin(work.roster, person_id)
        work.people.set_active(person_id, active=False)
        work.sessions.end_all_of(person_id)
        work.tokens.remove_all_of(person_id)
        _changed(deps, work, person_id, "disabled")
        outside_agents.follow(work, deps.now())


def reset_password(deps: Deps, email: str, password: str) -> None:
    """Replace a password; every session and token of the person ends.

    Raises:
        NotFoundError: If nobody has this address.
        InvalidInputError: If the password is too short.
    """
    secret = _checked_password(password)
    with deps.unit_of_work() as work:
        person_id = _id_of(work, email)
        work.people.set_password(person_id, secret)
        work.sessions.end_all_of(person_id)
        work.tokens.remove_all_of(person_id)
        _changed(deps, work, person_id, "password reset")


def _checked_password(password: str) -> str:
    try:
        return hash_password(password)
    except ValueError as error:
        raise InvalidInputError({"password": str(error)}) from error


def _id_of(work: UnitOfWork, email: str) -> UUID:
    account = work.people.account(email)
    if account is None:
        raise NotFoundError(f"Nobody signs in as {email}.")
    return account.id


def _changed(
    deps: Deps,
    work: UnitOfWork,
    person_id: UUID,
    action: str,
    **detail: list[Role],
) -> None:
    work.roster_changed()
    work.audit.add(
        AuditEntry(
            at=deps.now(),
            actor=OPERATOR,
            action=action,
            object_kind="person",
            object_id=str(person_id),
            detail=detail,
        )
    )
