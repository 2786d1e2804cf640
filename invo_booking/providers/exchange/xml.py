"""Write and read XML, without entities and within bounds of depth.

The parser of the standard library expands entities, with which a few hundred bytes
become gigabytes. No answer of Exchange declares any, so a declaration is an error.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import NoReturn
from xml.parsers import expat

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
MESSAGES = "{http://schemas.microsoft.com/exchange/services/2006/messages}"
TYPES = "{http://schemas.microsoft.com/exchange/services/2006/types}"
ERRORS = "{http://schemas.microsoft.com/exchange/services/2006/errors}"

DEEPEST = 64
"""Deepest nesting of an answer; a right one has less than twenty levels."""

_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
for _prefix, _space in (("s", SOAP), ("m", MESSAGES), ("t", TYPES)):
    ET.register_namespace(_prefix, _space[1:-1])


def element(
    name: str,
    *children: ET.Element,
    text: str = "",
    attributes: Mapping[str, str] | None = None,
) -> ET.Element:
    """Return an element; characters that XML cannot hold are left out."""
    made = ET.Element(name, dict(attributes or {}))
    made.extend(children)
    if text:
        made.text = _UNWRITABLE.sub("", text)
    return made


def message_element(name: str, *children: ET.Element, **attributes: str) -> ET.Element:
    """Return an element of Exchange's messages."""
    return element(MESSAGES + name, *children, attributes=attributes)


def type_element(
    name: str, *children: ET.Element, text: str = "", **attributes: str
) -> ET.Element:
    """Return an element of Exchange's types."""
    return element(TYPES + name, *children, text=text, attributes=attributes)


def to_bytes(root: ET.Element) -> bytes:
    """Return a document in UTF-8."""
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def parse(content: bytes) -> ET.Element:
    """Return the root of a document.

    Raises:
        ValueError: If it is not well-formed, declares entities, or nests too deeply.
    """
    builder, depth = ET.TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
        builder.start(_qualified_name(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_qualified_name(name))

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError("not well-formed") from error
    return builder.close()


def text_of(parent: ET.Element | None, path: str) -> str:
    """Return the text of an element below another; empty if it is not there.

    Args:
        parent: Where to look.
        path: Names of Exchange's types, separated by slashes.
    """
    child = find(parent, path)
    return (child.text or "").strip() if child is not None else ""


def find(parent: ET.Element | None, path: str) -> ET.Element | None:
    """Return the first element at a path of Exchange's types."""
    if parent is None:
        return None
    return parent.find("/".join(TYPES + name for name in path.split("/")))


def first(parent: Iterable[ET.Element]) -> ET.Element | None:
    """Return the first element, if there is one."""
    return next(iter(parent), None)


def _qualified_name(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _refuse(*_unused: object) -> NoReturn:
    raise ValueError("declares a document type")
