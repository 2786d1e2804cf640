"""Read and set the cookies with agents' encrypted grants.

A grant lets us read an agent's own calendars. Each grant is encrypted in one cookie,
which the browser sends to the path of that grant only.
"""

from typing import Annotated, Any, Final

from fastapi import Depends, Path, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from invo_booking.api.core.pages import html_page
from invo_booking.api.core.policy import BrowserActor, CurrentDeps, session_of_request
from invo_booking.api.core.problem import STATUSES
from invo_booking.domain.access.cookie import (
    RELAY,
    grant_cookie_name,
    grant_cookie_value,
)
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import InvoError
from invo_booking.texts import say
from invo_booking.usecases.booking import booking
from invo_booking.usecases.calendars.personal import sign_in
from invo_booking.usecases.calendars.personal.grants import SentGrant
from invo_booking.usecases.calendars.personal.sign_in import NewGrant
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret

BOOKINGS_PAGE: Final = "/bookings"


async def grant_of_request(
    request: Request,
    deps: CurrentDeps,
    actor: BrowserActor,
    grant: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$")],
) -> SentGrant:
    """Return the grant of a request as it was sent, still encrypted."""
    name = grant_cookie_name(deps.config.public_url)
    return SentGrant(
        id=grant,
        sealed=grant_cookie_value(request.headers.get("cookie", ""), name),
        person_id=actor.id,
        session_key=session_key_of_request(request, deps),
    )


RequestGrant = Annotated[SentGrant, Depends(grant_of_request)]


def session_key_of_request(request: Request, deps: Deps) -> str:
    """Return the hash of the browser's session token."""
    return hash_secret(session_of_request(request, deps))


def not_connected_page(
    deps: Deps, error: InvoError, back: str, place: str
) -> HTMLResponse:
    """Return a page that says why a sign-in failed, with a link back to a page."""
    page = html_page(
        "not_connected.html",
        scripted=True,
        institution=booking.public_site(deps).name,
        sentence=str(error),
        back=back,
        place=place,
    )
    page.status_code = STATUSES[error.code]
    return page


def finish_personal_sign_in(
    request: Request, deps: Deps, actor: Actor, provider: str, answer: dict[str, str]
) -> Response:
    """Give the browser its grant, or return a plain page that says why this failed.

    The grant's id is in the fragment of the redirect's URL. So the page can read the
    id, but browsers do not send the fragment to any server, and no request log contains
    the id.
    """
    session = session_key_of_request(request, deps)
    try:
        grant = sign_in.finish_personal_sign_in(deps, actor, session, answer, provider)
    except InvoError as error:
        place = say("api.personal_grants.calendar")
        return not_connected_page(deps, error, BOOKINGS_PAGE, place)
    response = RedirectResponse(f"{BOOKINGS_PAGE}#personal={grant.id}", status_code=303)
    keep_grant_cookie(deps, response, grant)
    return response


def keep_grant_cookie(deps: Deps, answer: Response, grant: NewGrant) -> None:
    """Set the cookie with a sealed grant."""
    answer.set_cookie(
        grant_cookie_name(deps.config.public_url),
        grant.sealed,
        max_age=int(grant.lasts.total_seconds()),
        **_cookie_rules(deps, grant.id),
    )


def delete_grant_cookie(deps: Deps, answer: Response, grant_id: str) -> None:
    """Delete the cookie of a grant."""
    name = grant_cookie_name(deps.config.public_url)
    answer.delete_cookie(name, **_cookie_rules(deps, grant_id))


def _cookie_rules(deps: Deps, grant_id: str) -> dict[str, Any]:
    return {
        "path": f"{RELAY}{grant_id}",
        "secure": deps.config.is_encrypted,
        "httponly": True,
        "samesite": "strict",
    }
