"""Routes for staff; use cases check roles, queues and versions."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from invo_booking.api.core.instants import (
    BOUND_PATTERN,
    INSTANT_PATTERN,
    read_bound_of_query,
    read_window_of_query,
    read_zone_of_query,
)
from invo_booking.api.core.policy import (
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.shapes import Reason, Version
from invo_booking.api.core.submits import SubmitKey
from invo_booking.api.staff.shapes import (
    AppointmentDetailResponse,
    AppointmentResponse,
    AssignBody,
    BoardResponse,
    CatalogueResponse,
    ChangeBody,
    DraftBody,
    OpeningsResponse,
    StartJudgmentResponse,
    StartJudgmentsResponse,
)
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.texts import say
from invo_booking.texts.dates import clock_text
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.slots import unplaced
from invo_booking.usecases.slots.why import JudgedTopic, judge_start, judge_starts
from invo_booking.usecases.staff import appointments, calendar, sending_again
from invo_booking.usecases.staff.calendar import BoardFilter, Scope
from invo_booking.usecases.staff.detail import appointment_detail

DEFAULT_WINDOW = timedelta(days=7)
_MOST_LISTED = 2_000

router = policy_router(RoutePolicy.STAFF, "/api/v1/staff")


async def window_of_query(
    deps: CurrentDeps,
    actor: CurrentActor,
    first: Annotated[str | None, Query(alias="from", pattern=BOUND_PATTERN)] = None,
    last: Annotated[str | None, Query(alias="to", pattern=BOUND_PATTERN)] = None,
) -> Interval:
    """Return the requested window; dates without a time are in the caller's zone."""
    zone = read_zone_of_query(actor.time_zone, "from")
    return read_window_of_query(
        (first, last), zone, now=deps.now(), default=DEFAULT_WINDOW
    )


async def queues_of_query(
    queues: Annotated[str, Query(max_length=_MOST_LISTED)] = "",
) -> frozenset[UUID]:
    """Return the ids in the query parameter ``queues=id,id``.

    Raises:
        InvalidInputError: If one of them is not an id.
    """
    return _ids_of("queues", queues)


async def branches_of_query(
    branches: Annotated[str, Query(max_length=_MOST_LISTED)] = "",
) -> frozenset[UUID]:
    """Return the ids in the query parameter ``branches=id,id``.

    Raises:
        InvalidInputError: If one of them is not an id.
    """
    return _ids_of("branches", branches)


def _ids_of(name: str, text: str) -> frozenset[UUID]:
    try:
        return frozenset(UUID(part) for part in text.split(",") if part)
    except ValueError:
        raise InvalidInputError(
            {name: say("api.staff_appointments.ids", name=name)}
        ) from None


async def languages_of_query(
    languages: Annotated[str, Query(max_length=_MOST_LISTED)] = "",
) -> frozenset[str]:
    """Return the codes in the query parameter ``languages=en,es``."""
    return frozenset(filter(None, languages.split(",")))


async def filter_of_query(
    queues: Annotated[frozenset[UUID], Depends(queues_of_query)],
    languages: Annotated[frozenset[str], Depends(languages_of_query)],
    branches: Annotated[frozenset[UUID], Depends(branches_of_query)],
) -> BoardFilter:
    """Return the filter that the query parameters describe."""
    return BoardFilter(queue_ids=queues, languages=languages, branch_ids=branches)


async def topic_of_query(
    answer: UUID,
    language: Annotated[str, Query(max_length=8)],
    branch: UUID | None = None,
) -> JudgedTopic:
    """Return the query parameters ``answer``, ``language`` and ``branch``."""
    return JudgedTopic(answer, language, branch)


Topic = Annotated[JudgedTopic, Depends(topic_of_query)]
Window = Annotated[Interval, Depends(window_of_query)]
Filtered = Annotated[BoardFilter, Depends(filter_of_query)]
VersionSeen = Annotated[Version | None, Query()]


@router.get("/catalogue")
def show_catalogue(deps: CurrentDeps, actor: CurrentActor) -> CatalogueResponse:
    """List queues, languages and agents, and what your role allows."""
    return CatalogueResponse.of(calendar.staff_catalogue(deps, actor))


@router.get("/slots/why")
def why_closed(
    deps: CurrentDeps,
    actor: CurrentActor,
    window: Window,
    topic: Topic,
    start: Annotated[str | None, Query(pattern=INSTANT_PATTERN)] = None,
) -> StartJudgmentResponse | StartJudgmentsResponse:
    """Explain whether starts are open to customers, with all closing rules.

    With `start` one start is judged, on the grid or not; otherwise every start of the
    grid from `from` to `to` (exclusive; a week by default, at most 14 days). With
    `branch`, the starts of visits at this branch are judged.
    """
    if start is None:
        findings = judge_starts(deps, actor, topic, window)
        return StartJudgmentsResponse.of({"starts": findings})
    zone = read_zone_of_query(actor.time_zone, "start")
    starts_at = read_bound_of_query(start, zone, "start")
    return StartJudgmentResponse.of(judge_start(deps, actor, topic, starts_at))


