"""Answer a browser that comes back from a provider's sign-in."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from invo_booking.api.core.policy import session_of_request
from invo_booking.api.personal.grants import (
    finish_personal_sign_in,
    not_connected_page,
)
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import InvoError
from invo_booking.texts import say
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.calendars.personal.sign_in import is_personal_state
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.shared.outside_threads import run_outside

CALENDARS_PAGE = "/settings/calendars"
_LONGEST = 8_192
"""Largest number of characters of a parameter; codes of some providers have about
2,000."""


async def finish_browser_sign_in(
    request: Request, deps: Deps, actor: Actor, provider: str
) -> Response:
    """Connect the account, or return a plain page that says why this failed."""
    answer = parameters_brought_back(request)
    if is_personal_state(answer.get("state", "")):
        return await run_outside(
            lambda: finish_personal_sign_in(request, deps, actor, provider, answer)
        )
    session = hash_secret(session_of_request(request, deps))
    try:
        await run_outside(
            lambda: connections.finish_connection_sign_in(
                deps, actor, session, answer, provider
            )
        )
    except InvoError as error:
        place = say("api.sign_in_return.calendars")
        return not_connected_page(deps, error, CALENDARS_PAGE, place)
    return RedirectResponse(CALENDARS_PAGE, status_code=303)


def parameters_brought_back(request: Request) -> dict[str, str]:
    """Return the query parameters of the provider's redirect, cut to a length limit."""
    return {key: value[:_LONGEST] for key, value in request.query_params.items()}
