"""Ask Exchange's web services, and read their answers.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/
    ews-operations-in-exchange
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
)
from invo_booking.providers.exchange import xml
from invo_booking.providers.exchange.refusals import error_of_code, error_of_status
from invo_booking.providers.exchange.sessions import SessionPool
from invo_booking.providers.exchange.versions import SCHEMA, ServerVersion
from invo_booking.providers.exchange.xml import (
    ERRORS,
    MESSAGES,
    SOAP,
    element,
    type_element,
)
from invo_booking.providers.http import VendorResponse


@dataclass(frozen=True, slots=True)
class SoapResponse:
    """A successful answer.

    Attributes:
        messages: One response message for each thing that was asked.
        version: Which server answered; ``None`` if it does not say.
        headers: Of the response, by lower-case names.
    """

    messages: tuple[ET.Element, ...]
    version: ServerVersion | None
    response: VendorResponse


class Services:
    """The web services of one account at one server."""

    def __init__(self, pool: SessionPool, seconds: float) -> None:
        self._pool, self._seconds = pool, seconds

    def ask(self, operation: ET.Element, *, is_change: bool = False) -> SoapResponse:
        """Return the answer to an operation.

        Args:
            operation: The operation, as the body of a request.
            is_change: Whether it may change something even if its answer is lost.

        Raises:
            ProviderError: If it is not answered, or refused as a whole.
        """
        try:
            response = self._pool.post(_request(operation), self._seconds)
        except ProviderDownError as error:
            if is_change:
                raise
            raise ProviderDownError(
                str(error), reference=error.reference
            ) from error.__cause__
        return _read(response, is_change=is_change)


def refusal_of(message: ET.Element, *, is_change: bool = False) -> ProviderError | None:
    """Return why one thing was refused; ``None`` if it was not."""
    code = code_of(message)
    if code == "NoError":
        return None
    return error_of_code(code, wait=_wait(message), is_change=is_change)


def code_of(message: ET.Element) -> str:
    """Return the code of a response message; empty if it has none."""
    return (message.findtext(f"{MESSAGES}ResponseCode") or "").strip()


def single_message(answer: SoapResponse, *, is_change: bool = False) -> ET.Element:
    """Return the only response message, if it is a success.

    Raises:
        ProviderError: If it is not.
    """
    if len(answer.messages) != 1:
        raise unreadable_answer_error(is_change=is_change)
    if error := refusal_of(answer.messages[0], is_change=is_change):
        raise error
    return answer.messages[0]


def unreadable_answer_error(*, is_change: bool = False) -> ProviderDownError:
    """Return the error for an answer that does not match Exchange's types."""
    return ProviderDownError(
        "Exchange sent an answer that cannot be read. It is tried again by itself.",
        ambiguous=is_change,
    )


def _request(operation: ET.Element) -> bytes:
    version = type_element("RequestServerVersion", Version=SCHEMA)
    return xml.to_bytes(
        element(
            SOAP + "Envelope",
            element(SOAP + "Header", version),
            element(SOAP + "Body", operation),
        )
    )


def _read(response: VendorResponse, *, is_change: bool) -> SoapResponse:
    is_known = response.status in {HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR}
    try:
        root = xml.parse(response.content) if is_known else None
    except ValueError:
        root = None
    body = root.find(f"{SOAP}Body") if root is not None else None
    content = xml.first(body) if body is not None else None
    if root is None or content is None:
        raise error_of_status(response, is_change=is_change)
    if content.tag == f"{SOAP}Fault":
        raise _fault(content, is_change=is_change)
    return SoapResponse(tuple(_messages(content)), _version(root), response)


def _messages(content: ET.Element) -> list[ET.Element]:
    array = content.find(f"{MESSAGES}ResponseMessages")
    if array is None:
        array = content.find(f"{MESSAGES}FreeBusyResponseArray")
    return list(array) if array is not None else [content]


def _fault(fault: ET.Element, *, is_change: bool) -> ProviderError:
    """Return what a fault means; the code is in the detail or after the prefix."""
    detail = fault.find("detail")
    code = detail.findtext(f"{ERRORS}ResponseCode") if detail is not None else None
    word = (code or fault.findtext("faultcode") or "").rpartition(":")[2].strip()
    wait = _wait(detail) if detail is not None else None
    return error_of_code(word, wait=wait, is_change=is_change)


def _wait(parent: ET.Element) -> timedelta | None:
    """Return for how long the server asks for patience, which it says in words."""
    for value in parent.iter(f"{xml.TYPES}Value"):
        text = (value.text or "").strip()
        if value.get("Name") == "BackOffMilliseconds" and text.isdecimal():
            return timedelta(milliseconds=min(int(text), 3_600_000))
    return None


def _version(root: ET.Element) -> ServerVersion | None:
    info = root.find(f"{SOAP}Header/{xml.TYPES}ServerVersionInfo")
    names = ("MajorVersion", "MinorVersion", "MajorBuildNumber")
    texts = [info.get(name, "") for name in names] if info is not None else []
    if not texts or not all(text.isdecimal() and len(text) < 7 for text in texts):  # noqa: PLR2004 - digits
        return None
    return ServerVersion(*map(int, texts))
