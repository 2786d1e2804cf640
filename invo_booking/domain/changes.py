"""Derive the values of an appointment that depend on others."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from invo_booking.domain.appointment import Appointment, Channel, Customer, Status
from invo_booking.domain.contact import locale_to_write


def derive_values(
    before: Appointment, after: Appointment, timeout: timedelta, now: datetime
) -> Appointment:
    """Return ``after`` with all dependent values recomputed.

    The deadline and the attendance depend on the time, the links on the address, the
    language of mails on the language of the appointment, and SEQUENCE on everything an
    invitation shows.

    Args:
        before: The appointment as stored.
        after: The appointment with the new values, from an author who vouches for the
            contact.
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
    """Whether the address for mail was changed, added or removed."""
    return before.customer.email != after.customer.email


def differs_for_customer(before: Appointment, after: Appointment) -> bool:
    """Whether a change concerns facts that the customer was informed of."""
    return _customer_facts(before) != _customer_facts(after)


def customer_digest(appointment: Appointment) -> str:
    """Return a digest that is equal for states a customer got the same mail about."""
    return hashlib.sha256(repr(_customer_facts(appointment)).encode()).hexdigest()


def _customer_facts(appointment: Appointment) -> tuple[object, ...]:
    """Return the facts in mails and invitations; the name only for a proven contact.

    Only visits have a last part, so that a digest stored before visits had a branch is
    still that of other channels.
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
    """Clear lateness and waiting, and attendance if the appointment begins again."""
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
    """Return the customer with another language for mail, if we write in it."""
    return replace(customer, locale=locale_to_write(customer.locale, language))
