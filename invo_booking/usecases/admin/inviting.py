"""Let administrators send people links to set a password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import (
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
)
from invo_booking.domain.institution import Person
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.accounts import links, mails
from invo_booking.usecases.accounts.links import INVITATION
from invo_booking.usecases.accounts.reauthentication import require_own_password
from invo_booking.usecases.admin import ranks
from invo_booking.usecases.shared import audit
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import mail_obstacle
from invo_booking.usecases.shared.rights import require_administrator
from invo_booking.usecases.shared.submits import (
    CreationSubmission,
    begin_submission,
    keep_submission,
)

MOST = 5
"""Maximum number of links that administrators can send one person within a day."""

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whether a person has a password, and the state of the link to set one.

    Attributes:
        has_password: Whether the person has set a password.
        invited_at: When the newest unused link was made, in UTC; ``None`` if there is
            no such link.
        expires_at: When the newest unused link expires or expired, in UTC.
        can_mail: Whether the product can send mail. If so, links are mailed and never
            shown.
        mail_problem: Why sending the mail with the newest unused link has failed so
            far; empty if the mail was sent or not tried yet.
    """

    has_password: bool
    invited_at: datetime | None
    expires_at: datetime | None
    can_mail: bool
    mail_problem: str = ""


def sign_in_access(deps: Deps, work: UnitOfWork, person_id: UUID) -> Access:
    """Return whether a person has a password, and the state of the link to set one."""
    link = work.account_links.newest(person_id, INVITATION)
    return Access(
        has_password=person_id not in work.people.without_password(),
        invited_at=link.created_at if link else None,
        expires_at=link.expires_at if link else None,
        can_mail=not mail_obstacle(deps.config, work.settings),
        mail_problem=work.notices.link_problem(link.id) if link else "",
    )


def invite_person(deps: Deps, work: UnitOfWork, actor: Actor, person: Person) -> bool:
    """Queue a mail with a link for a new person; return whether mail can be sent."""
    if mail_obstacle(deps.config, work.settings):
        return False
    mails.add_invitation(deps, work, person, actor.name)
    return True


def send_password_link(
    deps: Deps, actor: Actor, person_id: UUID, *, key: str = ""
) -> str:
    """Mail a person a link to set a password; return the person's e-mail address.

    The current password works until the link is used. Earlier links are invalidated.
    Repeating the same idempotency key sends nothing.

    Raises:
        NotAllowedError: If the actor is not allowed to change this person, or uses an
            API token.
        NotFoundError: If there is no such person.
        InvalidInputError: If the person is disabled, or mail cannot be sent.
        PasswordNeededError: If the actor has not entered the password for this action.
        TooManyRequestsError: After five links to the person within a day.
        IdempotencyMismatchError: If the key was used for something else.
    """
    with deps.unit_of_work() as work:
        person = _person(work, actor, person_id)
        submit = _begin_link(deps, work, actor, person, key)
        if mail_obstacle(deps.config, work.settings):
            raise InvalidInputError({"person": say("admin.inviting.no_mail_server")})
        require_own_password(actor)
        if submit.made:
            return person.email
        link_id = mails.add_invitation(deps, work, person, actor.name)
        keep_submission(deps, work, submit, str(link_id))
        _record_invitation(deps, work, actor, person, "link to set a password sent")
    deps.wake()
    return person.email


def create_password_link(
    deps: Deps, actor: Actor, person_id: UUID, *, key: str = ""
) -> tuple[str, str]:
    """Return a person's name and a link to set a password, if mail cannot be sent.

    The administrator hands the link over to the person. The link is shown once, on a
    page that is stored nowhere. Repeating the same idempotency key returns the same
    link, as long as the link works.

    Raises:
        NotAllowedError: If the actor is not allowed to change this person, or uses an
            API token.
        NotFoundError: If there is no such person, or the link that was made with the
            key no longer works.
        InvalidInputError: If the person is disabled, or mail can be sent.
        PasswordNeededError: If the actor has not entered the password for this action.
        TooManyRequestsError: After five links to the person within a day.
        IdempotencyMismatchError: If the key was used for something else.
    """
    with deps.unit_of_work() as work:
        person = _person(work, actor, person_id)
        submit = _begin_link(deps, work, actor, person, key)
        if not mail_obstacle(deps.config, work.settings):
            sentence = say("admin.inviting.mail_works")
            raise InvalidInputError({"person": sentence})
        require_own_password(actor)
        if submit.made:
            link_id = UUID(submit.made)
            if not work.account_links.works(link_id, deps.now()):
                raise NotFoundError(say(links.GONE))
            return person.name, links.account_link_address(deps, work, link_id)
        work.account_links.end_all_of(person.id, deps.now())
        link = links.make_account_link(deps, work, person.id, INVITATION)
        keep_submission(deps, work, submit, str(link.id))
        _record_invitation(deps, work, actor, person, "link to set a password shown")
        return person.name, links.account_link_address(deps, work, link.id)


def _person(work: UnitOfWork, actor: Actor, person_id: UUID) -> Person:
    require_administrator(actor)
    work.lock_roster()
    person = work.roster.people.get(person_id)
    if person is None:
        raise NotFoundError(say("admin.inviting.person_left"))
    ranks.require_may_change(actor, person)
    if not person.active:
        raise InvalidInputError({"person": say("admin.inviting.disabled")})
    return person


def _begin_link(
    deps: Deps, work: UnitOfWork, actor: Actor, person: Person, key: str
) -> CreationSubmission:
    """Begin the submission that creates a link, within the daily limit."""
    submit = begin_submission(work, actor, key, "password link", person.id)
    made = work.account_links.count_made(person.id, INVITATION, deps.now() - DAY)
    if made >= MOST and not submit.made:
        raise TooManyRequestsError(
            say("admin.inviting.too_many", name=person.name, most=MOST),
            deps.now() + DAY,
        )
    return submit


def _record_invitation(
    deps: Deps, work: UnitOfWork, actor: Actor, person: Person, action: str
) -> None:
    audit.record_change(work, actor, deps.now(), action, ("person", str(person.id)), {})
