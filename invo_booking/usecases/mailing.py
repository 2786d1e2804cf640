"""Whom the institution's mail comes from, and through which server it goes."""

from dataclasses import dataclass
from uuid import uuid4

from invo_booking.domain import contact
from invo_booking.domain.errors import InvalidInputError, MailTemporaryError
from invo_booking.domain.roles import Actor
from invo_booking.mail.server import MailServer
from invo_booking.persistence.audit import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import mailer
from invo_booking.settings.spec import Values
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.ports import OutgoingMail
from invo_booking.usecases.rights import require_administrator
from invo_booking.usecases.sealing import SealBrokenError, opened

SUBJECT = "Test mail from Invo Booking"
TEXT = (
    "This is a test mail. {who} sent it from the Mailer settings of {institution}.\n"
    "That it arrived shows that mail to customers can be sent.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whom mail comes from, and where answers go.

    Attributes:
        reply_to: Empty where answers go to ``address``.
    """

    name: str
    address: str
    reply_to: str


def sender_of(deps: Deps, work: UnitOfWork) -> Sender:
    """Return whom mail comes from under today's settings."""
    settings = work.settings
    return Sender(
        name=settings[mailer.SENDER_NAME] or work.roster.institution.name,
        address=settings[mailer.SENDER_ADDRESS] or deps.config.mail_from,
        reply_to=settings[mailer.REPLY_TO],
    )


def is_set_up(deps: Deps, settings: Values) -> bool:
    """Whether somebody has named a mail server, the operator or an administrator."""
    named = "smtp_host" in deps.config.model_fields_set
    return named or deps.config.demo or bool(settings[mailer.SERVER])


def server_of(deps: Deps, settings: Values) -> MailServer | None:
    """Return the administrator's mail server; ``None`` leaves it to the operator's.

    Raises:
        MailTemporaryError: If the stored password cannot be opened any more.
    """
    if not settings[mailer.SERVER]:
        return None
    try:
        password = opened(deps.config, settings, mailer.PASSWORD)
    except SealBrokenError as error:
        raise MailTemporaryError(
            "The stored password of the mail server cannot be opened. Enter it again."
        ) from error
    return MailServer(
        host=settings[mailer.SERVER],
        port=settings[mailer.PORT],
        security=settings[mailer.SECURITY],
        user=settings[mailer.USER],
        password=password,
        anywhere=deps.config.allow_private_hosts,
    )


def send_test_mail(deps: Deps, actor: Actor, to: str = "") -> str:
    """Send a mail under today's settings, at once; return what came of it.

    Args:
        deps: The product's parts.
        actor: Must administer.
        to: Who gets it; empty means the actor.

    Raises:
        NotAllowedError: If the actor does not administer.
        InvalidInputError: If ``to`` is no address.
        MailTemporaryError: If the server did not take it; says why and what to do.
        MailPermanentError: If it never will.
    """
    require_administrator(actor)
    address = _checked(to or actor.email)
    with deps.unit_of_work() as work:
        message = _test_mail(deps, work, actor, address)
        server = server_of(deps, work.settings)
        work.audit.add(_entry(deps, actor))
    deps.mailer.send(message, server)
    if deps.config.demo:
        return "This is a demo: the test mail lies in the demo mailbox."
    return (
        f"The mail server took the test mail to {address}. If it is not there in a few "
        "minutes, look under spam."
    )


def _checked(address: str) -> str:
    try:
        return contact.email(address)
    except ValueError as error:
        raise InvalidInputError({"to": str(error)}) from error


def _test_mail(deps: Deps, work: UnitOfWork, actor: Actor, to: str) -> OutgoingMail:
    sender = sender_of(deps, work)
    text = TEXT.format(who=actor.name, institution=work.roster.institution.name)
    return OutgoingMail(
        message_id=f"<{uuid4()}@invo-booking>",
        sender=sender.address,
        sender_name=sender.name,
        reply_to=sender.reply_to,
        to=to,
        subject=SUBJECT,
        text=text,
        html="",
    )


def _entry(deps: Deps, actor: Actor) -> AuditEntry:
    return AuditEntry(
        at=deps.now(),
        actor=actor.name,
        action="test mail sent",
        object_kind="mailer",
        object_id="test",
        detail={},
    )
