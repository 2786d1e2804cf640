"""Handle the redirects from Microsoft after a sign-in and after a consent.

Both redirects lead to the same URL, so the app registration has to list only one URL.
The person who consents for the whole tenant gets a page even without a session here.
"""

from fastapi import Request
from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking.api.core.pages import html_page
from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.problem import STATUSES
from invo_booking.api.core.sign_in_return import (
    CALENDARS_PAGE,
    finish_browser_sign_in,
    parameters_brought_back,
)
from invo_booking.domain.errors import InvoError
from invo_booking.settings.calendars import OUTLOOK
from invo_booking.texts import say
from invo_booking.usecases.calendars import signing_in

CONSENTED = "/outlook/consented"

router = policy_router(RoutePolicy.BROWSER)
anybody = policy_router(RoutePolicy.PUBLIC)


@router.get("/outlook", include_in_schema=False)
async def finish_sign_in(
    request: Request, deps: CurrentDeps, actor: BrowserActor
) -> Response:
    """Connect the account, or show a plain page with the reason of the failure."""
    return await finish_browser_sign_in(request, deps, actor, OUTLOOK)


@anybody.get(CONSENTED, include_in_schema=False)
def show_consent(request: Request, deps: CurrentDeps) -> Response:
    """Show on a plain page whether the consent was given; nothing is stored."""
    try:
        sentence = signing_in.read_consent(
            deps, parameters_brought_back(request), OUTLOOK
        )
    except InvoError as error:
        page = _consent_page(say("api.outlook.refused_title"), str(error))
        page.status_code = STATUSES[error.code]
        return page
    return _consent_page(say("api.outlook.granted_title"), sentence)


class ConsentReturn:
    """ASGI middleware that sends redirects after a consent to their own route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; after a consent, set its path to the consent route."""
        if scope["type"] == "http" and _is_consent(scope):
            scope = {**scope, "path": CONSENTED, "raw_path": CONSENTED.encode()}
        await self._app(scope, receive, send)


def _is_consent(scope: Scope) -> bool:
    if scope["path"] != "/outlook":
        return False
    brought = QueryParams(scope["query_string"])
    state = brought.get("state", "")
    return "admin_consent" in brought or state.startswith(signing_in.CONSENT_MARK)


def _consent_page(title: str, sentence: str) -> Response:
    return html_page(
        "consented.html", title=title, sentence=sentence, back=CALENDARS_PAGE
    )
