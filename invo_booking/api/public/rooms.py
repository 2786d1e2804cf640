"""Serve the page from which a customer enters a video call.

The page's URL is the appointment's link with ``/room`` at the end. Mails, calendar
entries and the status page link to this page.
"""

from fastapi import Request
from starlette.responses import Response

from invo_booking.api.core.policy import CurrentDeps, RoutePolicy, policy_router
from invo_booking.api.doors import door_page, is_press, room_redirect
from invo_booking.api.public.customer import Token
from invo_booking.api.public.status import visit_view_of_request
from invo_booking.domain.errors import InvoError, NotFoundError, SlotClosedError
from invo_booking.texts import in_language, say
from invo_booking.usecases.booking import booking, joining, manage
from invo_booking.usecases.shared.deps import Deps
from invo_booking.web.customer.view import VisitView

router = policy_router(RoutePolicy.LINK, "/a/{token}")


@router.get("/room", include_in_schema=False)
def show_door(request: Request, deps: CurrentDeps, token: Token) -> Response:
    """Show a button that enters the room; a press on our own page enters at once."""
    if is_press(request.headers):
        return enter(request, deps, token)
    try:
        joining.require_entrance(deps, token)
    except InvoError as error:
        return _door(request, deps, token, error)
    return _door(request, deps, token)


@router.post("/room", include_in_schema=False)
def enter(request: Request, deps: CurrentDeps, token: Token) -> Response:
    """Record that the customer joined, and send the browser to the room."""
    try:
        return room_redirect(joining.enter_room(deps, token))
    except InvoError as error:
        return _door(request, deps, token, error)


def _door(
    request: Request, deps: Deps, token: str, refusal: InvoError | None = None
) -> Response:
    site, view = booking.public_site(deps), VisitView()
    try:
        view = visit_view_of_request(request, manage.read_visit(deps, token))
    except NotFoundError as error:
        refusal = error
    is_early = isinstance(refusal, SlotClosedError)
    title = view.topic
    return door_page(
        refusal=refusal,
        institution=site.name,
        phone=site.phone,
        title=title,
        view=view,
        opens=view.joinable_from if is_early else "",
        back=in_language(f"/a/{token}" if title else "/"),
        back_label=say("door.back") if title else say("public.back_to_start"),
    )
