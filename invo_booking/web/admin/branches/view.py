"""Convert branches for the page, and read the form of a branch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from invo_booking.domain.branches import Branch, find_branches
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.usecases.admin.catalogue.branches import (
    BranchDraft,
    BranchesOverview,
    ManagedBranch,
)
from invo_booking.usecases.admin.opening_drafts import DrawnWeek
from invo_booking.usecases.admin.uses import uses_in_words
from invo_booking.web.admin.translations import (
    translations_as_form,
    translations_of_form,
    untranslated_languages,
)
from invo_booking.web.core import routes
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.text import zones
from invo_booking.web.kit.text.names import OptionView

TRANSLATED = ("name", "directions")
"""Fields that have translations."""

_FEW = 7
_LONGEST_NUMBER = 24


@dataclass
class BranchRowView:
    """One row of the list of branches."""

    id: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    zone: str = ""
    people: str = ""
    live: str = ""
    has_address: bool = True
    has_people: bool = True
    untranslated: str = ""
    is_open: bool = True
    href: str = ""


@dataclass
class BranchForm:
    """Initial values; a new ``key`` makes the browser fill in the form again."""

    key: str = ""
    id: str = ""
    version: int = 1
    heading: str = ""
    name: str = ""
    street: str = ""
    town: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""
    directions: str = ""
    zone: str = ""
    latitude: str = ""
    longitude: str = ""
    is_open: bool = True
    translations: dict[str, str] = field(default_factory=dict[str, str])


def branch_rows(overview: BranchesOverview, typed: str) -> list[BranchRowView]:
    """Return the rows of the list of branches that match the typed words."""
    matches = find_branches((it.branch for it in overview.branches), typed)
    shown = {it.id for it in matches}
    return [_branch_row(it) for it in overview.branches if it.branch.id in shown]


def is_long_branch_list(overview: BranchesOverview) -> bool:
    """Whether there are so many branches that searching is faster than reading."""
    return len(overview.branches) > _FEW


def branch_form_of(
    overview: BranchesOverview, branch_id: str, stamp: str
) -> BranchForm | None:
    """Return the form of a branch; ``None`` if the branch does not exist."""
    known = {str(one.branch.id): one.branch for one in overview.branches}
    branch = known.get(branch_id)
    if branch is None:
        return None
    return BranchForm(
        key=f"{branch.id} {branch.version} {stamp}",
        id=str(branch.id),
        version=branch.version,
        heading=branch.name,
        name=branch.name,
        street="\n".join(branch.street),
        town=branch.town,
        region=branch.region,
        postal_code=branch.postal_code,
        country=branch.country,
        phone=branch.phone,
        directions=branch.directions,
        zone=zones.zone_label_of(branch.zone.key),
        latitude=_degrees_text(branch.latitude),
        longitude=_degrees_text(branch.longitude),
        is_open=branch.active,
        translations=translations_as_form(branch.translations, TRANSLATED),
    )


def blank_branch_form(overview: BranchesOverview, stamp: str) -> BranchForm:
    """Return the form for a new branch."""
    return BranchForm(
        key=f"new {stamp}",
        heading=say("branches.new"),
        country=overview.country,
        zone=zones.zone_label_of(overview.time_zone),
        translations=translations_as_form({}, TRANSLATED),
    )


def branch_draft_of_form(form: Mapping[str, Any], opening: DrawnWeek) -> BranchDraft:
    """Return the branch that a submitted form describes.

    Raises:
        InvalidInputError: If latitude or longitude cannot be read.
    """
    return BranchDraft(
        name=field_text(form, "name"),
        street=tuple(field_text(form, "street").splitlines()),
        town=field_text(form, "town"),
        region=field_text(form, "region"),
        postal_code=field_text(form, "postal_code"),
        country=field_text(form, "country"),
        phone=field_text(form, "phone"),
        directions=field_text(form, "directions"),
        time_zone=zones.find_zone(field_text(form, "time_zone")),
        latitude=_degrees_of_field(form, "latitude"),
        longitude=_degrees_of_field(form, "longitude"),
        opening_hours=opening,
        active="active" in form,
        translations=translations_of_form(form, TRANSLATED),
    )


def branch_country_options() -> list[OptionView]:
    """Return all countries, sorted by name."""
    return [OptionView(code, name) for code, name in code_lists.countries().items()]


def _branch_row(managed: ManagedBranch) -> BranchRowView:
    branch = managed.branch
    return BranchRowView(
        id=str(branch.id),
        name=branch.name,
        address=", ".join(branch.address_lines) or say("branches.unknown"),
        phone=branch.phone or say("branches.unknown"),
        zone=_zone_text(branch),
        people=", ".join(one.name for one in managed.people) or say("branches.nobody"),
        live=uses_in_words(answers=(), live=managed.live),
        has_address=bool(branch.address_lines),
        has_people=not managed.is_without_people,
        untranslated=_untranslated_text(branch),
        is_open=branch.active,
        href=f"{routes.BRANCHES}?edit={branch.id}",
    )


def _untranslated_text(branch: Branch) -> str:
    """Return which languages lack directions; names need no translation."""
    if not branch.directions:
        return ""
    missing = untranslated_languages(branch.translations, "directions")
    return say("branches.untranslated", languages=", ".join(missing)) if missing else ""


def _zone_text(branch: Branch) -> str:
    return zones.zone_label_of(branch.zone.key)


def _degrees_text(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:.6f}".rstrip("0").rstrip(".")


def _degrees_of_field(form: Mapping[str, Any], name: str) -> float | None:
    typed = field_text(form, name)
    if not typed:
        return None
    try:
        return float(typed[:_LONGEST_NUMBER].replace(",", "."))
    except ValueError as error:
        raise InvalidInputError({name: say("branches.form.degrees")}) from error
