# pyright: standard, reportAttributeAccessIssue=false
# lxml has no types.
"""Parse XML strictly; exchangelib's own parser repairs damaged documents.

A damaged document may lack the very entry that makes an agent busy. Entities are not
expanded, since a few hundred bytes could become gigabytes, and nesting is limited.
"""

from datetime import timedelta
from typing import Any, Final

from lxml import etree

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
MESSAGES = "{http://schemas.microsoft.com/exchange/services/2006/messages}"
TYPES = "{http://schemas.microsoft.com/exchange/services/2006/types}"
_LONGEST_MILLISECONDS: Final = 3_600_000


def parse_soap(content: bytes) -> Any:
    """Return the root of a document.

    Raises:
        ValueError: If the document is not well-formed, declares entities, or nests too
            deeply.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("not well-formed") from error
    if root.getroottree().docinfo.doctype:
        raise ValueError("declares a document type")
    return root


def text_of(parent: Any, path: str) -> str:
    """Return the text of an element below another; empty if there is no such element.

    Args:
        parent: The element to search in; may be ``None``.
        path: Names of Exchange's types, separated by slashes.
    """
    child = find_element(parent, path)
    return (child.text or "").strip() if child is not None else ""


def back_off(details: Any) -> timedelta | None:
    """Return how long the server asks us to wait; ``None`` if it does not ask.

    Args:
        details: The element ``MessageXml`` of a fault or a message; may be ``None``.

    Source:
        learn.microsoft.com/exchange/client-developer/exchange-web-services/
        ews-throttling-in-exchange: BackOffMilliseconds
    """
    values = details.findall(f"{TYPES}Value") if details is not None else ()
    texts = [it.text or "" for it in values if it.get("Name") == "BackOffMilliseconds"]
    if not texts or not texts[0].isdecimal():
        return None
    return timedelta(milliseconds=min(int(texts[0][:12]), _LONGEST_MILLISECONDS))


def find_element(parent: Any, path: str) -> Any:
    """Return the first element at a path of Exchange's types, or ``None``."""
    if parent is None:
        return None
    return parent.find("/".join(TYPES + name for name in path.split("/")))
