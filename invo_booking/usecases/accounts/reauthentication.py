"""Require that people enter their password again for dangerous actions."""

from dataclasses import replace

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    PasswordNeededError,
)
from invo_booking.persistence.accounts.people import PersonAccount
from invo_booking.texts import say
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.shared.deps import Deps

FIELD = "password"
BROWSER_ONLY = "accounts.reauthentication.browser_only"


def require_browser(actor: Actor) -> None:
    """Refuse an actor who uses a bearer token instead of a browser session.

    Raises:
        NotAllowedError: If the actor is not in a browser session.
    """
    if actor.scope is not None:
        raise NotAllowedError(say(BROWSER_ONLY))


def require_password(deps: Deps, actor: Actor, password: str) -> PersonAccount:
    """Verify the actor's password for an action that needs more than an open session.

    A wrong password counts as a failed sign-in.

    Returns:
        The account as it was when the password was verified; see
        ``sessions.hold_password``.

    Raises:
        NotAllowedError: If the actor is not in a browser session.
        InvalidInputError: For the field ``password``, if it is not the actor's
            password.
        TooManyRequestsError: For some time after too many wrong passwords.
    """
    require_browser(actor)
    try:
        return sessions.check_password(deps, actor.email, password)
    except NotAllowedError as error:
        raise InvalidInputError(
            {FIELD: say("accounts.profile.wrong_password")}
        ) from error


def with_password(deps: Deps, actor: Actor, password: str) -> Actor:
    """Verify the password, and return the actor with ``gave_password`` set.

    If ``password`` is empty, the actor is returned unchanged. Actions that need the
    password then refuse the actor; see ``require_own_password``.

    Raises:
        The errors of ``require_password``, if ``password`` is not empty.
    """
    if not password:
        return actor
    require_password(deps, actor, password)
    return replace(actor, gave_password=True)


def require_own_password(actor: Actor) -> None:
    """Refuse an actor who has not entered the current password for this action.

    Raises:
        NotAllowedError: If the actor is not in a browser session.
        PasswordNeededError: If the password was not entered.
    """
    require_browser(actor)
    if not actor.gave_password:
        raise PasswordNeededError
