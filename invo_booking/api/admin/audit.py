"""Routes of the audit log."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from starlette.responses import StreamingResponse

from invo_booking.api.core.instants import (
    BOUND_PATTERN,
    read_bound_of_query,
    read_zone_of_query,
)
from invo_booking.api.core.policy import (
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.shapes import InstantText, ResponseModel, read_from
from invo_booking.domain.audit import AuditQuery
from invo_booking.usecases.admin import audit_log
from invo_booking.usecases.upkeep import audit_seals

router = policy_router(RoutePolicy.ADMIN, "/api/v1/admin/audit")
Word = Annotated[str, Query(max_length=160)]
Number = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


class AuditEntryResponse(ResponseModel):
    """One entry of the log; `seal` is the position of a sealed entry in the chain."""

    number: int
    at: InstantText
    actor: str
    actor_id: UUID | None
    interface: str
    address: str
    request_id: str
    action: str
    kind: str = read_from("object_kind")
    object: str = read_from("object_id")
    detail: dict[str, Any]
    seal: int | None


class AuditEntriesResponse(ResponseModel):
    """Entries, newest first; `next_before` is for the next page, `null` at the end."""

    entries: tuple[AuditEntryResponse, ...]
    next_before: int | None


class MisfitResponse(ResponseModel):
    """A position in the chain with a fault."""

    place: int
    why: str


class ChainHeadResponse(ResponseModel):
    """The end of the chain; `keyed_from` is the first position sealed with a key."""

    place: int
    hash: str
    keyed_from: int
    at: InstantText


class AuditSealResponse(ResponseModel):
    """The state of the chain; `broken_at` is the first position with a fault.

    `head` is the position and hash of the newest sealed entry; store both outside this
    product. `unverifiable` lists ids of missing keys.
    """

    whole: bool = read_from("is_whole")
    total: int
    sealed: int
    waiting: int
    broken_at: int | None
    misfits: tuple[MisfitResponse, ...]
    problem: str
    unverifiable: tuple[str, ...]
    head: ChainHeadResponse | None


def audit_filters_of_query(  # noqa: PLR0913, PLR0917  (one for each filter of the address)
    actor: CurrentActor,
    who: Word = "",
    action: Word = "",
    kind: Word = "",
    object_: Annotated[str, Query(alias="object", max_length=160)] = "",
    first: Annotated[str, Query(alias="from", pattern=BOUND_PATTERN)] = "",
    last: Annotated[str, Query(alias="to", pattern=BOUND_PATTERN)] = "",
    person: UUID | None = None,
    brief: bool = False,  # noqa: FBT001, FBT002  (a word of the address)
) -> AuditQuery:
    """Return the filters in the query; dates are midnights in the caller's zone."""
    zone = read_zone_of_query(actor.time_zone, "from")
    return AuditQuery(
        actor=_storable(who),
        action=_storable(action),
        object_kind=_storable(kind),
        object_id=_storable(object_),
        actor_id=person,
        is_brief=brief,
        since=read_bound_of_query(first, zone, "from") if first else None,
        until=read_bound_of_query(last, zone, "to") if last else None,
    )


Asked = Annotated[AuditQuery, Depends(audit_filters_of_query)]


@router.get("")
def list_entries(
    deps: CurrentDeps, actor: CurrentActor, query: Asked, before: Number = None
) -> AuditEntriesResponse:
    """List entries, newest first.

    `who` is part of a name, `person` an id; `brief` leaves out sign-ins, sign-outs and
    reads of customers' details; `from` and `to` (exclusive) are dates in your zone or
    instants with an offset; `before` is the `next_before` of the previous page.
    """
    return AuditEntriesResponse.of(
        audit_log.read_audit_page(deps, actor, query, before=before)
    )


@router.get("/seals")
def check_seals(deps: CurrentDeps, actor: CurrentActor) -> AuditSealResponse:
    """Verify the entire chain of entries."""
    return AuditSealResponse.of(audit_seals.check_audit_chain_as(deps, actor))


@router.post("/export", response_class=StreamingResponse)
def export(deps: CurrentDeps, actor: CurrentActor, query: Asked) -> StreamingResponse:
    """Return the entries as CSV, earliest first; the export is recorded too."""
    lines = audit_log.export_audit_log(deps, actor, query)
    name = f"audit-{deps.now():%Y-%m-%d}.csv"
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _storable(text: str) -> str:
    """Return text without NUL, which the database cannot store."""
    return text.replace("\0", "\ufffd")
