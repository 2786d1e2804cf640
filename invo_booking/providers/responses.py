"""Read the responses of providers: their content, and what their headers say."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, cast

LONGEST_WAIT = timedelta(hours=1)
USUAL_WAIT = timedelta(seconds=30)
_ODD = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)
"""JSON escapes of NUL and of lone surrogates."""

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class VendorResponse:
    """A complete response.

    Attributes:
        reference: The provider's id of the request; empty if the provider sent none.
        certificate: The server's certificate in DER form; empty if not known.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    reference: str
    certificate: bytes = b""

    def __repr__(self) -> str:
        """Return a representation without the content."""
        return f"Answer({self.status}, {self.reference})"

    @property
    def is_error(self) -> bool:
        """Whether the status is not a success."""
        return not HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def json(self) -> Any:
        """Return the parsed content; ``None`` if the content is empty.

        Characters that PostgreSQL cannot store in text are replaced.

        Raises:
            ValueError: If the content is not JSON.
        """
        if not self.content:
            return None
        try:
            text = self.content.decode(json.detect_encoding(self.content))
            value = json.loads(text)
            return _storable(value) if _ODD.search(text) else value
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return the wait requested in ``Retry-After``, at most an hour.

    A date in ``Retry-After`` is by the provider's clock, so it is compared with the
    response's ``Date`` header, if the response has one. Without a usable value, return
    ``USUAL_WAIT``.

    Source:
        RFC 9110 section 10.2.3.
    """
    text = headers.get("retry-after", "").strip()
    try:
        wait = timedelta(seconds=float(text))
    except OverflowError:
        wait = LONGEST_WAIT
    except ValueError:
        wait = _until(text, _date(headers.get("date", "")) or now)
    return min(wait, LONGEST_WAIT) if wait > timedelta() else USUAL_WAIT


def is_redirect(answer: VendorResponse) -> bool:
    """Whether the status is a redirect."""
    return HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST


def clock_difference(answer: VendorResponse, now: datetime) -> timedelta:
    """Return how far the provider's clock is ahead of ``now``; zero if unknown."""
    return (_date(answer.headers.get("date", "")) or now) - now


def is_web_page(answer: VendorResponse) -> bool:
    """Whether the response is HTML, which no provider's API sends below status 500."""
    kind = answer.headers.get("content-type", "").lower()
    is_own_trouble = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return kind.startswith("text/html") and not is_own_trouble


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {_storable(name): _storable(one) for name, one in pairs}
    return value


def _until(text: str, now: datetime) -> timedelta:
    at = _date(text)
    return at - now if at else timedelta()


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
