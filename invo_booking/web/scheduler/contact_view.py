"""Read and check the contact form."""

from collections.abc import Mapping

from invo_booking.domain.appointment import Channel
from invo_booking.domain.contact import (
    NOTES_LIMIT,
    Requirement,
    clean_text,
    contact_problems,
    visible_text,
)
from invo_booking.texts import say
from invo_booking.web.core.site import SiteView
from invo_booking.web.scheduler.view import ContactView

FIELDS = ("name", "email", "phone", "notes")
"""Names of the fields, in the order of the form."""

TYPED = "contact"
"""Key of the typed contact in the session storage of the browser's tab."""

LONGEST = 4000


def scheduler_contact_view(form: Mapping[str, object]) -> ContactView:
    """Return the submitted contact, with each value cut to its maximum length."""
    typed = {field: str(form.get(field) or "")[:LONGEST] for field in FIELDS}
    return ContactView(**typed)


def scheduler_errors_view(problems: Mapping[str, str]) -> ContactView:
    """Return the error messages by field; empty for fields without an error."""
    return ContactView(**{field: problems.get(field, "") for field in FIELDS})


def check_scheduler_contact(
    contact: ContactView, site: SiteView, channel: str
) -> dict[str, str]:
    """Return the errors of a contact under the institution's rules, by field.

    A phone call requires a phone number, even if the institution does not ask for one.
    """
    problems = contact_problems(
        Requirement(site.requirement),
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        region=site.country,
    )
    try:
        clean_text(contact.notes, limit=NOTES_LIMIT, lines=True)
    except ValueError as error:
        problems["notes"] = str(error)
    if channel == Channel.PHONE and not visible_text(contact.phone):
        problems["phone"] = say("scheduler.contact.phone_needed")
    return problems
