"""Ask a person at a browser for the current password again."""

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import InvalidInputError, NotAllowedError
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


def require_password(deps: Deps, actor: Actor, password: str) -> None:
    """Refuse whoever sits at an open session without knowing its password.

    A wrong one counts as a failed sign-in, so that guessing is slowed as there.

    Raises:
        NotAllowedError: If the actor is not at a browser.
        InvalidInputError: Beside ``password``, if it is not the actor's.
        TooManyRequestsError: After too many wrong ones; it passes by itself.
    """
    require_browser(actor)
    try:
        sessions.check_password(deps, actor.email, password)
    except NotAllowedError as error:
        raise InvalidInputError({FIELD: "This is not your password."}) from error
