"""Choose the sender and the server of the institution's mail, and send test mails."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from invo_booking.config import Config
from invo_booking.domain import contact
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import (
    InvalidInputError,
    MailTemporaryError,
)
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.mail.server import MailServer
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import mailer
from invo_booking.settings.spec import Values
from invo_booking.texts import say
from invo_booking.usecases.shared import submits
from invo_booking.usecases.shared.copies import copy_problem
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import keyed_digest
from invo_booking.usecases.shared.rights import administer, require_administrator
from invo_booking.usecases.shared.sealing import SealBrokenError, open_secret
from invo_booking.usecases.shared.trials import TrialLimit, count_trial

_TRIAL = "trial mail"
SUBJECT = "refusals.mailing.test_subject"
TEXT = "refusals.mailing.test_body"

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_TRIALS = 10
"""Maximum number of test mails that one administrator can send within an hour."""

MOST_TRIALS_TO_OTHERS = 5
"""Maximum number of test mails a day that all administrators together can send to one
address that is not their own."""

_BY_SENDER = TrialLimit(
    what=_TRIAL,
    most=MOST_TRIALS,
    within=HOUR,
    refusal="refusals.mailing.too_many_tests",
)
_TO_OTHERS = TrialLimit(
    what=_TRIAL,
    most=MOST_TRIALS_TO_OTHERS,
    within=DAY,
    refusal="refusals.mailing.too_many_for_address",
)

NO_SENDER = "refusals.mailing.no_sender"
NO_SERVER = "refusals.mailing.no_server"


def sender_address(config: Config, settings: Values) -> str:
    """Return the sender address under the current settings."""
    return settings[mailer.SENDER_ADDRESS] or config.sender


def add_sender(
    deps: Deps, work: UnitOfWork, mail: OutgoingMail, stored_id: str
) -> OutgoingMail:
    """Return a mail with its sender under the current settings.

    Args:
        mail: The mail without a sender.
        stored_id: Message-ID without a domain. The domain of the sender's address is
            added, because servers distrust unknown domains. Version 0.1 stored
            Message-IDs with a domain. Such a Message-ID is not changed, because the
            mail may have been sent under this Message-ID already.
    """
    address = sender_address(deps.config, work.settings)
    new_id = f"<{stored_id}@{address.rpartition('@')[2]}>"
    return replace(
        mail,
        sender=address,
        sender_name=_sender_name(work),
        reply_to=work.settings[mailer.REPLY_TO],
        message_id=stored_id if "@" in stored_id else new_id,
    )


def _sender_name(work: UnitOfWork) -> str:
    return work.settings[mailer.SENDER_NAME] or work.roster.institution.name


def mail_obstacle(config: Config, settings: Values) -> str:
    """Return why no mail can be sent, and what to do; empty if mail can be sent."""
    if not sender_address(config, settings):
        return say(NO_SENDER)
    if not (settings[mailer.SERVER] or config.smtp_host or config.demo):
        return say(NO_SERVER)
    return ""


def server_name(config: Config, settings: Values) -> str:
    """Return the current mail server as ``host:port``, for texts and records."""
    if settings[mailer.SERVER] and not config.demo:
        return f"{settings[mailer.SERVER]}:{settings[mailer.PORT]}"
    server = MailServer.of(config)
    return f"{server.host}:{server.port}"


def server_trouble(config: Config, work: UnitOfWork) -> str:
    """Return why the current mail server is paused; empty if not paused."""
    name = server_name(config, work.settings)
    trouble = work.mail_servers.trouble(name)
    if trouble is None or trouble.paused_until is None:
        return ""
    return say(
        "refusals.mailing.paused",
        name=name,
        failures=trouble.failures,
        paused_until=f"{trouble.paused_until:%H:%M:%S}",
        problem=trouble.problem,
    )


def mail_settings_sentence(deps: Deps, actor: Actor) -> str:
    """Return a sentence that says whether mail can be sent, and through which server.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        settings, name = work.settings, _sender_name(work)
        waiting = work.outbox.count("open")
        trouble = server_trouble(deps.config, work)
    if problem := mail_obstacle(deps.config, settings):
        return say("refusals.mailing.waits", problem=problem, waiting=waiting)
    server = settings[mailer.SERVER] or MailServer.of(deps.config).host
    address = sender_address(deps.config, settings)
    sentence = say(
        "refusals.mailing.works",
        name=name,
        address=address,
        server=server,
    )
    return (
        say(
            "refusals.mailing.waits_with_trouble",
            reason=sentence,
            trouble=trouble,
            waiting=waiting,
        )
        if trouble
        else sentence
    )


