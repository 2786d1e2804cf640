"""Ask a person at a browser for the current password again."""

from dataclasses import replace

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    PasswordNeededError,
)
from invo_booking.persistence.accounts.people import PersonAccount
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.shared.deps import Deps

FIELD = "password"
BROWSER_ONLY = "This is done in a browser only, not with a token."


def require_browser(actor: Actor) -> None:
    """Refuse a bearer token that acts for a person.

    Raises:
        NotAllowedError: If the actor is not at a browser.
    """
    if actor.scope is not None:
        raise NotAllowedError(BROWSER_ONLY)


def require_password(deps: Deps, actor: Actor, password: str) -> PersonAccount:
    """Refuse anyone who sits at an open session without knowing its password.

    A wrong one counts as a failed sign-in, so that guessing is slowed as there.

    Returns:
        The account as it was then; see ``sessions.hold_password``.

    Raises:
        NotAllowedError: If the actor is not at a browser.
        InvalidInputError: Beside ``password``, if it is not the actor's.
        TooManyRequestsError: After too many wrong ones; it passes by itself.
    """
    require_browser(actor)
    try:
        return sessions.check_password(deps, actor.email, password)
    except NotAllowedError as error:
        raise InvalidInputError({FIELD: "This is not your password."}) from error


def with_password(deps: Deps, actor: Actor, password: str) -> Actor:
    """Return the actor as one who gave the current password for the next action.

    Without a password the actor stays as they are: most actions need none, and those
    that do refuse it with a sentence; see ``require_given_password``.

    Raises:
        As ``require_password``, if there is a password and it is not the actor's.
    """
    if not password:
        return actor
    require_password(deps, actor, password)
    return replace(actor, gave_password=True)


def require_given_password(actor: Actor) -> None:
    """Refuse anyone who has not given the current password for this very action.

    Raises:
        NotAllowedError: If the actor is not at a browser.
        PasswordNeededError: If the password was not given.
    """
    require_browser(actor)
    if not actor.gave_password:
        raise PasswordNeededError
