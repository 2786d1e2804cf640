"""Send the confirmation mail of a request again, to the same or a corrected address."""

from dataclasses import replace
from datetime import datetime

from invo_booking.domain import contact
from invo_booking.domain.appointment import Appointment, Phase
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    TooManyRequestsError,
)
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.persistence.upkeep.contact_uses import ContactUse
from invo_booking.texts import say
from invo_booking.usecases.appointment import history, limits
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.appointment.steps import require_phase
from invo_booking.usecases.booking import manage
from invo_booking.usecases.booking.manage import Visit
from invo_booking.usecases.booking.repeating import retry_overtaken
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps

MOST_CHANGES = 3
CHANGED = "address changed"


def resend_request_mail(deps: Deps, token: str) -> Visit:
    """Send the confirmation mail of a request again, to the same address.

    Raises:
        LinkExpiredError: If the request was confirmed or cancelled, or expired.
        ConflictError: If the request has no e-mail address.
        TooManyRequestsError: If the address got as many mails within a day as allowed.
    """
    with deps.unit_of_work() as work:
        now, appointment = deps.now(), links.open_link(work, token)
        counted = contact.email_to_count_by(appointment.customer.email)
        work.lock_customer(*limits.limit_contacts(appointment.customer))
        appointment = work.appointments.get(appointment.id)  # may be confirmed by now
        _check_waiting(work, appointment, now)
        limits.require_contact_use(work, counted, ContactUse.UNPROVEN_MAIL, now)
        is_over = links.is_over_limit(work, appointment)
        _record(work, appointment, "mail sent again", now, is_over_limit=is_over)
    deps.wake()
    return manage.read_visit(deps, token)


def correct_address(deps: Deps, token: str, email: str) -> Visit:
    """Correct the address of an unconfirmed request.

    The link mailed to the former address becomes invalid, and the new address gets a
    new link. All limits count the correction as a request with the new address.

    Raises:
        NotFoundError: If the link is not valid, or is a link that is only mailed.
        InvalidInputError: If the text is not an e-mail address, or is the current
            address.
        LinkExpiredError: If the request was confirmed or cancelled, or expired.
        ConflictError: If the request has no e-mail address.
        TooManyRequestsError: If the request's address was changed too often, or the new
            address was used too often within a day.
    """
    retry_overtaken(lambda: _correct(deps, token, email))
    deps.wake()
    return manage.read_visit(deps, token)


def _correct(deps: Deps, token: str, email: str) -> None:
    with deps.unit_of_work() as work:
        now, appointment = deps.now(), links.open_link(work, token, links.STATUS)
        _check_waiting(work, appointment, now)
        customer = replace(
            appointment.customer, email=_check_new_address(appointment, email)
        )
        _check_changes(work, appointment)
        work.lock_customer(*limits.limit_contacts(customer))
        saved = work.appointments.save(replace(appointment, customer=customer))
        is_over = limits.count_request(work, saved, now)
        work.links.revoke(appointment.id, links.MAILED)
        work.outbox.drop_mails(appointment.id, now)
        purpose = links.PROOF if is_over else links.CONFIRM
        links.issue_mailed_link(deps, work, saved, purpose)
        _record(work, saved, CHANGED, now, is_over_limit=is_over)


def _check_waiting(work: UnitOfWork, appointment: Appointment, now: datetime) -> None:
    require_phase(appointment, {Phase.REQUESTED}, work, now)
    if not appointment.customer.email:
        raise ConflictError(say("refusals.no_mail_needed"))


def _check_new_address(appointment: Appointment, email: str) -> str:
    try:
        address = contact.clean_email(email)
    except ValueError as error:
        raise InvalidInputError({"email": str(error)}) from error
    if address == appointment.customer.email:
        raise InvalidInputError({"email": say("refusals.same_address")})
    return address


def _check_changes(work: UnitOfWork, appointment: Appointment) -> None:
    entries = work.audit.history(str(appointment.id))
    if sum(entry.action == CHANGED for entry in entries) >= MOST_CHANGES:
        raise TooManyRequestsError(say("refusals.address_changed_often"))


def _record(
    work: UnitOfWork,
    appointment: Appointment,
    action: str,
    now: datetime,
    *,
    is_over_limit: bool,
) -> None:
    event = AppointmentEvent(
        actor=history.CUSTOMER,
        action=action,
        detail={},
        mail=MailKind.LIMIT if is_over_limit else MailKind.REQUESTED,
        useful_until=appointment.confirm_by,
    )
    history.record_event(work, appointment, event, now)
