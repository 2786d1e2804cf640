"""The audit log, for administrators' programs and as a file."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from starlette.responses import StreamingResponse

from invo_booking.api.core.instants import BOUND_PATTERN, read_bound, read_zone
from invo_booking.api.core.policy import CurrentActor, CurrentDeps, RoutePolicy, door
from invo_booking.api.core.shapes import InstantText, ResponseModel, read_from
from invo_booking.domain.audit import AuditQuery
from invo_booking.usecases.admin import audit_log
from invo_booking.usecases.upkeep import audit_seals

router = door(RoutePolicy.ADMIN, "/api/v1/admin/audit")
Word = Annotated[str, Query(max_length=160)]
Number = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


class AuditEntryResponse(ResponseModel):
    """One entry of the log; `seal` is its place in the chain, once it is sealed."""

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
    """Entries, newest first; `next_before` reads on, `null` at the end."""

    entries: tuple[AuditEntryResponse, ...]
    next_before: int | None


class MisfitResponse(ResponseModel):
    """A place of the chain that does not fit."""

    place: int
    why: str


class ChainHeadResponse(ResponseModel):
    """How far the chain goes; before `keyed_from` version 0.1 sealed without a key."""

    place: int
    hash: str
    keyed_from: int
    at: InstantText


class AuditSealResponse(ResponseModel):
    """Whether the chain is whole; `broken_at` is the first place that does not fit.

    `head` is the place and the hash of the newest sealed entry: keep it elsewhere.
    `unverifiable` names keys that are not given any more.
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
    """Return the filters of the address; bare dates are in the caller's own zone."""
    zone = read_zone(actor.time_zone, "from")
    return AuditQuery(
        actor=_storable(who),
        action=_storable(action),
        object_kind=_storable(kind),
        object_id=_storable(object_),
        actor_id=person,
        is_brief=brief,
        since=read_bound(first, zone, "from") if first else None,
        until=read_bound(last, zone, "to") if last else None,
    )


Asked = Annotated[AuditQuery, Depends(audit_filters_of_query)]


@router.get("")
def list_entries(
    deps: CurrentDeps, actor: CurrentActor, query: Asked, before: Number = None
) -> AuditEntriesResponse:
    """List what was done, newest first.

    `who` is part of a name, `person` an id; `brief` leaves out sign-ins, sign-outs and
    the reading of customers' details; `from` and `to` (exclusive) are dates in your own
    zone or instants with an offset; `before` is the `next_before` of the page read
    last.
    """
    return AuditEntriesResponse.of(
        audit_log.read_audit_page(deps, actor, query, before=before)
    )


@router.get("/seals")
def check_seals(deps: CurrentDeps, actor: CurrentActor) -> AuditSealResponse:
    """Follow the whole chain of entries and say whether it is whole."""
    return AuditSealResponse.of(audit_seals.check_audit_chain_as(deps, actor))


@router.post("/export", response_class=StreamingResponse)
def export(deps: CurrentDeps, actor: CurrentActor, query: Asked) -> StreamingResponse:
    """Return the entries as CSV, earliest first; the export is an entry as well."""
    lines = audit_log.export_audit_log(deps, actor, query)
    name = f"audit-{deps.now():%Y-%m-%d}.csv"
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _storable(text: str) -> str:
    """Return text the database can be asked for; NUL is in no entry."""
    return text.replace("\0", "\ufffd")
