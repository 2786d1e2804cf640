"""Build and take apart what goes over the wire."""

from datetime import UTC, datetime
from typing import Any

from lxml import etree

from tests.support.exchange.schema import E, M, S, T

SPACES = {"s": S[1:-1], "m": M[1:-1], "t": T[1:-1]}
BUSY_WORDS = {
    "ErrorServerBusy": "The server cannot service this request right now.",
}


class RefusalError(Exception):
    """Exchange refuses one thing, or a whole call."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def node(tag: str, *children: Any, **attributes: str) -> etree._Element:
    """Return an element; a string among its children is its text."""
    made = etree.Element(tag, attributes, nsmap=SPACES)
    for child in children:
        if isinstance(child, str):
            made.text = child
        elif child is not None:
            made.append(child)
    return made


def success(operation: str, *content: Any) -> etree._Element:
    """Return a response message without a fault."""
    code = node(f"{M}ResponseCode", "NoError")
    name = f"{M}{operation}ResponseMessage"
    return node(name, code, *content, ResponseClass="Success")


def failure(operation: str, code: str) -> etree._Element:
    """Return a response message with an error; its words are not for people.

    Args:
        operation: Name of the operation.
        code: Exchange's code; after a colon the milliseconds it asks to be left alone.
    """
    name = f"{M}{operation}ResponseMessage"
    return node(name, *_error(code), *_lists(operation), ResponseClass="Error")


def error_parts(code: str) -> list[etree._Element]:
    """Return the parts of an error."""
    return _error(code)


def response(operation: str, *messages: Any) -> etree._Element:
    """Return the answer to an operation."""
    return node(f"{M}{operation}Response", node(f"{M}ResponseMessages", *messages))


def envelope(content: etree._Element, version: tuple[int, int, int]) -> bytes:
    """Return an answer with what the server says of itself."""
    major, minor, build = map(str, version)
    info = node(
        f"{T}ServerVersionInfo",
        MajorVersion=major,
        MinorVersion=minor,
        MajorBuildNumber=build,
        MinorBuildNumber="0",
    )
    root = node(f"{S}Envelope", node(f"{S}Header", info), node(f"{S}Body", content))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def fault(code: str, back_off: int | None = None) -> bytes:
    """Return a SOAP fault, as Exchange writes it.

    Args:
        code: Exchange's code.
        back_off: Milliseconds for which the caller shall wait.
    """
    value = node(f"{T}Value", str(back_off), Name="BackOffMilliseconds")
    wait = node(f"{T}MessageXml", value) if back_off is not None else None
    detail = node(
        "detail",
        node(f"{E}ResponseCode", code),
        node(f"{E}Message", BUSY_WORDS.get(code, "It failed.")),
        wait,
    )
    content = node(
        f"{S}Fault",
        node("faultcode", f"a:{code}"),
        node("faultstring", "It failed."),
        detail,
    )
    root = node(f"{S}Envelope", node(f"{S}Body", content))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def instant(text: str) -> datetime:
    """Return an instant in UTC; one without a zone is in UTC."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def zulu(at: datetime) -> str:
    """Return an instant as Exchange writes it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _error(code: str) -> list[etree._Element]:
    word, _, wait = code.partition(":")
    value = node(f"{T}Value", wait, Name="BackOffMilliseconds")
    return [
        node(f"{M}MessageText", "It failed."),
        node(f"{M}ResponseCode", word),
        node(f"{M}DescriptiveLinkKey", "0"),
        *([node(f"{M}MessageXml", value)] if wait else []),
    ]


def _lists(operation: str) -> list[etree._Element]:
    has_items = operation in {"CreateItem", "GetItem", "UpdateItem"}
    return [node(f"{M}Items")] if has_items else []
