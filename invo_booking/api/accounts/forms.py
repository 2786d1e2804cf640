"""Serve plain pages to request a mailed link, and to set a password with it.

A mailed link is a secret until the link is used. So the page is not cached, and opening
the page changes nothing. The page's URL is neither sent to other servers nor stored in
the pages' state.
"""

import secrets
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from invo_booking.api.accounts.session import (
    SIGN_IN_PAGE,
    Text,
    keep_browser_cookie,
    shorten_typed_text,
)
from invo_booking.api.core.pages import html_page
from invo_booking.api.core.policy import (
    CurrentDeps,
    RoutePolicy,
    browser_actor,
    known_browser_of_request,
    policy_router,
)
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.contact import plain_text
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
)
from invo_booking.texts import say
from invo_booking.usecases.accounts import links, passwords, reauthentication
from invo_booking.usecases.admin import inviting
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared.deps import Deps

FORGOT_PAGE = "/session/forgot-password"
Person = Annotated[Actor, Depends(browser_actor)]

_NOT_USABLE, _GONE, _TOO_MANY = 422, 404, 429

router = policy_router(RoutePolicy.PUBLIC, "/session")
shown = policy_router(RoutePolicy.BROWSER, "/session")


@router.get("/forgot-password", include_in_schema=False)
def show_forgotten(deps: CurrentDeps) -> Response:
    """Show the form for a forgotten password."""
    return _forgotten_page(deps)


@router.post("/forgot-password", include_in_schema=False)
def ask_for_link(deps: CurrentDeps, email: Text = "") -> Response:
    """Mail a link to the owner of an account; the answer is always the same."""
    typed = plain_text(shorten_typed_text(email))
    if "@" not in typed:
        return _forgotten_page(
            deps, problem=say("api.accounts_forms.email_needed"), typed=typed
        )
    try:
        links.ask_for_reset(deps, typed)
    except TooManyRequestsError as error:
        return _forgotten_page(deps, problem=str(error), typed=typed, status=_TOO_MANY)
    return _forgotten_page(deps, is_done=True, status=200)


@router.get("/set-password", include_in_schema=False)
def show_link(deps: CurrentDeps, link: str = "") -> Response:
    """Show the form of a link. Changes nothing."""
    return _password_page(deps, link)


@router.post("/set-password", include_in_schema=False)
def set_password(
    request: Request,
    deps: CurrentDeps,
    link: Text = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Set the password, use the link and go to the sign-in page."""
    browser = known_browser_of_request(request) or secrets.token_urlsafe(32)
    try:
        links.use_password_link(
            deps, link, shorten_typed_text(password), browser=browser
        )
    except InvalidInputError as error:
        return _password_page(deps, link, problem=str(error))
    except NotFoundError:
        return _password_page(deps, link)
    answer = RedirectResponse(f"{SIGN_IN_PAGE}?done=password", status_code=303)
    keep_browser_cookie(deps, answer, browser)
    return answer


@shown.post("/account-link", response_class=HTMLResponse)
def show_account_link(
    deps: CurrentDeps,
    actor: Person,
    person: Text = "",
    password: Annotated[str, Form()] = "",
    submit_key: Text = "",
) -> Response:
    """Show a link to set another person's password, if mail cannot be sent.

    Without the actor's password, or with a wrong one, the page asks for it.
    """
    typed, site = plain_text(shorten_typed_text(person)), booking.public_site(deps).name
    try:
        who = reauthentication.with_password(deps, actor, shorten_typed_text(password))
        name, address = inviting.create_password_link(
            deps, who, _identifier(typed), key=submit_key
        )
    except (
        IdempotencyMismatchError,
        InvalidInputError,
        NotFoundError,
        TooManyRequestsError,
    ) as error:
        asks = reauthentication.FIELD in getattr(error, "fields", ())
        again = {"person": typed, "submit_key": submit_key} if asks else {}
        answer = _account_link(site, problem=str(error), **again)
        answer.status_code = _NOT_USABLE
        return answer
    return _account_link(site, name=name, address=address)


def _account_link(
    site: str,
    *,
    name: str = "",
    address: str = "",
    problem: str = "",
    person: str = "",
    submit_key: str = "",
) -> Response:
    """Return the page that shows a link to set a password, or why there is no link.

    Args:
        site: Name of the institution.
        name: Name of the person the link is for; empty if unknown.
        address: URL of the link; empty if there is none.
        problem: Why there is no link.
        person: Id of the person, which the page sends again together with the actor's
            password; empty if the password would not help.
        submit_key: Idempotency key, which the page sends again too.
    """
    return _plain_page(
        "account_link.html",
        institution=site,
        name=name or say("api.accounts_forms.person"),
        address=address,
        problem=problem,
        person=person,
        submit_key=submit_key,
        longest=passwords.LONGEST,
    )


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError from error


def _forgotten_page(
    deps: Deps,
    *,
    problem: str = "",
    typed: str = "",
    is_done: bool = False,
    status: int = _NOT_USABLE,
) -> Response:
    answer = _plain_page(
        "forgot_password.html",
        institution=booking.public_site(deps).name,
        problem=problem,
        typed=typed,
        is_done=is_done,
        minutes=links.LIFETIMES[links.RESET].seconds // 60,
    )
    answer.status_code = status if problem or is_done else 200
    return answer


def _password_page(deps: Deps, link: str, problem: str = "") -> Response:
    try:
        opened = links.read_password_link(deps, link)
    except NotFoundError as error:
        name = booking.public_site(deps).name
        gone = _plain_page("link_gone.html", institution=name, sentence=str(error))
        gone.status_code = _GONE
        return gone
    answer = _plain_page(
        "set_password.html",
        opened=opened,
        link=link,
        problem=problem,
        rule=say(passwords.RULE),
        longest=passwords.LONGEST,
    )
    answer.status_code = _NOT_USABLE if problem else 200
    return answer


def _plain_page(template: str, **values: object) -> Response:
    """Return a page that reveals only our origin, not the page's path, as referrer.

    With ``no-referrer``, browsers would send the page's forms with ``Origin: null``.
    """
    answer = html_page(template, scripted=True, **values)
    answer.headers["referrer-policy"] = "strict-origin"
    return answer
