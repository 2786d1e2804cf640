"""Check and normalize a customer's details."""

from collections.abc import Callable
from dataclasses import dataclass

from invo_booking.domain import contact
from invo_booking.domain.appointment import Customer
from invo_booking.domain.contact import (
    NOTES_LIMIT,
    Requirement,
    contact_problems,
)
from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact form as typed.

    Attributes:
        time_zone: Zone reported by the browser or program; any text.
        locale: Locale reported by the browser or program; any text.
        language: Language chosen for the appointment. Mails are written in this
            language if the product has texts in it.
    """

    name: str
    email: str = ""
    phone: str = ""
    time_zone: str = ""
    locale: str = ""
    language: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCustomer:
    """A checked contact form."""

    customer: Customer
    notes: str


def normalize_customer(
    work: UnitOfWork, typed: Contact, *, by_staff: bool = False
) -> CheckedCustomer:
    """Return the customer with normalized details.

    Staff may omit contact details because they know the customer. An unusable time zone
    or locale causes no error, because nobody typed the value: the institution's value
    is used instead.

    Raises:
        InvalidInputError: With an error message for each field that has a problem.
    """
    requirement = (
        Requirement.NEITHER
        if by_staff
        else Requirement(work.settings[general.CONTACT_REQUIREMENT])
    )
    institution = work.roster.institution
    problems = contact_problems(
        requirement,
        name=typed.name,
        email=typed.email,
        phone=typed.phone,
        region=institution.country,
    )
    problems |= _problem("notes", typed.notes, _notes)
    if problems:
        raise InvalidInputError(problems)
    return CheckedCustomer(
        customer=Customer(
            name=contact.clean_name(typed.name),
            email=contact.clean_optional_email(typed.email),
            phone=contact.clean_optional_phone(typed.phone, institution.country),
            time_zone=contact.known_zone(typed.time_zone, institution.zone.key),
            locale=contact.locale_to_write(
                contact.known_locale(typed.locale, f"en-{institution.country}"),
                typed.language,
            ),
        ),
        notes=_notes(typed.notes),
    )


def _problem(field: str, text: str, check: Callable[[str], object]) -> dict[str, str]:
    try:
        check(text)
    except ValueError as error:
        return {field: str(error)}
    return {}


def _notes(text: str) -> str:
    return contact.clean_text(text, limit=NOTES_LIMIT, lines=True)
