"""Convert the institution's details for the page, and read the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.usecases.admin.institution import InstitutionDraft, ManagedInstitution
from invo_booking.usecases.admin.opening_drafts import DrawnWeek
from invo_booking.web.admin.translations import (
    translations_as_form,
    translations_of_form,
)
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.text import zones
from invo_booking.web.kit.text.names import OptionView


@dataclass
class InstitutionForm:
    """Initial values; a new ``key`` makes the browser fill in the form again."""

    key: str = ""
    version: str = ""
    name: str = ""
    tagline: str = ""
    phone: str = ""
    zone: str = ""
    country: str = ""
    translations: dict[str, str] = field(default_factory=dict[str, str])


def institution_form_of(managed: ManagedInstitution, stamp: str) -> InstitutionForm:
    """Return the form of the institution."""
    institution = managed.institution
    return InstitutionForm(
        key=f"{managed.version} {stamp}",
        version=managed.version,
        name=institution.name,
        tagline=institution.tagline,
        phone=institution.phone,
        zone=zones.zone_label_of(institution.zone.key),
        country=institution.country,
        translations=translations_as_form(institution.translations, ("tagline",)),
    )


def institution_draft_of_form(
    form: Mapping[str, Any], opening: DrawnWeek
) -> InstitutionDraft:
    """Return the details that a submitted form describes."""
    return InstitutionDraft(
        name=field_text(form, "name"),
        tagline=field_text(form, "tagline"),
        phone=field_text(form, "phone"),
        time_zone=zones.find_zone(field_text(form, "time_zone")),
        country=field_text(form, "country"),
        opening_hours=opening,
        translations=translations_of_form(form, ("tagline",)),
    )


def institution_country_options() -> list[OptionView]:
    """Return all countries, sorted by name."""
    return [OptionView(code, name) for code, name in code_lists.countries().items()]
