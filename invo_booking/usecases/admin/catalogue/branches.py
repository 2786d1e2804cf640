"""Let administrators manage the branches at which visits are held."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from invo_booking.domain import contact
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.branches import LINE_LIMITS, Branch, BranchDetails
from invo_booking.domain.errors import NotFoundError
from invo_booking.domain.institution import Person, Roster
from invo_booking.persistence.catalogue import branch_columns
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.usecases.admin.editing import Editing, NewEntry, edit_catalogue
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.opening_drafts import (
    DrawnWeek,
    opening_facts,
    opening_of_draft,
)
from invo_booking.usecases.admin.uses import uses_in_words
from invo_booking.usecases.shared.audit import Facts
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.fields import Problems
from invo_booking.usecases.shared.rights import administer
from invo_booking.usecases.shared.translations import clean_translations

STREET_LIMIT, MOST_LINES = 120, 3
KIND = "branch"

_PHONE = re.compile(r"\+?[\d(][\d ()./-]{1,30}\d")
_BOUNDS = {"latitude": 90.0, "longitude": 180.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchDraft(BranchDetails):
    """A branch as an administrator typed it.

    Attributes:
        time_zone: IANA name.
        opening_hours: Hours within which visits are offered, in the branch's time zone;
            empty for no restriction.
    """

    time_zone: str
    opening_hours: DrawnWeek = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedBranch:
    """A branch as administrators see it.

    Attributes:
        people: Active agents who serve visits at the branch.
        live: Number of live appointments at the branch.
    """

    branch: Branch
    people: tuple[Person, ...]
    live: int

    @property
    def is_without_people(self) -> bool:
        """Whether customers can choose the branch, but no agent serves visits there."""
        return self.branch.active and not self.people


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchesOverview:
    """All branches, sorted by name, closed branches last; defaults for a new branch."""

    branches: tuple[ManagedBranch, ...]
    country: str
    time_zone: str


def branches_overview(deps: Deps, actor: Actor) -> BranchesOverview:
    """Return all branches.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        live, institution = work.catalogue.live_visits(), work.roster.institution
        managed = [
            ManagedBranch(
                branch=it,
                people=tuple(one for one in work.roster.agents if one.works_at(it.id)),
                live=live.get(it.id, 0),
            )
            for it in work.roster.branches.values()
        ]
        return BranchesOverview(
            branches=tuple(sorted(managed, key=lambda one: not one.branch.active)),
            country=institution.country,
            time_zone=institution.zone.key,
        )


def create_branch(
    deps: Deps, actor: Actor, draft: BranchDraft, *, key: str = ""
) -> Branch:
    """Add a branch.

    Args:
        key: Idempotency key; a call with the same key returns the branch that the first
            call created, in its current state.

    Raises:
        NotAllowedError: If the actor is no administrator.
        InvalidInputError: With an error message for each field that has a problem.
        IdempotencyMismatchError: If the key was used with different data.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work

        def create() -> NewEntry[Branch]:
            branch = _check_branch_draft(work, draft, _blank_branch(work.roster))
            work.catalogue.add_branch(branch)
            return NewEntry(branch.id, _facts(branch), branch)

        return edit.create_once(
            key, draft, create, lambda made: work.roster.branches[UUID(made)]
        )


def change_branch(
    deps: Deps,
    actor: Actor,
    branch_id: UUID,
    draft: BranchDraft,
    *,
    version: int,
    dispositions: Mapping[UUID, Disposition] | None = None,
) -> Branch:
    """Change a branch.

    A change of the address, phone number, directions or time zone can make earlier
    mails about live visits outdated. The customers of these visits then get a new mail.
    Appointments keep their times in UTC. Before the change is saved, the administrator
    sees these visits, and the visits that can no longer take place.

    Args:
        version: The version the actor saw.
        dispositions: Decisions about the affected live visits, by id.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such branch.
        ConflictError: If another person changed the branch in the meantime.
        InvalidInputError: With an error message for each field that has a problem. A
            branch cannot be closed if it is the only branch of an agent or the last
            open branch.
        AffectedAppointmentsError: If no decision is given for a visit whose customer
            gets a new mail.
        UndecidedError: If there is no decision about a visit that can no longer take
            place.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        before = _branch_as_seen(edit, branch_id, version)
        after = _check_branch_draft(edit.work, draft, before)
        is_changed = edit.save_difference(
            branch_id,
            f"“{before.name}”",
            (_facts(before), _facts(after)),
            lambda: edit.work.catalogue.save_branch(after),
        )
        if is_changed:
            edit.settle(dispositions)
    return replace(after, version=version + 1) if is_changed else before


