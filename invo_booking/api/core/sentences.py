"""Convert validation errors to sentences for fields."""

from collections.abc import Iterable, Mapping
from typing import Any

WHOLE = "request"
"""Name of the field that means the request itself."""

_SENTENCES = {
    "missing": "Fill this in.",
    "string_type": "Write text here.",
    "string_unicode": "Leave out the characters that cannot be stored.",
    "string_too_long": "Write less here.",
    "string_too_short": "Fill this in.",
    "string_pattern_mismatch": "This does not look right.",
    "extra_forbidden": "Leave out what is not documented.",
    "uuid_parsing": "Choose one of those on offer.",
    "uuid_type": "Choose one of those on offer.",
    "enum": "Choose one of those on offer.",
    "int_type": "Write a whole number.",
    "int_parsing": "Write a whole number.",
    "greater_than_equal": "Write a larger number.",
    "less_than_equal": "Write a smaller number.",
    "bool_type": "Write true or false.",
    "bool_parsing": "Write true or false.",
    "model_attributes_type": "Send a JSON object, as application/json.",
}
_A_BOUND = "Write a date such as 2026-11-24, or a time with its offset."
_OF_FIELDS = {
    "from": _A_BOUND,
    "to": _A_BOUND,
    "idempotency-key": "Send an Idempotency-Key header (8 to 128 letters, digits or "
    "_ . : -) with each form, and the same with each retry.",
}
_OTHERWISE = "This cannot be used."


def field_errors(problems: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return one sentence for each invalid field: the first one found.

    Never repeats sent data: no values, and only names of our own fields.
    """
    fields: dict[str, str] = {}
    for problem in problems:
        name = _field_name(problem)
        fields.setdefault(name, _OF_FIELDS.get(name) or _sentence_of(problem))
    return fields


def _field_name(problem: Mapping[str, Any]) -> str:
    names = [part for part in problem["loc"][1:] if isinstance(part, str)]
    if problem["type"] == "extra_forbidden" or not names:
        return WHOLE
    return names[0].lower()


def _sentence_of(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    return _SENTENCES.get(problem["type"], _OTHERWISE)
