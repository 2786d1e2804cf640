"""Convert validation errors to sentences for fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from invo_booking.texts import say

WHOLE = "request"
"""Name of the field that means the request itself."""

_SENTENCES = {
    "missing": "api.sentences.fill",
    "string_type": "api.sentences.write_text",
    "string_unicode": "api.sentences.leave_out_characters_cannot",
    "string_too_long": "api.sentences.write_less",
    "string_too_short": "api.sentences.fill",
    "string_pattern_mismatch": "api.sentences.not_look_right",
    "extra_forbidden": "api.sentences.leave_out_what_not",
    "uuid_parsing": "api.sentences.choose_those_offer",
    "uuid_type": "api.sentences.choose_those_offer",
    "enum": "api.sentences.choose_those_offer",
    "int_type": "api.sentences.write_whole_number",
    "int_parsing": "api.sentences.write_whole_number",
    "greater_than_equal": "api.sentences.write_larger_number",
    "less_than_equal": "api.sentences.write_smaller_number",
    "bool_type": "api.sentences.write_true_false",
    "bool_parsing": "api.sentences.write_true_false",
    "model_attributes_type": "api.sentences.send_json_object_application",
}
_A_BOUND = "api.sentences.write_date_2026_11"
_OF_FIELDS = {
    "from": _A_BOUND,
    "to": _A_BOUND,
    "idempotency-key": "api.sentences.send_idempotency_key_header",
}
_OTHERWISE = "api.sentences.cannot_used"


def field_errors(problems: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return one sentence for each invalid field: the first one found.

    Never repeats sent data: no values, and only names of our own fields.
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
