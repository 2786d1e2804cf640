"""Send the mails of the outbox."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from invo_booking.domain.appointment import Appointment, Customer, Status
from invo_booking.domain.calendars.inviter import Inviter
from invo_booking.domain.contact import language_of_locale
from invo_booking.domain.errors import (
    MailAddressError,
    MailPermanentError,
    MailServerError,
    MailTemporaryError,
)
from invo_booking.domain.institution import Roster
from invo_booking.domain.interval import Interval
from invo_booking.mail.facts import MailFacts, MailKind
from invo_booking.mail.messages import INVITES, compose_mail, letter_link_label
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.mail.server import MailServer
from invo_booking.persistence.outbox import (
    LINKS,
    MAIL,
    MAILS,
    NOTICE,
    SEALED_ADDRESS,
    WITHDRAWAL,
    OutboxMessage,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.accounts import mails
from invo_booking.usecases.appointment.rooms import meeting_facts
from invo_booking.usecases.calendars.host.inviting import (
    inviter_of_mail,
    is_invited_by_host,
)
from invo_booking.usecases.shared import links, notices
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import (
    add_sender,
    mail_obstacle,
    own_mail_server,
    sender_address,
    server_name,
    server_trouble,
)
from invo_booking.usecases.shared.sealing import SealBrokenError, unseal

_log = logging.getLogger(__name__)

MAIL_WORKER = "mail"
"""Name under which mail workers record their heartbeat."""

LEASE = timedelta(minutes=2)
"""Duration of a message's lease: four times the longest delivery, so that no other
worker sends the message too."""

HOLD = timedelta(minutes=1)
"""How long due mails are delayed while no mail can be sent."""


@dataclass(frozen=True, slots=True)
class _PreparedMail:
    """A mail and the server to send it; ``None`` stands for the operator's server."""

    mail: OutgoingMail
    server: MailServer | None
    server_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The result of one batch.

    Attributes:
        handled: Number of messages that were sent, refused, dropped or postponed. If
            the number is below the limit of the batch, no further message is due.
        sent: Number of mails that were sent.
    """

    handled: int = 0
    sent: int = 0


def deliver_due_mails(
    deps: Deps, *, limit: int = 50, kinds: Sequence[str] = MAILS
) -> Delivery:
    """Process up to ``limit`` due messages, and send their mails.

    Safe to run in many workers at once, and safe to kill. A message is leased in one
    transaction, sent while no transaction is open, and marked as sent in a second
    transaction. If a worker is killed between sending and marking, the mail is sent
    again after the lease, with the same Message-ID. While no sender or server is set,
    or the server is paused after failures, mails are neither sent nor given up.
    """
    sent = 0
    for handled in range(limit):
        with deps.unit_of_work() as work:
            message = _lease_message(deps, work, kinds)
        if message is None:
            return Delivery(handled=handled, sent=sent)
        sent += _deliver_message(deps, message)
    return Delivery(handled=limit, sent=sent)


def _lease_message(
    deps: Deps, work: UnitOfWork, kinds: Sequence[str]
) -> OutboxMessage | None:
    """Lease the next due message; return ``None`` if there is none.

    If no mail can be sent, the due messages are postponed, and the reason is stored.

    After failures of the mail server, only one worker may try the server again. A
    worker claims this right only after it has leased a message, so that the try is not
    wasted.
    """
    now = deps.now()
    work.beat(MAIL_WORKER, now)
    if not work.is_set_up:
        return None
    if why := mail_obstacle(deps.config, work.settings):
        work.outbox.hold(now, now + HOLD, why)
        return None
    message = work.outbox.lease(now, LEASE, kinds)
    if message is None:
        return None
    paused_until = work.mail_servers.claim(server_name(deps.config, work.settings), now)
    if paused_until is None:
        return message
    work.outbox.postpone(message, now)
    until = min(paused_until, now + HOLD)  # settings may change the server
    work.outbox.hold(now, until, server_trouble(deps.config, work))
    return None


def _deliver_message(deps: Deps, message: OutboxMessage) -> int:
    """Send one message; return the number of sent mails, 0 or 1."""
    name = ""
    try:
        prepared = _prepare_mail(deps, message)
        if prepared is not None:
            name = prepared.server_name
            deps.mailer.send(prepared.mail, prepared.server)
    except MailPermanentError as error:
        with deps.unit_of_work() as work:
            work.outbox.mark_failed(message, deps.now(), str(error))
            if not isinstance(error, MailAddressError):
                _note_server(deps, work, name, None)
        return 0
    except MailTemporaryError as error:
        with deps.unit_of_work() as work:
            work.outbox.retry_later(message, deps.now(), str(error))
            _note_server(deps, work, name, error)
        return 0
    except Exception as error:  # noqa: BLE001  # one bad message must not stop the rest
        kind = type(error).__name__  # error texts may contain personal data
        _log.error("message %d cannot be sent: %s", message.id, kind)
        with deps.unit_of_work() as work:
            why = say("upkeep.delivery.not_made", kind=kind)
            work.outbox.retry_later(message, deps.now(), why)
            notices.report_unforeseen_error(work, message, kind, deps.now())
        return 0
    with deps.unit_of_work() as work:
        end = work.outbox.mark_sent if prepared else work.outbox.drop
        end(message, deps.now())
        if prepared:
            _note_server(deps, work, name, None)
    return 1 if prepared else 0


def _note_server(
    deps: Deps, work: UnitOfWork, name: str, error: MailTemporaryError | None
) -> None:
    """Record whether a mail server works.

    A server that rejects a mail counts as working.

    ``name`` is the server that was used, because the settings may name another server
    by now. The name is empty if no server was used.
    """
    if not name:
        return
    if isinstance(error, MailServerError):
        work.mail_servers.record_failure(name, str(error), deps.now())
        _log.warning("the mail server failed", extra={"server": name})
    else:
        work.mail_servers.record_success(name)


def _prepare_mail(deps: Deps, message: OutboxMessage) -> _PreparedMail | None:
    """Return the mail and its server, or ``None`` if no mail is to be sent."""
    if _is_useless(message, deps.now()):
        return None
    with deps.unit_of_work() as work:
        compose_it = {
            MAIL: _compose_message,
            LINKS: _list_of_links,
            NOTICE: mails.write_account_mail,
            WITHDRAWAL: _withdrawal,
        }
        mail = compose_it[message.kind](deps, work, message)
        if mail is None:
            return None
        mail = add_sender(deps, work, mail, message.message_id)
        return _PreparedMail(
            mail,
            own_mail_server(deps.config, work.settings),
            server_name(deps.config, work.settings),
        )


def is_mail_outdated(
    kind: MailKind, payload: Mapping[str, Any], current: Appointment
) -> bool:
    """Whether a mail must not be sent because the appointment was changed since.

    Only reminders can be outdated. Mails about changes are always sent, because
    customers' calendar programs need every change in turn.
    """
    if kind is not MailKind.REMINDER:
        return False
    same_time = _as_composed(current, payload).period == current.period
    return not (current.status is Status.CONFIRMED and same_time)


def _is_useless(message: OutboxMessage, now: datetime) -> bool:
    return message.useful_until is not None and message.useful_until <= now


def _compose_message(
    deps: Deps, work: UnitOfWork, message: OutboxMessage
) -> OutgoingMail | None:
    """Return the mail about an appointment, or ``None`` if no mail is to be sent."""
    if message.appointment_id is None:
        return None
    current = work.appointments.find(message.appointment_id, hold=True)
    if current is None or not current.customer.email:
        return None
    if is_mail_outdated(MailKind(message.payload["mail"]), message.payload, current):
        return None
    appointment = _as_composed(current, message.payload)
    facts = _facts(deps, work, appointment, message)
    return _write_customer_mail(work, message, facts)


def _withdrawal(
    deps: Deps, work: UnitOfWork, message: OutboxMessage
) -> OutgoingMail | None:
    """Return the cancellation for a former address, without text from the customer."""
    if message.appointment_id is None:
        return None
    current = work.appointments.find(message.appointment_id, hold=True)
    address = message.payload["to"]
    if current is None or current.customer.email == address:
        return None
    language = language_of_locale(message.payload["locale"])
    answer = work.roster.answer_of(current, language)
    queue = work.roster.queue_name(current.queue_id, language)
    former = replace(
        _as_composed(current, message.payload),
        title=answer.title if answer else queue,
        notes="",
        customer=Customer(
            name="",
            email=address,
            time_zone=message.payload["time_zone"],
            locale=message.payload["locale"],
        ),
    )
    facts = MailFacts(
        appointment=former,
        institution=work.roster.institution,
        branch=work.roster.branch_of(former, language),
        organizer_email=sender_address(deps.config, work.settings),
        queue_name=queue,
        status_url=deps.config.public_url,
        agreed=_interval(message.payload.get("agreed") or []),
        composed_at=message.created_at,
        is_invited_by_host=is_invited_by_host(work, former),
    )
    return _write_customer_mail(work, message, facts)


def _list_of_links(
    deps: Deps, work: UnitOfWork, message: OutboxMessage
) -> OutgoingMail | None:
    """Return a mail with links to all live appointments of an email address.

    ``None`` if there are no such appointments, or if the sealed address cannot be
    opened.
    """
    try:
        address = unseal(deps.config, LINKS, message.payload.get(SEALED_ADDRESS, ""))
    except SealBrokenError as error:
        _log.warning("a mail with links is not sent: %s", error)
        return None
    live = work.appointments.live_of_address(address, deps.now())
    if not live:
        return None
    known = next((item for item in live if item.is_proven), live[0])
    listed = tuple(
        (
            letter_link_label(
                _in_customers_language(work.roster, item),
                work.roster.clock_of(item).key,
            ),
            links.mail_url(deps, work, item),
        )
        for item in live
    )
    facts = replace(_facts(deps, work, known, message), links=listed)
    return _write_customer_mail(work, message, facts)


def _write_customer_mail(
    work: UnitOfWork, message: OutboxMessage, facts: MailFacts
) -> OutgoingMail:
    kind = MailKind(message.payload["mail"])
    if kind in INVITES and facts.appointment.is_proven:
        inviter, takes_over = inviter_of_mail(work, facts.appointment.id)
        is_by_host = inviter is Inviter.HOST
        facts = replace(
            facts, is_invited_by_host=is_by_host, has_earlier_entry=takes_over
        )
    return compose_mail(kind, facts)


def _as_composed(current: Appointment, payload: Mapping[str, Any]) -> Appointment:
    if "starts_at" not in payload:
        return current
    agent = payload["agent_id"]
    return replace(
        current,
        sequence=payload["sequence"],
        status=Status(payload["status"]),
        starts_at=datetime.fromisoformat(payload["starts_at"]).astimezone(UTC),
        ends_at=datetime.fromisoformat(payload["ends_at"]).astimezone(UTC),
        agent_id=UUID(agent) if agent else None,
    )


def _in_customers_language(roster: Roster, appointment: Appointment) -> Appointment:
    language = language_of_locale(appointment.customer.locale)
    return replace(appointment, title=roster.title_of(appointment, language))


def _facts(
    deps: Deps, work: UnitOfWork, appointment: Appointment, message: OutboxMessage
) -> MailFacts:
    roster, payload = work.roster, message.payload
    language = language_of_locale(appointment.customer.locale)
    answer = roster.answer_of(appointment, language)
    return MailFacts(
        appointment=_in_customers_language(roster, appointment),
        institution=roster.institution,
        branch=roster.branch_of(appointment, language),
        organizer_email=sender_address(deps.config, work.settings),
        agent_name=roster.person_name(appointment.agent_id),
        previous_agent_name=_person_name(roster, payload.get("agent_before", "")),
        queue_name=roster.queue_name(appointment.queue_id, language),
        documents=answer.documents if answer else (),
        status_url=links.mail_url(deps, work, appointment),
        again_url=links.again_url(deps, appointment),
        **meeting_facts(deps, work, appointment),
        limit_url=_limit_url(deps, work, appointment, payload),
        reason=payload.get("reason", ""),
        previous=_interval(payload.get("previous") or []),
        agreed=_interval(payload.get("agreed") or []),
        composed_at=message.created_at,
    )


def _person_name(roster: Roster, person_id: str) -> str:
    return roster.person_name(UUID(person_id)) if person_id else ""


def _limit_url(
    deps: Deps, work: UnitOfWork, appointment: Appointment, payload: Mapping[str, Any]
) -> str:
    if payload["mail"] != MailKind.LIMIT:
        return ""
    return links.limit_url(deps, work, appointment)


def _interval(bounds: list[str]) -> Interval | None:
    if not bounds:
        return None
    start, end = (datetime.fromisoformat(at).astimezone(UTC) for at in bounds)
    return Interval(start, end)
