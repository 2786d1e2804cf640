"""What follows from a change of an appointment, and is never kept from before."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from invo_booking.domain.appointment import Appointment, Channel, Customer, Status


def derive_values(
    before: Appointment, after: Appointment, timeout: timedelta, now: datetime
) -> Appointment:
    """Return ``after`` with everything derived again that follows from its values.

    The deadline follows from the time, as does who is late or there; the links from the
    address; the language of mails from the language spoken; SEQUENCE from all of what
    an invitation shows.

    Args:
        before: As it is stored.
        after: With the new values of a change by somebody who vouches for the contact.
        timeout: How long a request waits to be confirmed.
        now: The present instant in UTC.
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
    told = is_readdressed(before, after) or differs_for_customer(before, after)
    return replace(after, sequence=before.sequence + int(told))


def is_readdressed(before: Appointment, after: Appointment) -> bool:
    """Whether mail goes to another address, or to one for the first or last time."""
    return before.customer.email != after.customer.email


def differs_for_customer(before: Appointment, after: Appointment) -> bool:
    """Whether the customer must hear of a change of what they were told."""
    return _customer_facts(before) != _customer_facts(after)


def customer_digest(appointment: Appointment) -> str:
    """Return what two states share of which a customer was told the same."""
    return hashlib.sha256(repr(_customer_facts(appointment)).encode()).hexdigest()


def _customer_facts(appointment: Appointment) -> tuple[object, ...]:
    """Return what mails and invitations say; a name only once the contact is proven."""
    customer, by_phone = appointment.customer, appointment.channel is Channel.PHONE
    return (
        appointment.period,
        appointment.channel,
        appointment.language,
        customer.name if appointment.is_proven else "",
        customer.phone if by_phone and appointment.is_proven else "",
    )


def _without_attendance(
    before: Appointment, after: Appointment, now: datetime
) -> Appointment:
    """Forget who is late or waited for, and who is there if it begins again."""
    if after.starts_at == before.starts_at:
        return after
    begins_again = after.starts_at > now
    return replace(
        after,
        running_late_at=None,
        waits_until=None,
        waits_by=None,
        joined_at=None if begins_again else after.joined_at,
    )


def _with_language(customer: Customer, language: str) -> Customer:
    """Return a customer who is written to in a language; their country is kept."""
    is_same = customer.locale.replace("_", "-").partition("-")[0].lower() == language
    return customer if is_same else replace(customer, locale=language)
