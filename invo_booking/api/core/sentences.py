"""Convert validation errors to one message for each field."""

from collections.abc import Iterable, Mapping
from typing import Any

from invo_booking.texts import say

WHOLE = "request"
"""Name under which errors of the request as a whole are listed."""

_SENTENCES = {
    "missing": "api.sentences.fill",
    "string_type": "api.sentences.text",
    "string_unicode": "api.sentences.characters",
    "string_too_long": "api.sentences.too_long",
    "string_too_short": "api.sentences.fill",
    "string_pattern_mismatch": "api.sentences.pattern",
    "extra_forbidden": "api.sentences.unknown_field",
    "uuid_parsing": "api.sentences.choice",
    "uuid_type": "api.sentences.choice",
    "enum": "api.sentences.choice",
    "int_type": "api.sentences.whole_number",
    "int_parsing": "api.sentences.whole_number",
    "greater_than_equal": "api.sentences.too_small",
    "less_than_equal": "api.sentences.too_large",
    "bool_type": "api.sentences.boolean",
    "bool_parsing": "api.sentences.boolean",
    "model_attributes_type": "api.sentences.object",
}
_A_BOUND = "api.sentences.date"
_OF_FIELDS = {
    "from": _A_BOUND,
    "to": _A_BOUND,
    "idempotency-key": "api.sentences.idempotency_key",
}
_OTHERWISE = "api.sentences.invalid"


def field_errors(problems: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the message of the first error for each invalid field.

    The messages do not quote the values that were sent, and name only our own fields.
    """
    fields: dict[str, str] = {}
    for problem in problems:
        name = _field_name(problem)
        known = _OF_FIELDS.get(name)
        fields.setdefault(name, say(known) if known else _sentence_of(problem))
    return fields


def _field_name(problem: Mapping[str, Any]) -> str:
    names = [part for part in problem["loc"][1:] if isinstance(part, str)]
    if problem["type"] == "extra_forbidden" or not names:
        return WHOLE
    return names[0].lower()


def _sentence_of(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    return say(_SENTENCES.get(problem["type"], _OTHERWISE))
