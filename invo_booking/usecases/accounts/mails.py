"""Write mails to staff about their accounts, most with a link to set a password."""

from uuid import NAMESPACE_URL, UUID, uuid5

from invo_booking.domain.contact import email_to_look_up
from invo_booking.domain.institution import Person
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.outbox import LINK, NOTICE, OutboxMessage
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.texts.dates import instant_text
from invo_booking.usecases.accounts import links
from invo_booking.usecases.accounts.links import INVITATION, RESET
from invo_booking.usecases.appointment.history import SYSTEM
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import keyed_digests

_HERE = "accounts.mails.link"
"""Key of the placeholder for the link in the stored text. So the outbox contains no
secret."""

_INVITATION = "accounts.mails.invitation_body"
_NEW_ADDRESS = "accounts.mails.address_changed_body"
_RESET = "accounts.mails.forgot_body"


def add_invitation(deps: Deps, work: UnitOfWork, person: Person, sender: str) -> UUID:
    """Add a mail with a new link to set a password, and invalidate earlier links.

    Returns the id of the new link.

    Args:
        person: The recipient.
        sender: Name of the administrator who sends the link.
    """
    now, is_new = deps.now(), person.id in work.people.without_password()
    work.account_links.end_all_of(person.id, now)
    link = links.make_account_link(deps, work, person.id, INVITATION)
    local = link.expires_at.astimezone(person.hours.zone)
    text = say(
        _INVITATION,
        name=person.name,
        sender=sender,
        why=say("accounts.mails.invitation_reason_new")
        if is_new
        else say("accounts.mails.invitation_reason_again"),
        institution=work.roster.institution.name,
        link=say(_HERE),
        until=f"{instant_text(local)} ({person.hours.zone.key})",
    )
    subject = say("accounts.mails.invitation_subject")
    payload = {
        "to": person.email,
        "subject": subject,
        "text": text,
        LINK: str(link.id),
    }
    work.outbox.add(NOTICE, payload, now=now, useful_until=link.expires_at)
    return link.id


def mail_new_address_notice(
    deps: Deps, work: UnitOfWork, before: Person, after: Person, by: str
) -> None:
    """Queue a mail that informs a person's former address of the new address."""
    text = say(
        _NEW_ADDRESS,
        name=after.name,
        sender=by,
        institution=work.roster.institution.name,
        address=after.email,
    )
    subject = say("accounts.mails.address_changed_subject")
    notices.add_notice(work, before.email, subject, text, deps.now())


def write_account_mail(
    deps: Deps, work: UnitOfWork, message: OutboxMessage
) -> OutgoingMail | None:
    """Return the mail of an outbox message to staff, or ``None`` if it is not needed.

    A mail is not needed if its link has ended, or if nobody should get the mail any
    more.
    """
    if "account" in message.payload:
        return _reset(deps, work, message)
    text, link = message.payload["text"], message.payload.get(LINK)
    if link is not None:
        if not work.account_links.works(UUID(link), deps.now()):
            return None
        text = _with_link(deps, work, text, UUID(link))
    to, subject = (
        notices.notice_reader(work, message.payload),
        message.payload["subject"],
    )
    return OutgoingMail(to=to, subject=subject, text=text) if to else None


def _reset(deps: Deps, work: UnitOfWork, message: OutboxMessage) -> OutgoingMail | None:
    account = message.payload["account"]
    people = work.roster.people.values()
    matches = [
        it
        for it in people
        if it.active and account in keyed_digests(deps, email_to_look_up(it.email))
    ]
    if not matches:
        return None
    (person,) = matches
    link_id = uuid5(NAMESPACE_URL, message.message_id)  # the same for each try
    links.make_account_link(deps, work, person.id, RESET, link_id=link_id)
    _note_new_address(deps, work, person)
    text = say(
        _RESET,
        name=person.name,
        institution=work.roster.institution.name,
        link=say(_HERE),
    )
    return OutgoingMail(
        to=person.email,
        subject=say("accounts.mails.forgot_subject"),
        text=_with_link(deps, work, text, link_id),
    )


def _with_link(deps: Deps, work: UnitOfWork, text: str, link_id: UUID) -> str:
    return text.replace(say(_HERE), links.account_link_address(deps, work, link_id))


def _note_new_address(deps: Deps, work: UnitOfWork, person: Person) -> None:
    work.audit.add(
        AuditEntry.by(
            SYSTEM, "reset link mailed", ("person", str(person.id)), deps.now()
        )
    )
