"""Handle the redirect from Google after a sign-in."""

from fastapi import Request
from starlette.responses import Response

from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.sign_in_return import finish_browser_sign_in
from invo_booking.settings.calendars import GOOGLE

CALLBACK = "/google/callback"

router = policy_router(RoutePolicy.BROWSER)


@router.get(CALLBACK, include_in_schema=False)
async def finish_google_sign_in(
    request: Request, deps: CurrentDeps, actor: BrowserActor
) -> Response:
    """Connect the account, or show a plain page with the reason of the failure."""
    return await finish_browser_sign_in(request, deps, actor, GOOGLE)
