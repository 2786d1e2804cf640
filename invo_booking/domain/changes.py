"""Recompute the values of an appointment that depend on its other values."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from invo_booking.domain.appointment import Appointment, Channel, Customer, Status
from invo_booking.domain.contact import locale_to_write


def derive_values(
    before: Appointment, after: Appointment, timeout: timedelta, now: datetime
) -> Appointment:
    """Return the changed appointment with all dependent values recomputed.

    - A new time changes the deadline for confirmation and clears the attendance.
    - A new time or agent clears ``unchecked_at``.
    - A new language changes the language of mails to the customer.
    - A new e-mail address invalidates the customer's links.
    - A change about which the customer gets mail increments the iCalendar SEQUENCE.

    Args:
        before: The appointment as stored.
        after: The appointment with the new values, entered by somebody who vouches for
            the contact details.
        timeout: How long a request waits for its confirmation.
    """
    if after.period != before.period:
        after = _without_attendance(before, after, now).confirmable_for(timeout)
    is_elsewhere = (after.period, after.agent_id) != (before.period, before.agent_id)
    if is_elsewhere and after.unchecked_at == before.unchecked_at:
        after = replace(after, unchecked_at=None)
    if after.language != before.language:
        after = replace(after, customer=_with_language(after.customer, after.language))
    if is_readdressed(before, after):
        after = replace(
            after,
            link_generation=before.link_generation + 1,
            has_proof=before.has_proof or before.status is Status.CONFIRMED,
        )
    needs_mail = is_readdressed(before, after) or differs_for_customer(before, after)
    return replace(after, sequence=before.sequence + int(needs_mail))


def is_readdressed(before: Appointment, after: Appointment) -> bool:
    """Whether the customer's e-mail address was changed, added or removed."""
    return before.customer.email != after.customer.email


def differs_for_customer(before: Appointment, after: Appointment) -> bool:
    """Whether a change affects details that mails and invitations show the customer."""
    return _customer_facts(before) != _customer_facts(after)


def customer_digest(appointment: Appointment) -> str:
    """Return a digest of the details that mails and invitations show the customer.

    Two digests differ if and only if one of these details differs.
    """
    return hashlib.sha256(repr(_customer_facts(appointment)).encode()).hexdigest()


def _customer_facts(appointment: Appointment) -> tuple[object, ...]:
    """Return the details that mails and invitations show the customer.

    Name and phone are shown only if the contact is proven. For an appointment without a
    branch, the tuple has no value for the branch. So the digest equals digests stored
    before the product had branches.
    """
    customer, by_phone = appointment.customer, appointment.channel is Channel.PHONE
    return (
        appointment.period,
        appointment.channel,
        appointment.language,
        customer.name if appointment.is_proven else "",
        customer.phone if by_phone and appointment.is_proven else "",
        *filter(None, [appointment.branch_id]),
    )


def _without_attendance(
    before: Appointment, after: Appointment, now: datetime
) -> Appointment:
    """Clear what was recorded about the old start, if the start changed.

    Lateness and waiting are always cleared, attendance only if the new start is in the
    future.
    """
    if after.starts_at == before.starts_at:
        return after
    begins_again = after.starts_at > now
    return replace(
        after,
        running_late_at=None,
        waits_until=None,
        waits_by=None,
        joined_at=None if begins_again else after.joined_at,
        staff_joined_at=None if begins_again else after.staff_joined_at,
    )


def _with_language(customer: Customer, language: str) -> Customer:
    """Return the customer with a new mail language, if mails exist in that language."""
    return replace(customer, locale=locale_to_write(customer.locale, language))
