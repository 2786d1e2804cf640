"""What needs a secret of one's own account: plain forms, past the pages' state."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from invo_booking.api.pages import page
from invo_booking.api.policy import (
    CurrentDeps,
    Policy,
    door,
    in_browser,
    known_browser,
    session_of,
)
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
)
from invo_booking.domain.roles import Actor
from invo_booking.usecases import booking, passwords, profile, tokens
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.links import hashed

PROFILE_PAGE = "/profile"
_LONGEST = 1_024

Text = Annotated[str, Form(max_length=_LONGEST)]
Person = Annotated[Actor, Depends(in_browser)]

router = door(Policy.BROWSER, "/session")


@router.post("/password", status_code=303, response_class=HTMLResponse)
def change_password(
    request: Request,
    deps: CurrentDeps,
    actor: Person,
    current: Text = "",
    new: Text = "",
) -> Response:
    """Replace your password and sign out all other browsers."""
    session, browser = hashed(session_of(request, deps)), known_browser(request)
    try:
        profile.change_password(deps, actor, session, (current, new), browser=browser)
    except InvalidInputError as error:
        return _refused(deps, actor, error.fields, 422)
    except TooManyRequestsError as error:
        return _refused(deps, actor, {"slow": str(error)}, 429)
    return _back("done=password")


@router.post("/tokens", response_class=HTMLResponse)
def make_token(
    deps: CurrentDeps,
    actor: Person,
    name: Text = "",
    days: Text = "",
    submit_key: Text = "",
) -> Response:
    """Make a token for a program, and show it this once."""
    try:
        made = tokens.make(deps, actor, name, _number(days), key=submit_key)
    except InvalidInputError as error:
        return _back(f"error=token-{next(iter(error.fields))}")
    except (IdempotencyMismatchError, NotFoundError):
        return _back("error=token-again")
    return page("token.html", made=made, back=PROFILE_PAGE)


def _refused(
    deps: Deps, actor: Actor, problems: Mapping[str, str], status: int
) -> Response:
    """Return the form again, with each sentence beside its field."""
    answer = page(
        "change_password.html",
        scripted=True,
        institution=booking.public_site(deps).name,
        email=actor.email,
        problems={"current": "", "new": "", "slow": "", **problems},
        rule=passwords.RULE,
        longest=passwords.LONGEST,
    )
    answer.status_code = status
    answer.headers["referrer-policy"] = "strict-origin"
    return answer


def _back(query: str) -> RedirectResponse:
    return RedirectResponse(f"{PROFILE_PAGE}?{query}", status_code=303)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