def own_mail_server(config: Config, settings: Values) -> MailServer | None:
    """Return the mail server from the settings; ``None`` means the operator's server.

    Raises:
        MailTemporaryError: If the stored password cannot be decrypted.
    """
    if not settings[mailer.SERVER]:
        return None
    try:
        password = open_secret(config, settings, mailer.PASSWORD)
    except SealBrokenError as error:
        raise MailTemporaryError(say("refusals.mailing.password_unsealable")) from error
    return MailServer(
        host=settings[mailer.SERVER],
        port=settings[mailer.PORT],
        security=settings[mailer.SECURITY],
        user=settings[mailer.USER],
        password=password,
        anywhere=config.allow_private_hosts,
    )


def send_test_mail(deps: Deps, actor: Actor, to: str = "", *, key: str = "") -> str:
    """Send a test mail now, under the current settings; return the result in words.

    Args:
        actor: An administrator, who is named in the mail.
        to: Address of the recipient; empty for the actor.
        key: Idempotency key; a call with the same key sends no second mail.

    Raises:
        NotAllowedError: If the actor is no administrator.
        InvalidInputError: If ``to`` is not an e-mail address.
        MailTemporaryError: If the mail could not be sent now; the message says why and
            what to do.
        MailPermanentError: If the server will never accept this mail.
        TooManyRequestsError: After ten test mails within an hour, or after five within
            a day to one address that is not the actor's. Failed test mails count too.
    """
    require_administrator(actor)
    address = _check_trial_address(to or actor.email)
    kind = f"test mail to {keyed_digest(deps, address)}"
    submits.make_once_outside(
        deps, actor, key, kind, lambda: _send_and_record(deps, actor, address)
    )
    if deps.config.demo:
        return say("refusals.mailing.test_in_demo")
    return say("refusals.mailing.test_accepted", address=address)


def _send_and_record(deps: Deps, actor: Actor, address: str) -> str:
    with deps.unit_of_work() as work:
        problem = copy_problem(work) or mail_obstacle(deps.config, work.settings)
        if problem:
            raise MailTemporaryError(problem)
        message = _test_mail(deps, work, actor, address)
        server = own_mail_server(deps.config, work.settings)
        name = server_name(deps.config, work.settings)
        _count_trial(deps, work, actor, address)
        work.audit.add(_entry(deps, actor))
    deps.mailer.send(message, server)
    with deps.unit_of_work() as work:
        work.mail_servers.record_success(name)  # server_name() may differ by now
    return "sent"  # stored with the key, so this text names nobody


def _count_trial(deps: Deps, work: UnitOfWork, actor: Actor, address: str) -> None:
    count_trial(deps, work, f"trials by {actor.id}", _BY_SENDER)
    if address != contact.email_to_look_up(actor.email):
        to = contact.email_to_count_by(address)
        count_trial(deps, work, f"trials to {to}", _TO_OTHERS)


def _check_trial_address(address: str) -> str:
    try:
        return contact.clean_email(address)
    except ValueError as error:
        raise InvalidInputError({"to": str(error)}) from error


def _test_mail(deps: Deps, work: UnitOfWork, actor: Actor, to: str) -> OutgoingMail:
    text = say(TEXT, who=actor.name, institution=work.roster.institution.name)
    mail = OutgoingMail(to=to, subject=say(SUBJECT), text=text)
    return add_sender(deps, work, mail, str(uuid4()))


def _entry(deps: Deps, actor: Actor) -> AuditEntry:
    return AuditEntry.by(actor, "test mail sent", ("mailer", "test"), deps.now())
