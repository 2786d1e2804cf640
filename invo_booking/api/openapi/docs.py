"""Show the documentation of the API as one plain page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from invo_booking.api.core.pages import html_page
from invo_booking.api.core.policy import RoutePolicy, policy_router

INTRODUCTION = (
    "Book appointments from any digital channel, and manage them as staff. "
    "Times are RFC 3339 instants with an offset. Refusals are problem documents "
    "(RFC 9457) with a stable `code` and a sentence fit to show to a person."
)

router = policy_router(RoutePolicy.PUBLIC, "/api/v1")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A parameter of an operation, or a member of its body."""

    name: str
    place: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """One operation of the API: a method and a path."""

    method: str
    path: str
    who: str
    summary: str
    description: str
    fields: tuple[FieldView, ...]
    statuses: tuple[str, ...]


@router.get("/docs", include_in_schema=False)
def show_docs(request: Request) -> HTMLResponse:
    """Show all operations with their policies, parameters and answers."""
    document = request.app.openapi()
    return html_page(
        "docs.html", operations=list(operations(document)), info=INTRODUCTION
    )


def operations(document: Mapping[str, Any]) -> Iterator[OperationView]:
    """Yield the operations of an OpenAPI document, in the document's order."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield OperationView(
                method=method.upper(),
                path=path,
                who=operation["tags"][0],
                summary=operation["summary"],
                description=operation.get("description", ""),
                fields=tuple(_body_fields(operation, document)),
                statuses=tuple(operation["responses"]),
            )


def _body_fields(
    operation: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[FieldView]:
    for parameter in operation.get("parameters", []):
        yield FieldView(
            name=parameter["name"],
            place=parameter["in"],
            kind=_kind_of(parameter["schema"]),
            required=parameter["required"],
        )
    content = operation.get("requestBody", {}).get("content", {})
    for media in content.values():
        yield from _schema_members(_resolve_schema(media["schema"], document))


def _schema_members(schema: Mapping[str, Any]) -> Iterator[FieldView]:
    for name, member in schema.get("properties", {}).items():
        required = name in schema.get("required", [])
        yield FieldView(
            name=name, place="body", kind=_kind_of(member), required=required
        )


def _resolve_schema(
    schema: Mapping[str, Any], document: Mapping[str, Any]
) -> Mapping[str, Any]:
    for part in (schema, *schema.get("anyOf", [])):
        if "$ref" in part:
            return document["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]]
    return schema


def _kind_of(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(map(_kind_of, schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    return str(schema.get("format") or schema.get("type") or "any")
