"""What may stand after the question mark of a call to Graph."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from tests.support.microsoft.vendor_types import properties_of
from tests.support.microsoft.wire import RefusalError
from tests.support.vendor.wire import Call

SELECTED_ALWAYS = {"id", "@odata.etag"}
LIKE = re.compile(r"(startswith)\((\w+),\s*'((?:[^']|'')*)'\)")
EQUAL = re.compile(r"(\w+)\s+(eq)\s+'((?:[^']|'')*)'")
KIND = re.compile(r"groupTypes/any\((\w+):\s*\1\s+eq\s+'(\w+)'\)")
SEARCH = re.compile(r'^"(\w+):(.*)"$')


def only(call: Call, *known: str, of: str = "") -> None:
    """Refuse options this call does not have, and properties its type does not have.

    Args:
        call: What is asked.
        known: Names of the options.
        of: The type ``$select`` chooses from, by its name in ``held.ts``.

    Raises:
        RefusalError: With Graph's words for the first of them.
    """
    for name in call.query:
        if name not in known:
            raise RefusalError(
                400, "BadRequest", f"The query option '{name}' is not supported here."
            )
    for name in sorted(_selected(call) - (properties_of(of) if of else set())):
        raise RefusalError(
            400, "BadRequest", f"Could not find a property named '{name}'."
        )


def select(call: Call, found: dict[str, Any]) -> dict[str, Any]:
    """Return of an answer what ``$select`` asks for."""
    names = _selected(call)
    if not names:
        return found
    return {k: v for k, v in found.items() if k in names | SELECTED_ALWAYS}


def _selected(call: Call) -> set[str]:
    text = call.query.get("$select", "")
    return {name.strip() for name in text.split(",") if name.strip()}


def number(call: Call, name: str, otherwise: int, most: int) -> int:
    """Return a whole number of the query.

    Raises:
        RefusalError: If it is none, or too large.
    """
    text = call.query.get(name, str(otherwise))
    if not text.isdecimal() or not (int(text) or name == "$skip") or int(text) > most:
        raise RefusalError(
            400, "ErrorInvalidUrlQueryFilter", f"The value '{text}' of {name} is wrong."
        )
    return int(text)


def page(call: Call, base: str, found: list[Any], size: int) -> dict[str, Any]:
    """Return one page, with the address of the next one if there is more."""
    skip = number(call, "$skip", 0, 10**9)
    answer: dict[str, Any] = {"value": found[skip : skip + size]}
    if len(found) > skip + size:
        query = urlencode({**call.query, "$skip": skip + size})
        answer["@odata.nextLink"] = f"{base}{call.path}?{query}"
    return answer


def matching(call: Call) -> Callable[[dict[str, Any]], bool]:
    """Return what ``$filter`` and ``$search`` ask of a group.

    Raises:
        RefusalError: If Graph, or this fake of it, cannot do that.
    """
    conditions = [_condition(text) for text in _parts(call.query.get("$filter", ""))]
    if "$search" in call.query:
        if call.headers.get("consistencylevel") != "eventual":
            raise RefusalError(
                400,
                "Request_UnsupportedQuery",
                "Request with $search query parameter only works through MSGraph with "
                "a special request header: 'ConsistencyLevel: eventual'",
            )
        conditions.append(_search(call.query["$search"]))
    return lambda group: all(condition(group) for condition in conditions)


def _parts(text: str) -> Iterable[str]:
    return [part.strip() for part in re.split(r"\s+and\s+", text) if part.strip()]


def _condition(text: str) -> Callable[[dict[str, Any]], bool]:
    if kind := KIND.fullmatch(text):
        return lambda group: kind[2] in group["groupTypes"]
    if text in {"mailEnabled eq true", "securityEnabled eq false"}:
        return lambda _: True
    found = LIKE.fullmatch(text)
    if found:
        name, value = found[2], found[3].replace("''", "'").lower()
        return lambda group: str(group.get(name, "")).lower().startswith(value)
    found = EQUAL.fullmatch(text)
    if found:
        name, value = found[1], found[3].replace("''", "'").lower()
        return lambda group: str(group.get(name, "")).lower() == value
    raise RefusalError(400, "BadRequest", f"Invalid filter clause: {text}")


def _search(text: str) -> Callable[[dict[str, Any]], bool]:
    found = SEARCH.fullmatch(text)
    if not found:
        raise RefusalError(400, "BadRequest", f"Syntax error in $search: {text}")
    name, words = found[1], found[2].lower().split()
    return lambda group: all(w in str(group.get(name, "")).lower() for w in words)
