"""Create a token with a plain form and show it, outside the pages' state."""

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

Made = TypeVar("Made")

AGAIN, SLOW = "again", "slow"
"""Reasons that concern no field of the form."""


class TokenWords(TypedDict):
    """The page's texts about a new token."""

    name: str
    secret: str
    may: str
    until: datetime | None
    whose: str
    back: str
    back_to: str


def show_token(
    make: Callable[[], Made],
    words: Callable[[Made], TokenWords],
    back: Callable[[str], Response],
) -> Response:
    """Show a new token once, or return to the form.

    Args:
        make: Creates the token.
        words: Returns the texts about it.
        back: Returns the address of the form, given the refused field, ``AGAIN`` if the
            form was used before, or ``SLOW`` after too many tries.
    """
    try:
        secret = make()
    except InvalidInputError as error:
        return back(next(iter(error.fields)))
    except (IdempotencyMismatchError, NotFoundError):
        return back(AGAIN)
    except TooManyRequestsError:
        return back(SLOW)
    return html_page("token.html", **words(secret))
