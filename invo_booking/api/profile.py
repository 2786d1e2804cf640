"""Change the own password and make own tokens by forms; list and revoke tokens."""

from typing import Annotated

from fastapi import Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from invo_booking.api.admin_programs_shapes import TokenKey, TokenOut
from invo_booking.api.pages import page
from invo_booking.api.policy import (
    COOKIE,
    BrowserActor,
    CurrentDeps,
    Policy,
    caller_address,
    door,
)
from invo_booking.domain.errors import InvalidInputError, TooManyRequestsError
from invo_booking.domain.scopes import TokenScope
from invo_booking.usecases import profile, tokens
from invo_booking.usecases.tokens import TokenDraft

PROFILE_PAGE = "/profile"
_LONGEST = 1_024

Text = Annotated[str, Form(max_length=_LONGEST)]
Address = Annotated[str, Depends(caller_address)]

router = door(Policy.BROWSER, "/session")
own_tokens = door(Policy.BROWSER, "/api/v1/profile")


@router.post("/password", status_code=303, response_class=RedirectResponse)
def change_password(
    request: Request,
    deps: CurrentDeps,
    actor: BrowserActor,
    address: Address,
    current: Text = "",
    new: Text = "",
) -> RedirectResponse:
    """Replace your password and sign out all other browsers."""
    session = request.cookies.get(COOKIE, "")
    try:
        profile.change_password(deps, actor, session, (current, new), address=address)
    except InvalidInputError as error:
        return _back(f"error=password-{next(iter(error.fields))}")
    except TooManyRequestsError:
        return _back("error=slow")
    return _back("done=password")


@router.post("/tokens", response_class=HTMLResponse)
def make_token(
    deps: CurrentDeps,
    actor: BrowserActor,
    name: Text = "",
    scope: Text = "",
    days: Text = "",
    password: Text = "",
) -> Response:
    """Make a token of your own, and show it this once."""
    try:
        draft = TokenDraft(name=name, scope=read_scope(scope), days=read_number(days))
        made = tokens.make(deps, actor, draft, password)
    except InvalidInputError as error:
        return _back(f"error=token-{next(iter(error.fields))}")
    except TooManyRequestsError:
        return _back("error=slow")
    return page(
        "token.html",
        name=made.token.name,
        secret=made.secret,
        may=f"It may do what you may do, within the scope “{made.token.scope}”",
        until=made.token.expires_at,
        whose="in your name",
        back=PROFILE_PAGE,
        back_to="your profile",
    )


@own_tokens.get("/tokens")
def list_tokens(deps: CurrentDeps, actor: BrowserActor) -> list[TokenOut]:
    """List the tokens that act for you."""
    return [TokenOut.of(token) for token in tokens.of(deps, actor)]


@own_tokens.delete("/tokens/{key}", status_code=204, response_class=Response)
def revoke_token(deps: CurrentDeps, actor: BrowserActor, key: TokenKey) -> Response:
    """Revoke a token of your own, at once and for good."""
    tokens.revoke(deps, actor, key)
    return Response(status_code=204)


def read_scope(text: str) -> TokenScope:
    """Return the scope a form names.

    Raises:
        InvalidInputError: If it names none.
    """
    try:
        return TokenScope(text)
    except ValueError as error:
        raise InvalidInputError({"scope": "Choose what the token allows."}) from error


def read_number(text: str) -> int:
    """Return the number a form holds; -1 if it holds none."""
    return int(text) if text.isascii() and text.isdecimal() else -1


def _back(query: str) -> RedirectResponse:
    return RedirectResponse(f"{PROFILE_PAGE}?{query}", status_code=303)
