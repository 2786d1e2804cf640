"""Routes for everyone: topics, open slots, and requests for appointments."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Header, Query, Response

from invo_booking.api.core.instants import (
    BOUND_PATTERN,
    instant_in_json,
    read_window_of_query,
    read_zone_of_query,
    spans_json,
)
from invo_booking.api.core.policy import (
    CurrentDeps,
    ProgramIfAny,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.shapes import (
    AnswerResponse,
    AnswersResponse,
    BookingResponse,
    BranchesResponse,
    Language,
    NewBooking,
    SendLinksBody,
    SlotsResponse,
    ZoneName,
)
from invo_booking.api.core.submits import FormKey
from invo_booking.domain.access.proof_of_work import LONGEST_PROOF
from invo_booking.domain.errors import NotSignedInError
from invo_booking.domain.interval import Interval
from invo_booking.texts import say
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.booking.admission import AdmissionProof
from invo_booking.usecases.booking.booking import BookingRequest, Offer
from invo_booking.usecases.shared.links import page_url
from invo_booking.usecases.slots.assigning import agents_to_choose
from invo_booking.usecases.slots.offers import BranchChoice

DEFAULT_WINDOW = timedelta(days=31)

Proof = Annotated[
    str,
    Header(
        alias="Proof-Of-Work",
        max_length=LONGEST_PROOF,
        description="Only after an answer `proof_of_work_required`: its `challenge`, a "
        "dot, and a number in decimal digits such that the SHA-256 of all of it begins "
        "with `difficulty` zero bits.",
    ),
]

Bound = Annotated[str, Query(pattern=BOUND_PATTERN)]


async def bounds_of_query(
    first: Annotated[Bound | None, Query(alias="from")] = None,
    last: Annotated[Bound | None, Query(alias="to")] = None,
) -> tuple[str | None, str | None]:
    """Return the query parameters ``from`` and ``to``, not yet parsed."""
    return first, last


async def choice_of_query(
    agent: UUID | None = None, branch: BranchChoice = None
) -> tuple[UUID | None, BranchChoice]:
    """Return the query parameters ``agent`` and ``branch``."""
    return agent, branch


Choice = Annotated[tuple[UUID | None, BranchChoice], Depends(choice_of_query)]
Bounds = Annotated[tuple[str | None, str | None], Depends(bounds_of_query)]

router = policy_router(RoutePolicy.PUBLIC, "/api/v1")


@router.get("/answers")
def list_answers(deps: CurrentDeps) -> AnswersResponse:
    """List the topics that can be booked, with languages, channels and length.

    `agents` lists those the customer may choose; it is empty if the bank decides.
    """
    site = booking.public_site(deps)
    agents = agents_to_choose(deps, [option.id for option in site.answers])
    topics = [AnswerResponse.of(it, agents=agents[it.id]) for it in site.answers]
    return AnswersResponse.of(site, answers=topics)


@router.get("/branches")
def list_branches(deps: CurrentDeps) -> BranchesResponse:
    """List the branches at which visits can be booked, with address and time zone."""
    return BranchesResponse.of(booking.public_site(deps))


@router.get("/slots", responses={200: {"model": SlotsResponse}})
def list_slots(
    deps: CurrentDeps,
    answer: UUID,
    language: Annotated[Language, Query()],
    bounds: Bounds,
    choice: Choice,
    tz: Annotated[ZoneName, Query()] = "",
) -> Response:
    """List the open slots of a topic in a language, optionally of one agent.

    For visits, `branch` is the id of a branch, or `any` for the slots of all branches
    in one list: each start once, with its `branch`, the one with the most free agents.

    `from` and `to` (exclusive; 31 days by default, 93 at most) are dates in `tz` or
    instants with an offset. `tz` is an IANA name; by default the zone of the
    slot's branch, else the institution's.
    """
    chosen_zone = read_zone_of_query(tz, "tz") if tz else None

    def window(zone: ZoneInfo) -> Interval:
        return read_window_of_query(
            bounds, zone, now=deps.now(), default=DEFAULT_WINDOW
        )

    known = window(chosen_zone) if chosen_zone else window
    offer = booking.offer_slots(deps, answer, language, known, *choice)
    return Response(_slots_json(offer, chosen_zone), media_type="application/json")


@router.post(
    "/appointments", status_code=201, responses={201: {"model": BookingResponse}}
)
def request_appointment(
    deps: CurrentDeps,
    program: ProgramIfAny,
    body: NewBooking,
    key: FormKey,
    proof: Proof = "",
) -> Response:
    """Request an open slot, which is held at once.

    With an `email`, only the mailed link confirms. Above the customer's limit the slot
    is held too, and the mail lets the customer cancel an earlier appointment; without
    an `email` the answer is then 409 `limit_reached`. A program that sends its bearer
    token and `customer_identified` creates a confirmed appointment.
    """
    if body.customer_identified and program is None:
        raise NotSignedInError
    booked = booking.request_appointment(
        deps.for_caller(replace(deps.caller, program=program)),
        body.read_as(BookingRequest),
        idempotency_key=key,
        effort=AdmissionProof(proof=proof),
        proven_by=program if body.customer_identified else None,
    )
    page = page_url(deps, booked.appointment, booked.token)
    answer = BookingResponse.of(booked, status_url=page)
    return Response(
        answer.model_dump_json(),
        status_code=201,
        media_type="application/json",
        headers={"location": f"{router.prefix}/appointments/{booked.token}"},
    )


@router.post("/appointments/links", status_code=202)
def send_links(
    deps: CurrentDeps, whose: SendLinksBody, proof: Proof = ""
) -> dict[str, str]:
    """Mail the links of an address's appointments to that address.

    The answer is the same if there are none; an address gets at most three such mails a
    day.
    """
    manage.mail_links(deps, whose.email, AdmissionProof(proof=proof))
    return {"detail": say("api.public_booking.links_sent")}


def _slots_json(offer: Offer, zone: ZoneInfo | None) -> str:
    head = {
        "time_zone": (zone or offer.time_zone).key,
        "horizon_end": instant_in_json(offer.horizon_end),
        "branch": str(offer.branch.id) if offer.branch else None,
        "closed_days": {day.isoformat(): why for day, why in offer.closed_days.items()},
    }
    starts = tuple(offer.slots.starts.tolist())
    places = offer.places or (offer.branch,) * len(starts)
    slots = spans_json(
        starts,
        offer.slots.minutes,
        tuple((zone or (it.zone if it else offer.time_zone)).key for it in places),
        tuple(it.id if it else None for it in places),
    )
    return f'{json.dumps(head)[:-1]}, "slots": {slots}}}'
