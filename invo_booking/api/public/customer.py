"""Routes of the customer's link."""

from typing import Annotated

from fastapi import Path, Response

from invo_booking.api.core.policy import CurrentDeps, RoutePolicy, policy_router
from invo_booking.api.core.shapes import (
    AddressBody,
    CancelBody,
    JoinAddressResponse,
    RescheduleBody,
    VisitResponse,
)
from invo_booking.usecases.booking import joining, lateness, manage, request_mail

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.~-]{16,256}$")]

router = policy_router(RoutePolicy.LINK, "/api/v1/appointments/{token}")


@router.get("")
def show(deps: CurrentDeps, token: Token) -> VisitResponse:
    """Show the appointment. Changes nothing."""
    return VisitResponse.of(manage.read_visit(deps, token))


@router.post("/confirm")
def confirm(deps: CurrentDeps, token: Token) -> VisitResponse:
    """Confirm the request; repeating has no effect, 410 if it is too late.

    With an e-mail address, `token` must be that of the mailed link; any other is
    refused with 403 `proof_needed`.
    """
    return VisitResponse.of(manage.confirm_by_link(deps, token))


@router.post("/send-again")
def send_again(deps: CurrentDeps, token: Token) -> VisitResponse:
    """Mail the confirmation link again; 429 after five mails in a day."""
    return VisitResponse.of(request_mail.resend_request_mail(deps, token))


@router.post("/address")
def change_address(deps: CurrentDeps, token: Token, to: AddressBody) -> VisitResponse:
    """Correct the address of an unconfirmed request, three times at most.

    The new address gets a new link; the link sent to the old one becomes invalid.
    """
    return VisitResponse.of(request_mail.correct_address(deps, token, to.email))


@router.post("/cancel")
def cancel(
    deps: CurrentDeps, token: Token, why: CancelBody | None = None
) -> VisitResponse:
    """Cancel the appointment; repeating has no effect."""
    return VisitResponse.of(
        manage.cancel_by_link(deps, token, why.reason if why else "")
    )


@router.post("/reschedule")
def reschedule(deps: CurrentDeps, token: Token, to: RescheduleBody) -> VisitResponse:
    """Move the appointment to another open start.

    Its agent keeps it if free, unless another `agent` is chosen.
    """
    moved = manage.reschedule_by_link(deps, token, to.starts_at, agent_id=to.agent)
    return VisitResponse.of(moved)


@router.post("/join")
def join(deps: CurrentDeps, token: Token) -> JoinAddressResponse:
    """Record that the customer joined, and return where; send the customer there now.

    409 `slot_closed` before its time, 410 after it, 409 `no_room` if the call has no
    room. `url` may contain a token that is valid for this customer until the end of the
    appointment: do not store it. Links lead to `join_url` of the appointment instead.
    """
    return JoinAddressResponse(url=joining.enter_room(deps, token))


@router.post("/running-late")
def report_late(deps: CurrentDeps, token: Token) -> VisitResponse:
    """Notify the agent that the customer is running late; 409 more than an hour before.

    The hour is longer if *Joining the call* is.
    """
    return VisitResponse.of(lateness.report_late(deps, token))


@router.delete("/running-late")
def withdraw_late_report(deps: CurrentDeps, token: Token) -> VisitResponse:
    """Notify the agent that the customer comes in time after all."""
    return VisitResponse.of(lateness.withdraw_late_report(deps, token))


@router.get("/calendar.ics", response_class=Response)
def calendar_file(deps: CurrentDeps, token: Token) -> Response:
    """Return the appointment as an iCalendar file."""
    return Response(
        manage.calendar_file(deps, token),
        media_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"content-disposition": 'attachment; filename="appointment.ics"'},
    )
