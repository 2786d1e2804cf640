"""Make a token by a plain form and show it, past the pages' state."""

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
"""Reasons that are about no field of the form."""


class TokenWords(TypedDict):
    """What the page says about a new token."""

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
    """Show a new token this once, or lead back to the form.

    Args:
        make: Makes the token.
        words: Returns what is said about it.
        back: Returns the way back to the form, given the field that was refused,
            ``AGAIN`` if the form was used before, or ``SLOW`` after too many.
    """
    try:
        made = make()
    except InvalidInputError as error:
        return back(next(iter(error.fields)))
    except (IdempotencyMismatchError, NotFoundError):
        return back(AGAIN)
    except TooManyRequestsError:
        return back(SLOW)
    return html_page("token.html", **words(made))