@router.get("/appointments")
def list_appointments(
    deps: CurrentDeps,
    actor: CurrentActor,
    window: Window,
    filtered: Filtered,
    scope: Scope = Scope.ME,
) -> BoardResponse:
    """List appointments by lane: `scope` is `me`, `team` or `queues`.

    `from` and `to` (exclusive; a week by default) are dates in your zone or instants
    with an offset; `queues`, `languages` and `branches` are comma-separated.
    """
    board = calendar.calendar_board(deps, actor, scope, window, filtered)
    return BoardResponse.of(board)


@router.post("/appointments", status_code=201)
def create(
    deps: CurrentDeps, actor: CurrentActor, draft: DraftBody, key: SubmitKey
) -> AppointmentResponse:
    """Create an appointment for a customer. It is confirmed at once."""
    appointment = appointments.create_appointment(
        deps, actor, draft.read_as(AppointmentDraft), key=key
    )
    return AppointmentResponse.of(appointment)


@router.get("/appointments/{appointment_id}")
def show(
    deps: CurrentDeps, actor: CurrentActor, appointment_id: UUID
) -> AppointmentDetailResponse:
    """Show one appointment, its history and who could serve it."""
    return AppointmentDetailResponse.of(appointment_detail(deps, actor, appointment_id))


@router.patch("/appointments/{appointment_id}")
def change(
    deps: CurrentDeps, actor: CurrentActor, appointment_id: UUID, body: ChangeBody
) -> AppointmentResponse:
    """Change the given values; 409 `conflict` if `version` is old."""
    changed = appointments.change_appointment(
        deps, actor, appointment_id, body.as_change(), version=body.version
    )
    return AppointmentResponse.of(changed)


@router.delete("/appointments/{appointment_id}")
def cancel(
    deps: CurrentDeps,
    actor: CurrentActor,
    appointment_id: UUID,
    reason: Annotated[Reason, Query()] = "",
    late: Annotated[bool, Query()] = False,  # noqa: FBT002  # a query parameter
    version: VersionSeen = None,
) -> AppointmentResponse:
    """Cancel the appointment with a reason; `late` if the customer did not come."""
    cancelled = appointments.cancel_appointment(
        deps, actor, appointment_id, reason, late=late, version=version
    )
    return AppointmentResponse.of(cancelled)


@router.post("/appointments/{appointment_id}/assign")
def assign(
    deps: CurrentDeps, actor: CurrentActor, appointment_id: UUID, to: AssignBody
) -> AppointmentResponse:
    """Assign the appointment to an agent, or unassign it with `null`."""
    assigned = appointments.assign_appointment(
        deps, actor, appointment_id, to.agent, version=to.version
    )
    return AppointmentResponse.of(assigned)


@router.post("/appointments/{appointment_id}/take")
def take(
    deps: CurrentDeps,
    actor: CurrentActor,
    appointment_id: UUID,
    version: VersionSeen = None,
) -> AppointmentResponse:
    """Take an unassigned appointment yourself; 409 `conflict` if `version` is old."""
    appointment = appointments.take_appointment(
        deps, actor, appointment_id, version=version
    )
    return AppointmentResponse.of(appointment)


@router.post("/appointments/{appointment_id}/keep-waiting")
def keep_waiting(
    deps: CurrentDeps,
    actor: CurrentActor,
    appointment_id: UUID,
    version: VersionSeen = None,
) -> dict[str, str]:
    """Wait for a late customer for another waiting time.

    409 `conflict` if the customer is not late or `version` is old; repeating it during
    that time changes nothing.
    """
    waiting = appointments.keep_waiting_for_customer(
        deps, actor, appointment_id, version=version
    )
    until = waiting.waits_until
    return {
        "detail": say(
            "api.staff_appointments.waiting_until",
            waits_until=clock_text(until) if until else "",
        )
    }


@router.post("/appointments/{appointment_id}/send-confirmation")
def send_confirmation(
    deps: CurrentDeps, actor: CurrentActor, appointment_id: UUID, key: SubmitKey
) -> AppointmentResponse:
    """Send the customer the confirmation again; three times a day at most.

    409 `conflict` if the customer has no address, or it is over or cancelled.
    """
    sent = sending_again.send_confirmation(deps, actor, appointment_id, key=key)
    return AppointmentResponse.of(sent)


@router.get("/unplaced")
def list_unplaced(
    deps: CurrentDeps, actor: CurrentActor
) -> tuple[AppointmentResponse, ...]:
    """List unassigned appointments that no agent can take; for overseers.

    No agent of the queue and language is free then: move or cancel it, or make an agent
    free. Others get an empty list.
    """
    return tuple(
        map(AppointmentResponse.of, unplaced.unplaced_appointments(deps, actor))
    )


@router.get("/appointments/{appointment_id}/openings")
def list_openings(
    deps: CurrentDeps, actor: CurrentActor, appointment_id: UUID, window: Window
) -> OpeningsResponse:
    """List where the appointment can be moved, by lane."""
    lanes = calendar.drop_openings(deps, actor, appointment_id, window)
    return OpeningsResponse.of({"lanes": lanes})
