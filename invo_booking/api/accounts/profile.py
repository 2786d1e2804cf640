"""Let people change their password, and create, list and revoke their own tokens."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from invo_booking.api.accounts.token_page import SLOW, TokenWords, show_token
from invo_booking.api.admin.programs_shapes import TokenKey, TokenResponse
from invo_booking.api.core.pages import html_page
from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentDeps,
    RoutePolicy,
    known_browser_of_request,
    policy_router,
    session_of_request,
)
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.errors import InvalidInputError, TooManyRequestsError
from invo_booking.texts import say
from invo_booking.usecases.accounts import passwords, profile, tokens
from invo_booking.usecases.accounts.tokens import NewToken, TokenDraft
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret

PROFILE_PAGE = "/profile"
_LONGEST, _MOST_KEPT = 1_024, 200

Text = Annotated[str, Form(max_length=_LONGEST)]

router = policy_router(RoutePolicy.BROWSER, "/session")
own_tokens = policy_router(RoutePolicy.BROWSER, "/api/v1/profile")


@router.post("/password", status_code=303, response_class=HTMLResponse)
def change_password(
    request: Request,
    deps: CurrentDeps,
    actor: BrowserActor,
    current: Text = "",
    new: Text = "",
) -> Response:
    """Replace your password and sign out all other browsers."""
    session, browser = (
        hash_secret(session_of_request(request, deps)),
        known_browser_of_request(request),
    )
    try:
        profile.change_password(deps, actor, session, (current, new), browser=browser)
    except InvalidInputError as error:
        return _refused_response(deps, actor, error.fields, 422)
    except TooManyRequestsError as error:
        return _refused_response(deps, actor, {"slow": str(error)}, 429)
    return _back_to_profile(done="password")


@router.post("/tokens", response_class=HTMLResponse)
def make_token(  # noqa: PLR0913, PLR0917  (one for each field)
    deps: CurrentDeps,
    actor: BrowserActor,
    name: Text = "",
    scope: Text = "",
    days: Text = "",
    password: Text = "",
    submit_key: Text = "",
) -> Response:
    """Create a token of your own, and show it once."""

    def make() -> NewToken:
        draft = TokenDraft(name=name, scope=read_scope(scope), days=read_number(days))
        return tokens.make_api_token(deps, actor, draft, password, key=submit_key)

    def back(reason: str) -> Response:
        typed = {"name": name, "scope": scope, "days": days}
        return _back_to_profile(
            error=reason if reason == SLOW else f"token-{reason}", **typed
        )

    return show_token(deps, make, _token_words, back)


@own_tokens.get("/tokens")
def list_tokens(deps: CurrentDeps, actor: BrowserActor) -> list[TokenResponse]:
    """List the tokens that act for you."""
    return [TokenResponse.of(token) for token in tokens.own_api_tokens(deps, actor)]


@own_tokens.delete("/tokens/{key}", status_code=204, response_class=Response)
def revoke_token(deps: CurrentDeps, actor: BrowserActor, key: TokenKey) -> Response:
    """Revoke one of your tokens, immediately and permanently."""
    tokens.revoke_own_api_token(deps, actor, key)
    return Response(status_code=204)


def read_scope(text: str) -> TokenScope:
    """Return the scope in a form.

    Raises:
        InvalidInputError: If the form contains no scope.
    """
    try:
        return TokenScope(text)
    except ValueError as error:
        raise InvalidInputError(
            {"scope": say("api.accounts_profile.scope_needed")}
        ) from error


def read_number(text: str) -> int:
    """Return the number in a field of a form; -1 if it is no number."""
    return int(text) if text.isascii() and text.isdecimal() else -1


def _token_words(new: NewToken) -> TokenWords:
    return {
        "name": new.token.name,
        "secret": new.secret,
        "may": say("api.accounts_profile.token_scope", scope=new.token.scope),
        "until": new.token.expires_at,
        "whose": say("api.accounts_profile.name"),
        "back": PROFILE_PAGE,
        "back_to": say("api.accounts_profile.profile"),
    }


def _refused_response(
    deps: Deps, actor: Actor, problems: Mapping[str, str], status: int
) -> Response:
    """Return the form again, with a message beside each field with a problem."""
    answer = html_page(
        "change_password.html",
        scripted=True,
        institution=booking.public_site(deps).name,
        email=actor.email,
        problems={"current": "", "new": "", "slow": "", **problems},
        rule=say(passwords.RULE),
        longest=passwords.LONGEST,
    )
    answer.status_code = status
    answer.headers["referrer-policy"] = "strict-origin"
    return answer


def _back_to_profile(**query: str) -> RedirectResponse:
    parameters = {name: text[:_MOST_KEPT] for name, text in query.items() if text}
    return RedirectResponse(f"{PROFILE_PAGE}?{urlencode(parameters)}", status_code=303)
