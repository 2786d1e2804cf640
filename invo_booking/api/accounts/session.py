"""Sign in and out of the staff pages with plain HTML forms."""

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Request
from starlette.responses import RedirectResponse

from invo_booking.api.core.policy import (
    CurrentDeps,
    RoutePolicy,
    known_browser_of_request,
    policy_router,
    session_of_request,
)
from invo_booking.domain.access.cookie import KNOWN_BROWSER, cookie_name
from invo_booking.domain.errors import NotAllowedError, TooManyRequestsError
from invo_booking.usecases.accounts import links, sessions
from invo_booking.usecases.accounts.sessions import OwnPasswordFirst, SignedIn
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep.periodic import BROWSERS_KEPT
from invo_booking.web.menu import staff_pages

SIGN_IN_PAGE = "/sign-in"
FIRST_PAGE = "/dashboard"
_BROWSERS_KEPT = int(BROWSERS_KEPT.total_seconds())

_KNOWN_QUERY = re.compile(r"([\w=&.:,~+-]|%[0-9A-Fa-f]{2}){0,500}", re.ASCII)
_LONGEST_FIELD = 1_024

Text = Annotated[str, Form()]

router = policy_router(RoutePolicy.PUBLIC, "/session")


def safe_place_after_sign_in(wanted: str) -> str:
    """Return ``wanted`` if it is one of our own pages, otherwise ``FIRST_PAGE``."""
    return wanted if _is_staff_page(wanted) else FIRST_PAGE


def _is_staff_page(wanted: str) -> bool:
    page, _, query = wanted.partition("?")
    return page in staff_pages() and bool(_KNOWN_QUERY.fullmatch(query))


@router.post("/sign-in", status_code=303, response_class=RedirectResponse)
def sign_in(
    request: Request,
    deps: CurrentDeps,
    email: Text = "",
    password: Text = "",
    wanted: Annotated[str, Form(alias="next")] = "",
) -> RedirectResponse:
    """Start a session and go on to `next`, or back to the form with a reason.

    A person whose password others know must set a new one first.
    """
    browser = known_browser_of_request(request)
    try:
        entered = sessions.sign_in(
            deps,
            shorten_typed_text(email),
            shorten_typed_text(password),
            browser=browser,
        )
    except NotAllowedError:
        return _back_to_form("wrong", wanted)
    except TooManyRequestsError:
        return _back_to_form("slow", wanted)
    _end_session(deps, request)
    answer = RedirectResponse(_address_after(entered, wanted), status_code=303)
    if isinstance(entered, SignedIn):
        _keep_session(deps, answer, entered)
    keep_browser_cookie(deps, answer, entered.browser)
    return answer


@router.post("/sign-out", status_code=303, response_class=RedirectResponse)
def sign_out(request: Request, deps: CurrentDeps) -> RedirectResponse:
    """End the session; without one, only go to the sign-in page."""
    _end_session(deps, request)
    answer = RedirectResponse(SIGN_IN_PAGE, status_code=303)
    answer.delete_cookie(
        cookie_name(deps.config.public_url),
        path="/",
        secure=deps.config.is_encrypted,
        httponly=True,
        samesite="lax",
    )
    return answer


def _end_session(deps: CurrentDeps, request: Request) -> None:
    token = session_of_request(request, deps)
    if token:
        sessions.sign_out(deps, token)


def _back_to_form(error: str, wanted: str) -> RedirectResponse:
    query = {"error": error}
    if _is_staff_page(wanted):
        query["next"] = wanted
    return RedirectResponse(f"{SIGN_IN_PAGE}?{urlencode(query)}", status_code=303)


def keep_browser_cookie(deps: Deps, answer: RedirectResponse, browser: str) -> None:
    """Set the known-browser cookie, which browsers send to ``/session/`` only."""
    answer.set_cookie(
        KNOWN_BROWSER,
        browser,
        max_age=_BROWSERS_KEPT,
        path="/session/",
        secure=deps.config.is_encrypted,
        httponly=True,
        samesite="lax",
    )


def _address_after(entered: SignedIn | OwnPasswordFirst, wanted: str) -> str:
    if isinstance(entered, OwnPasswordFirst):
        return f"{links.PAGE}?{urlencode({'link': entered.link})}"
    return safe_place_after_sign_in(wanted)


def _keep_session(deps: Deps, answer: RedirectResponse, signed_in: SignedIn) -> None:
    answer.set_cookie(
        cookie_name(deps.config.public_url),
        signed_in.token,
        max_age=int(signed_in.lasts.total_seconds()),
        path="/",
        secure=deps.config.is_encrypted,
        httponly=True,
        samesite="lax",
    )


def shorten_typed_text(text: str) -> str:
    """Return a text cut to the maximum length of an e-mail address or password."""
    return text[:_LONGEST_FIELD].replace("\0", "\ufffd")
