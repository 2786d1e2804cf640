"""Convert branches for the page, and read the form of a branch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from invo_booking.domain.branches import Branch, find_branches
from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue.branches import (
    BranchDraft,
    BranchesOverview,
    ManagedBranch,
)
from invo_booking.usecases.admin.opening_drafts import DrawnWeek
from invo_booking.usecases.admin.uses import uses_in_words
from invo_booking.web.admin.branches.fields import FIELDS
from invo_booking.web.admin.form_fields import (
    ON,
    stored_form,
    typed_values,
    untranslated_languages,
)
from invo_booking.web.admin.form_view import ItemForm
from invo_booking.web.core import routes
from invo_booking.web.kit.text import zones

_FEW = 7


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
) -> ItemForm | None:
    """Return the form of a branch; ``None`` if the branch does not exist."""
    known = {str(one.branch.id): one.branch for one in overview.branches}
    branch = known.get(branch_id)
    if branch is None:
        return None
    return stored_form(ItemForm, FIELDS, branch, branch.name, stamp)


def blank_branch_form(overview: BranchesOverview, stamp: str) -> ItemForm:
    """Return the form for a new branch."""
    zone = zones.zone_label_of(overview.time_zone)
    return ItemForm(
        key=f"new {stamp}",
        heading=say("branches.new"),
        texts={"country": overview.country, "time_zone": zone, "active": ON},
    )


def branch_draft_of_form(form: Mapping[str, Any], opening: DrawnWeek) -> BranchDraft:
    """Return the branch that a submitted form describes.

    Raises:
        InvalidInputError: If latitude or longitude cannot be read.
    """
    return BranchDraft(**typed_values(FIELDS, form), opening_hours=opening)


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
