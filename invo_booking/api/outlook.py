"""Handle the redirect from Microsoft after a sign-in."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from invo_booking.api.core.pages import html_page
from invo_booking.api.core.policy import (
    CurrentDeps,
    RoutePolicy,
    browser_actor,
    door,
    session_of,
)
from invo_booking.api.core.problem import STATUSES
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import InvoError
from invo_booking.settings.calendars import OUTLOOK
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.shared.links import hash_secret

CALENDARS_PAGE = "/settings/calendars"
_LONGEST = 8_192
"""Most characters of a parameter; Microsoft's codes have up to 2,000."""

router = door(RoutePolicy.BROWSER)


@router.get("/outlook", include_in_schema=False)
def finish_sign_in(
    request: Request,
    deps: CurrentDeps,
    actor: Annotated[Actor, Depends(browser_actor)],
) -> Response:
    """Connect the account, or show a plain page with the reason of the failure."""
    answer = {key: value[:_LONGEST] for key, value in request.query_params.items()}
    session = hash_secret(session_of(request, deps))
    try:
        connections.finish_sign_in(deps, actor, session, answer, OUTLOOK)
    except InvoError as error:
        told = html_page("not_connected.html", sentence=str(error), back=CALENDARS_PAGE)
        told.status_code = STATUSES[error.code]
        return told
    return RedirectResponse(CALENDARS_PAGE, status_code=303)
