"""Partial answers: the parameter ``fields``.

Source:
    developers.google.com/workspace/calendar/api/guides/performance#partial
"""

import re
from typing import Any

Mask = dict[str, Any]
"""Names of fields, each with what is wanted of it; an empty one is all of it."""

TOKEN = re.compile(r"[\w*]+|[(),/]")


def read_mask(text: str) -> Mask:
    """Return what is asked for.

    Raises:
        ValueError: If it is malformed.
    """
    tokens = TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        raise ValueError(text)
    mask = _names(tokens)
    if tokens:
        raise ValueError(text)
    return mask


def _names(tokens: list[str]) -> Mask:
    """Take a list of names off the front of the tokens."""
    mask: Mask = {}
    while True:
        inner = mask.setdefault(tokens.pop(0), {})
        while tokens and tokens[0] == "/":
            tokens.pop(0)
            inner = inner.setdefault(tokens.pop(0), {})
        if tokens and tokens[0] == "(":
            tokens.pop(0)
            inner.update(_names(tokens))
            if tokens.pop(0) != ")":
                raise ValueError("no )")
        if not tokens or tokens[0] != ",":
            return mask
        tokens.pop(0)


def chosen(value: Any, mask: Mask) -> Any:
    """Return what a mask leaves of a value."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [chosen(it, mask) for it in value]
    if not isinstance(value, dict):
        return value
    return {name: chosen(it, mask[name]) for name, it in value.items() if name in mask}
