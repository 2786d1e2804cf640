"""Require the current password again for dangerous actions."""

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
    """Refuse bearer tokens that act for a person.

    Raises:
        NotAllowedError: If the actor is not in a browser session.
    """
    if actor.scope is not None:
        raise NotAllowedError(say(BROWSER_ONLY))


def require_password(deps: Deps, actor: Actor, password: str) -> PersonAccount:
    """Verify the actor's password, so that an open session alone is not enough.

    A wrong password counts as a failed sign-in.

    Returns:
        The account at that time; see ``sessions.hold_password``.

    Raises:
        NotAllowedError: If the actor is not in a browser session.
        InvalidInputError: For ``password``, if it is not the actor's.
        TooManyRequestsError: After too many wrong passwords, for some time.
    """
    require_browser(actor)
    try:
        return sessions.check_password(deps, actor.email, password)
    except NotAllowedError as error:
        raise InvalidInputError(
            {FIELD: say("accounts.profile.wrong_password")}
        ) from error


def with_password(deps: Deps, actor: Actor, password: str) -> Actor:
    """Return the actor marked as having given the current password.

    Without a password the actor is returned unchanged. Actions that need it refuse
    then; see ``require_own_password``.

    Raises:
        As ``require_password``, if a password is given and not the actor's.
    """
    if not password:
        return actor
    require_password(deps, actor, password)
    return replace(actor, gave_password=True)


def require_own_password(actor: Actor) -> None:
    """Refuse an actor who has not given the current password for this action.

    Raises:
        NotAllowedError: If the actor is not in a browser session.
        PasswordNeededError: If the password was not given.
    """
    require_browser(actor)
    if not actor.gave_password:
        raise PasswordNeededError