def _facts(branch: Branch) -> Facts:
    """Return a branch's fields for the audit log."""
    opening = {"opening_hours": opening_facts(branch.opening_hours)}
    return branch_columns(branch) | opening


def _blank_branch(roster: Roster) -> Branch:
    return Branch(
        id=uuid4(),
        name="",
        street=(),
        town="",
        country=roster.institution.country,
        zone=roster.institution.zone,
    )


def _branch_as_seen(edit: Editing, branch_id: UUID, version: int) -> Branch:
    current = edit.work.roster.branches.get(branch_id)
    if current is None:
        raise NotFoundError(say("catalogue.branches.unknown"))
    edit.check_seen(branch_id, f"“{current.name}”", is_seen=current.version == version)
    return current


def _check_branch_draft(work: UnitOfWork, draft: BranchDraft, before: Branch) -> Branch:
    problems = Problems()
    if before.active and not draft.active:
        _refuse_needed(problems, work.roster, before)
    zone = problems.read(
        "time_zone", lambda: contact.clean_time_zone(draft.time_zone), "UTC"
    )
    _check_coordinates(problems, draft)
    after = replace(
        before,
        **_typed_details(draft),
        **_checked_lines(problems, draft),
        street=_checked_street(problems, draft.street),
        country=_checked_country(problems, draft.country),
        translations=clean_translations(problems, draft.translations, _TRANSLATED),
        zone=ZoneInfo(zone),
        opening_hours=opening_of_draft(problems, draft.opening_hours),
    )
    others = (it for it in work.roster.branches.values() if it.id != before.id)
    if after.name.casefold() in (it.name.casefold() for it in others):
        problems.add("name", say("catalogue.branches.name_in_use", name=after.name))
    problems.refuse()
    return after


def _typed_details(draft: BranchDraft) -> dict[str, Any]:
    """Return what is stored as it was typed."""
    checked = {*LINE_LIMITS, "street", "country", "translations"}
    names = {it.name for it in fields(BranchDetails)} - checked
    return {name: getattr(draft, name) for name in names}


def _checked_lines(problems: Problems, draft: BranchDraft) -> dict[str, str]:
    lines = {
        name: problems.line(name, getattr(draft, name), limit)
        for name, limit in LINE_LIMITS.items()
    }
    if not lines["name"]:
        problems.add("name", say("catalogue.branches.name_needed"))
    if not lines["town"]:
        problems.add("town", say("catalogue.branches.town_needed"))
    return lines | {"phone": _checked_phone(problems, draft.phone)}


_TRANSLATED = {name: LINE_LIMITS[name] for name in ("name", "directions")}


def _refuse_needed(problems: Problems, roster: Roster, branch: Branch) -> None:
    only_there = frozenset({branch.id})
    needed = uses_in_words(
        answers=(),
        people=(it.name for it in roster.agents if it.branches == only_there),
        live=0,
    )
    if needed:
        problems.add(
            "active",
            say("catalogue.branches.needed", needed=needed),
        )
    if [it.id for it in roster.open_branches] == [branch.id]:
        problems.add("active", say("catalogue.branches.last_open"))


def _checked_street(problems: Problems, lines: Collection[str]) -> tuple[str, ...]:
    street = tuple(
        cleaned
        for line in lines
        if (cleaned := problems.line("street", line, STREET_LIMIT))
    )
    if not street:
        problems.add("street", say("catalogue.branches.street_needed"))
    if len(street) > MOST_LINES:
        problems.add(
            "street", say("catalogue.branches.too_many_lines", most_lines=MOST_LINES)
        )
    return street


def _checked_country(problems: Problems, country: str) -> str:
    if country not in code_lists.countries():
        problems.add("country", say("catalogue.branches.country_unknown"))
    return country


def _checked_phone(problems: Problems, typed: str) -> str:
    phone = problems.line("phone", contact.plain_text(typed), LINE_LIMITS["phone"])
    if phone and not _PHONE.fullmatch(phone):
        problems.add("phone", say("catalogue.branches.phone_invalid"))
    return phone


def _check_coordinates(problems: Problems, draft: BranchDraft) -> None:
    degrees = {"latitude": draft.latitude, "longitude": draft.longitude}
    for name, value in degrees.items():
        bound = _BOUNDS[name]
        if value is not None and not -bound <= value <= bound:
            problems.add(
                name, say("catalogue.branches.degrees_invalid", bound=f"{bound:g}")
            )
        if value is None and set(degrees.values()) != {None}:
            problems.add(name, say("catalogue.branches.half_position"))
