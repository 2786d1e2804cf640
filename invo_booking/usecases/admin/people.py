"""Manage staff accounts from the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from invo_booking.domain import contact
from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.accounts import links, passwords
from invo_booking.usecases.accounts.credentials import (
    mail_password_change,
    revoke_access,
)
from invo_booking.usecases.admin import effects
from invo_booking.usecases.admin.ranks import require_a_super_admin
from invo_booking.usecases.calendars import outside_agents
from invo_booking.usecases.shared.audit import OPERATOR
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.fields import Problems


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """A new account.

    Attributes:
        password: An initial password, which must be replaced at the first sign-in;
            empty if the person gets a link to set a password instead.
    """

    name: str
    email: str
    roles: Sequence[Role]
    password: str = ""


def create_account(deps: Deps, draft: AccountDraft) -> UUID:
    """Create an account, and return its id.

    Before using the account, the person must set a password, with a link from
    ``make_password_link`` or after a sign-in with the initial password.

    Raises:
        InvalidInputError: If name, address or password cannot be used, or the address
            belongs to another account.
    """
    name, email = _check_account_draft(draft)
    with deps.unit_of_work() as work:
        words = (name, email, work.roster.institution.name)
        secret = (
            passwords.hash_checked_password(draft.password, words, field="password")
            if draft.password
            else ""
        )
        work.lock_roster()
        if work.people.account(email) is not None:
            raise InvalidInputError({"email": say("admin.people.address_in_use")})
        person_id = work.people.add(
            name=name,
            email=email,
            time_zone=work.roster.institution.zone.key,
            roles=[role.value for role in draft.roles],
        )
        work.people.set_password(person_id, secret, must_change=bool(secret))
        _record_person_change(deps, work, person_id, "created", roles=list(draft.roles))
    return person_id


def set_person_roles(deps: Deps, email: str, roles: Sequence[Role]) -> None:
    """Replace a person's roles, with effect from the person's next request.

    Revokes the person's tokens if a role is removed.

    Raises:
        NotFoundError: If no person has this address.
        InvalidInputError: If no super admin would be left.
    """
    with deps.unit_of_work() as work:
        work.lock_roster()
        person_id = _id_of(work, email)
        if Role.SUPER_ADMIN not in roles:
            require_a_super_admin(work.roster, person_id)
        if work.roster.people[person_id].roles - set(roles):
            work.tokens.remove_all_of(person_id)
        work.people.set_roles(person_id, [role.value for role in roles])
        _record_person_change(deps, work, person_id, "roles changed", roles=list(roles))


def disable_person(deps: Deps, email: str) -> None:
    """Disable a person, and end the person's sessions, links and tokens.

    The person's future appointments are reassigned to free colleagues; appointments
    that no colleague can take become unassigned.

    Raises:
        NotFoundError: If no person has this address.
        InvalidInputError: If no super admin would be left.
    """
    with deps.unit_of_work() as work:
        work.lock_roster()
        person_id = _id_of(work, email)
        require_a_super_admin(work.roster, person_id)
        before = effects.roster_snapshot(work)
        work.people.set_active(person_id, active=False)
        work.sessions.end_all_of(person_id)
        work.account_links.end_all_of(person_id, deps.now())
        work.tokens.remove_all_of(person_id)
        _record_person_change(deps, work, person_id, "disabled")
        outside_agents.follow_agents(work, deps.now())
        effects.hand_over_affected(deps, work, OPERATOR, before)


def reset_password(deps: Deps, email: str, password: str) -> None:
    """Set a password that must be changed at the first sign-in.

    Revokes all sessions, links and tokens of the person, and mails the person that the
    password was changed.

    Raises:
        NotFoundError: If no person has this address.
        InvalidInputError: If the password cannot be used.
    """
    with deps.unit_of_work() as work:
        person_id = _id_of(work, email)
        words = links.words_about_person(work, work.roster.people[person_id])
        secret = passwords.hash_checked_password(password, words, field="password")
        work.people.set_password(person_id, secret, must_change=True)
        revoke_access(work, person_id, deps.now())
        mail_password_change(
            deps, work, person_id, say("admin.people.password_by_operator")
        )
        _record_person_change(deps, work, person_id, "password reset")


def make_password_link(deps: Deps, email: str) -> str:
    """Return a new link to set a person's password, and invalidate earlier links.

    Raises:
        NotFoundError: If no person has this address, or the person is disabled.
    """
    with deps.unit_of_work() as work:
        person_id = _id_of(work, email)
        if not work.roster.people[person_id].active:
            raise NotFoundError(say("admin.people.disabled", email=email))
        work.account_links.end_all_of(person_id, deps.now())
        link = links.make_account_link(deps, work, person_id, links.INVITATION)
        _record_person_change(deps, work, person_id, "link to set a password shown")
        return links.account_link_address(deps, work, link.id)


def _check_account_draft(draft: AccountDraft) -> tuple[str, str]:
    problems = Problems()
    name = problems.read("name", lambda: contact.clean_name(draft.name), "?")
    if not name:
        problems.add("name", say("admin.people.name_needed"))
    email = problems.read("email", lambda: contact.clean_email(draft.email), "")
    problems.refuse()
    return name, email


def _id_of(work: UnitOfWork, email: str) -> UUID:
    account = work.people.account(email)
    if account is None:
        raise NotFoundError(say("admin.people.unknown_address", email=email))
    return account.id


def _record_person_change(
    deps: Deps,
    work: UnitOfWork,
    person_id: UUID,
    action: str,
    **detail: list[Role],
) -> None:
    work.publish_roster_change()
    work.audit.add(
        AuditEntry.by(OPERATOR, action, ("person", str(person_id)), deps.now(), detail)
    )
