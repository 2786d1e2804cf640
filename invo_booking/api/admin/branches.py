"""Routes, requests and responses about branches."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from invo_booking.api.admin.catalogue_shapes import (
    HolidaysBody,
    HolidaysResponse,
    PeopleIds,
    TextOfBranch,
    Texts,
)
from invo_booking.api.admin.hours_shapes import OpeningBody, OpeningPeriods
from invo_booking.api.admin.shapes import DecidedBody, SeenBody
from invo_booking.api.core.policy import (
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.shapes import ResponseModel, read_from
from invo_booking.api.core.submits import SubmitKey
from invo_booking.usecases.admin.catalogue import branches, closures
from invo_booking.usecases.admin.catalogue.branches import BranchDraft

router = policy_router(RoutePolicy.ADMIN, "/api/v1/admin")
Line = Annotated[str, Field(max_length=200)]
Directions = Annotated[str, Field(max_length=2_000)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class BranchBody(OpeningBody):
    """New values of a branch; send both `latitude` and `longitude`, or neither."""

    name: Line
    street: Annotated[
        list[Annotated[Line, Field(min_length=1)]], Field(min_length=1, max_length=10)
    ]
    town: Annotated[Line, Field(min_length=1)]
    region: Line = ""
    postal_code: Line = ""
    country: Annotated[str, Field(min_length=2, max_length=2)]
    phone: Line = ""
    directions: Directions = ""
    time_zone: Line
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    active: bool = True
    translations: Texts[TextOfBranch] = Field(default_factory=dict)


class BranchChangeBody(SeenBody, DecidedBody, BranchBody):
    """New values of a branch, and the version that was read."""


class ManagedBranchResponse(ResponseModel):
    """A branch as administrators see it; `people` are active agents for its visits."""

    id: UUID = read_from("branch", "id")
    version: int = read_from("branch", "version")
    active: bool = read_from("branch", "active")
    name: str = read_from("branch", "name")
    street: tuple[str, ...] = read_from("branch", "street")
    town: str = read_from("branch", "town")
    region: str = read_from("branch", "region")
    postal_code: str = read_from("branch", "postal_code")
    country: str = read_from("branch", "country")
    phone: str = read_from("branch", "phone")
    directions: str = read_from("branch", "directions")
    time_zone: str = read_from("branch", "zone", "key")
    latitude: float | None = read_from("branch", "latitude")
    longitude: float | None = read_from("branch", "longitude")
    opening_hours: OpeningPeriods = read_from("branch", "opening_hours")
    map_url: str = read_from("branch", "map_url")
    translations: dict[str, dict[str, str]] = read_from("branch", "translations")
    people: PeopleIds
    live_appointments: int = read_from("live")


class ManagedBranchesResponse(ResponseModel):
    """All branches by name, closed ones last."""

    branches: tuple[ManagedBranchResponse, ...]


def _draft_of(body: BranchBody) -> BranchDraft:
    return body.read_as(BranchDraft, opening_hours=body.opening_week())


@router.get("/branches/{branch_id}/holidays")
def list_branch_holidays(
    deps: CurrentDeps, actor: CurrentActor, branch_id: UUID
) -> HolidaysResponse:
    """List a branch's own closed days from today on."""
    overview = closures.closed_days_overview(deps, actor, branch_id)
    return HolidaysResponse.of(overview)


@router.post("/branches/{branch_id}/holidays")
def change_branch_holidays(
    deps: CurrentDeps, actor: CurrentActor, branch_id: UUID, body: HolidaysBody
) -> HolidaysResponse:
    """Close and reopen dates of a branch, all or nothing.

    409 `displaces_appointments` lists the visits there on dates to close; send their
    ids in `keep` to leave them as they are.
    """
    closures.change_closed_days(
        deps,
        actor,
        close={one.day: one.read_name() for one in body.close},
        reopen=body.reopen,
        branch_id=branch_id,
        dispositions=body.dispositions,
    )
    return list_branch_holidays(deps, actor, branch_id)


@router.get("/branches")
def list_branches(deps: CurrentDeps, actor: CurrentActor) -> ManagedBranchesResponse:
    """List all branches."""
    return ManagedBranchesResponse.of(branches.branches_overview(deps, actor))


@router.post("/branches", status_code=201)
def create_branch(
    deps: CurrentDeps, actor: CurrentActor, body: BranchBody, key: SubmitKey
) -> ManagedBranchesResponse:
    """Add a branch; people without `branches` work there too."""
    branches.create_branch(deps, actor, _draft_of(body), key=key)
    return list_branches(deps, actor)


@router.put("/branches/{branch_id}")
def change_branch(
    deps: CurrentDeps, actor: CurrentActor, branch_id: UUID, body: BranchChangeBody
) -> ManagedBranchesResponse:
    """Change a branch.

    409 `displaces_appointments` lists the live visits if name, address or time zone
    change, whose customers are mailed the new details, those outside new opening hours,
    and those of a branch that closes; send each id in `keep`, or in `reassign` if it
    has `instead`, to continue. The only branch of somebody must stay `active`, 422
    names them.
    """
    branches.change_branch(
        deps,
        actor,
        branch_id,
        _draft_of(body),
        version=body.version,
        dispositions=body.dispositions,
    )
    return list_branches(deps, actor)
