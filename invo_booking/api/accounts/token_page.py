"""Create a token with a plain form and show the token once.

The token is therefore never in the pages' state.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypedDict, TypeVar

from starlette.responses import Response

from invo_booking.api.core.pages import html_page
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
)
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared.deps import Deps

Made = TypeVar("Made")

AGAIN, SLOW = "again", "slow"
"""Errors that concern no field: the form was used before, or there were too many
tries."""


class TokenWords(TypedDict):
    """Texts and values of the page that shows a new token."""

    name: str
    secret: str
    may: str
    until: datetime | None
    whose: str
    back: str
    back_to: str


def show_token(
    deps: Deps,
    make: Callable[[], Made],
    words: Callable[[Made], TokenWords],
    back: Callable[[str], Response],
) -> Response:
    """Show a new token once, or return to the form.

    Args:
        deps: The product's parts.
        make: Creates the token.
        words: Returns the texts about the token.
        back: Returns a response that leads back to the form. The argument is the name
            of the refused field, ``AGAIN`` if the form was used before, or ``SLOW``
            after too many tries.
    """
    try:
        secret = make()
    except InvalidInputError as error:
        return back(next(iter(error.fields)))
    except (IdempotencyMismatchError, NotFoundError):
        return back(AGAIN)
    except TooManyRequestsError:
        return back(SLOW)
    site = booking.public_site(deps).name
    return html_page("token.html", scripted=True, institution=site, **words(secret))
