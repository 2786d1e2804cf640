"""Convert the institution's details for the page, and read the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from invo_booking.usecases.admin.institution import InstitutionDraft, ManagedInstitution
from invo_booking.usecases.admin.opening_drafts import DrawnWeek
from invo_booking.web.admin.form_fields import form_texts, typed_values
from invo_booking.web.admin.form_view import FormView
from invo_booking.web.admin.institution.fields import FIELDS


@dataclass
class InstitutionForm(FormView):
    """Initial values, and the version of the details."""

    version: str = ""


def institution_form_of(managed: ManagedInstitution, stamp: str) -> InstitutionForm:
    """Return the form of the institution."""
    return InstitutionForm(
        key=f"{managed.version} {stamp}",
        version=managed.version,
        texts=form_texts(FIELDS, managed.institution),
    )


def institution_draft_of_form(
    form: Mapping[str, Any], opening: DrawnWeek
) -> InstitutionDraft:
    """Return the details that a submitted form describes."""
    return InstitutionDraft(**typed_values(FIELDS, form), opening_hours=opening)
