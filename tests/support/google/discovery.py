"""Google's own description of Calendar v3, and what of a call or answer breaks it.

It comes with google-api-python-client.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient
import jsonschema_rs

from tests.support.google.fields import Mask, read_mask
from tests.support.vendor.wire import Call, Reply

DOCUMENT = (
    Path(googleapiclient.__file__).parent
    / "discovery_cache"
    / "documents"
    / "calendar.v3.json"
)
KEPT = {"type", "properties", "items", "additionalProperties", "enum", "$ref"}
SUCCESS = range(200, 300)
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "errors"],
            "properties": {
                "errors": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["domain", "reason", "message"],
                    },
                }
            },
        }
    },
}
"""As the guide on errors shows it; the discovery document describes none."""


@dataclass(frozen=True)
class Method:
    """One method of the API.

    Attributes:
        path: Matches its addresses, with a group for each id.
        names: Of the ids, in order.
    """

    name: str
    verb: str
    path: re.Pattern[str]
    names: tuple[str, ...]
    scopes: frozenset[str]
    parameters: dict[str, Any]
    request: str
    response: str


@cache
def document() -> dict[str, Any]:
    """Return the discovery document."""
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))


@cache
def methods() -> tuple[Method, ...]:
    """Return every method, those with a fixed address first."""
    found = [
        _method(f"{name}.{verb}", described)
        for name, resource in document()["resources"].items()
        for verb, described in resource["methods"].items()
    ]
    return tuple(sorted(found, key=lambda it: len(it.names)))


def method_of(call: Call) -> tuple[Method, dict[str, str]] | None:
    """Return what a call asks for, and the ids in its address."""
    for method in methods():
        match = method.path.fullmatch(call.path)
        if match and method.verb == call.method:
            return method, dict(zip(method.names, match.groups(), strict=True))
    return None


def request_problems(method: Method, call: Call) -> list[str]:
    """Return what of a call Google's description does not allow."""
    known = {**document()["parameters"], **method.parameters}
    wrong = [f"no parameter {name}" for name in call.query if name not in known]
    wrong += [
        f"{name}={value} is none of its values"
        for name, value in call.query.items()
        if name in known and not _is_value(value, known[name])
    ]
    wrong += _mask_problems(call.query.get("fields", ""), method.response)
    if method.request:
        body = _without_nulls(call.body) if call.method == "PATCH" else call.body
        wrong += _problems(method.request, body)
    elif call.body is not None:
        wrong.append("nothing may be sent with it")
    return wrong


def answer_problems(method: Method, reply: Reply) -> list[str]:
    """Return what of an answer of ours Google's description does not allow."""
    if reply.status not in SUCCESS:
        return _schema_problems(ERROR, reply.body)
    if not method.response:
        return [] if reply.body is None else ["nothing is answered to it"]
    return _problems(method.response, reply.body)


def _method(name: str, described: dict[str, Any]) -> Method:
    path = described["path"]
    return Method(
        name=name,
        verb=described["httpMethod"],
        path=re.compile("/" + re.sub(r"\{\w+\}", "([^/]+)", path)),
        names=tuple(re.findall(r"\{(\w+)\}", path)),
        scopes=frozenset(described.get("scopes", ())),
        parameters=described.get("parameters", {}),
        request=described.get("request", {}).get("$ref", ""),
        response=described.get("response", {}).get("$ref", ""),
    )


def _is_value(text: str, parameter: dict[str, Any]) -> bool:
    kind = parameter.get("type")
    if "enum" in parameter:
        return text in parameter["enum"]
    if kind == "boolean":
        return text in {"true", "false"}
    if kind != "integer":
        return True
    least, most = parameter.get("minimum", "0"), parameter.get("maximum", "1e9")
    return text.isdecimal() and float(least) <= int(text) <= float(most)


def _mask_problems(text: str, response: str) -> list[str]:
    if not text:
        return []
    try:
        mask = read_mask(text)
    except (ValueError, IndexError):
        return [f"fields cannot be read: {text}"]
    return [f"no field {it}" for it in _unknown_fields(mask, {"$ref": response})]


def _unknown_fields(mask: Mask, schema: dict[str, Any]) -> list[str]:
    """Return the names in a mask that a type does not have."""
    while "$ref" in schema or schema.get("type") == "array":
        schema = (
            document()["schemas"][schema["$ref"]]
            if "$ref" in schema
            else schema["items"]
        )
    properties = schema.get("properties", {})
    unknown = [name for name in mask if name not in properties]
    for name, inner in mask.items():
        if name in properties and inner:
            unknown += _unknown_fields(inner, properties[name])
    return unknown


def _problems(name: str, value: Any) -> list[str]:
    return [error.message for error in _validator(name).iter_errors(value)]


def _without_nulls(value: Any) -> Any:
    """Return a change without what it takes away."""
    if not isinstance(value, dict):
        return value
    return {name: _without_nulls(it) for name, it in value.items() if it is not None}


def _schema_problems(schema: dict[str, Any], value: Any) -> list[str]:
    found = jsonschema_rs.validator_for(schema).iter_errors(value)
    return [error.message for error in found]


@cache
def _validator(name: str) -> Any:
    types = {key: _plain(it) for key, it in document()["schemas"].items()}
    return jsonschema_rs.validator_for({"$ref": f"#/$defs/{name}", "$defs": types})


def _plain(described: Any) -> Any:
    """Return a type of the discovery document as JSON Schema; nothing may be added."""
    if isinstance(described, list):
        return [_plain(it) for it in described]
    if not isinstance(described, dict):
        return described
    if described.get("type") == "any":
        return {}
    plain = {key: _plain_part(key, it) for key, it in described.items() if key in KEPT}
    if "properties" in plain:
        plain.setdefault("additionalProperties", False)
    return plain


def _plain_part(key: str, value: Any) -> Any:
    if key == "$ref":
        return f"#/$defs/{value}"
    if key == "properties":
        return {name: _plain(it) for name, it in value.items()}
    return _plain(value)
