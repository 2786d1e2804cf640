"""Signing in and out of the staff pages, by plain HTML forms."""

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Form, Request
from starlette.responses import RedirectResponse

from invo_booking.api.policy import COOKIE, CurrentDeps, Policy, caller_address, door
from invo_booking.domain.errors import NotAllowedError, TooManyRequestsError
from invo_booking.usecases import sessions

SIGN_IN_PAGE = "/sign-in"
FIRST_PAGE = "/dashboard"
LONGEST_SESSION = 12 * 60 * 60
"""Seconds; the server ends the session by then whatever the browser keeps."""

_KNOWN_PLACE = re.compile(
    r"/(dashboard|bookings|profile|people|answers|queues|institution|audit"
    r"|programs"
    r"|settings/[a-z-]{1,20})(\?[\w=&.:,~-]{0,500})?",
    re.ASCII,
)
_LONGEST_FIELD = 1_024

Text = Annotated[str, Form()]
Address = Annotated[str, Depends(caller_address)]

router = door(Policy.PUBLIC, "/session")


def safe_place(wanted: str) -> str:
    """Return where to go after signing in: a page of ours, whatever was asked for."""
    return wanted if _KNOWN_PLACE.fullmatch(wanted) else FIRST_PAGE


@router.post("/sign-in", status_code=303, response_class=RedirectResponse)
def sign_in(
    request: Request,
    deps: CurrentDeps,
    address: Address,
    email: Text = "",
    password: Text = "",
    wanted: Annotated[str, Form(alias="next")] = "",
) -> RedirectResponse:
    """Start a session and go on to `next`, or back to the form with a reason."""
    try:
        signed_in = sessions.sign_in(deps, _cut(email), _cut(password), address=address)
    except NotAllowedError:
        return _back("wrong", wanted)
    except TooManyRequestsError:
        return _back("slow", wanted)
    _end(deps, request)
    answer = RedirectResponse(safe_place(wanted), status_code=303)
    _set_cookie(answer, signed_in.token, secure=deps.config.public_url[:6] == "https:")
    return answer


@router.post("/sign-out", status_code=303, response_class=RedirectResponse)
def sign_out(request: Request, deps: CurrentDeps) -> RedirectResponse:
    """End the session; without one, only go to the sign-in page."""
    _end(deps, request)
    answer = RedirectResponse(SIGN_IN_PAGE, status_code=303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer


def _end(deps: CurrentDeps, request: Request) -> None:
    token = request.cookies.get(COOKIE)
    if token:
        sessions.sign_out(deps, token)


def _back(error: str, wanted: str) -> RedirectResponse:
    query = {"error": error}
    if _KNOWN_PLACE.fullmatch(wanted):
        query["next"] = wanted
    return RedirectResponse(f"{SIGN_IN_PAGE}?{urlencode(query)}", status_code=303)


def _set_cookie(answer: RedirectResponse, token: str, *, secure: bool) -> None:
    answer.set_cookie(
        COOKIE,
        token,
        max_age=LONGEST_SESSION,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def _cut(text: str) -> str:
    """Return what may be looked up; nobody's address or password is longer."""
    return text[:_LONGEST_FIELD].replace("\0", "\ufffd")
