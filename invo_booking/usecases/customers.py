"""What a customer typed about themselves, checked and normalised."""

from collections.abc import Callable
from dataclasses import dataclass

from invo_booking.domain import contact
from invo_booking.domain.appointment import Customer
from invo_booking.domain.contact import Requirement, contact_problems
from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general

LONGEST_NOTES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact form as typed."""

    name: str
    email: str = ""
    phone: str = ""
    time_zone: str = ""
    locale: str = "en"
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A contact form that can be stored."""

    customer: Customer
    notes: str


def checked_customer(
    work: UnitOfWork, typed: Contact, *, by_staff: bool = False
) -> Checked:
    """Return the customer, normalised.

    Staff may leave out any contact: they have the customer on the phone.

    Raises:
        InvalidInputError: With a sentence for each field that cannot be used.
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
    zone = typed.time_zone or institution.zone.key
    problems |= _problem("time_zone", zone, contact.time_zone)
    problems |= _problem("notes", typed.notes, _notes)
    problems |= _problem("locale", typed.locale, _locale)
    if problems:
        raise InvalidInputError(problems)
    return Checked(
        customer=Customer(
            name=contact.clean_name(typed.name),
            email=contact.email(typed.email) if typed.email.strip() else "",
            phone=contact.phone(typed.phone, institution.country)
            if typed.phone.strip()
            else "",
            time_zone=zone,
            locale=typed.locale,
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
    return contact.clean_text(text, limit=LONGEST_NOTES, lines=True)


def _locale(text: str) -> str:
    letters = text.replace("-", "").replace("_", "")
    if not (letters.isascii() and letters.isalnum() and len(text) <= 20):  # noqa: PLR2004  (the column's width)
        raise ValueError("Please pick a language from the list.")
    return text
