"""Microsoft's own types, as JSON Schema.

``graph-schema.json`` is made of its TypeScript by ``regenerate.py``.
"""

import json
import re
from functools import cache
from typing import Any

from jsonschema_rs import Draft7Validator

from tests.support.microsoft.node_tools import SCHEMA

Schema = dict[str, Any]
MADE: Schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
ANNOTATION = re.compile(r"@odata\.|@microsoft\.graph\.")


def type_of(name: str) -> Schema:
    """Return the schema of a type, by its name in ``held.ts``."""
    return dict(MADE["types"][name])


def properties_of(name: str) -> set[str]:
    """Return the names of all properties of a type."""
    definition = type_of(name)["$ref"].rsplit("/", 1)[-1]
    return set(MADE["definitions"][definition]["properties"])


def problems(schema: Schema, body: Any) -> list[str]:
    """Return what is wrong with a body, as sentences."""
    found = _validator(json.dumps(schema)).iter_errors(_plain(body))
    return [
        f"{_path(error.instance_path)}: {_shortened(error.message)}" for error in found
    ]


@cache
def _validator(text: str) -> Draft7Validator:
    return Draft7Validator({**json.loads(text), "definitions": MADE["definitions"]})


def _path(parts: list[str | int]) -> str:
    return "/".join(["", *map(str, parts)]) or "/"


def _shortened(text: str) -> str:
    return text if len(text) < 300 else f"{text[:140]} … {text[-140:]}"


def _plain(body: Any) -> Any:
    """Return a body without annotations, which OData allows anywhere."""
    if isinstance(body, list):
        return [_plain(item) for item in body]
    if not isinstance(body, dict):
        return body
    return {k: _plain(v) for k, v in body.items() if not ANNOTATION.search(k)}
