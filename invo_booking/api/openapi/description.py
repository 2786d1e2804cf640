"""Add policies, errors and links to the OpenAPI document."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from invo_booking.api.core.policy import RoutePolicy
from invo_booking.api.core.problem import MEDIA_TYPE, STATUSES
from invo_booking.api.openapi.links import operation_links_of
from invo_booking.domain.access.scopes import TokenScope

Document = dict[str, Any]
Node = Mapping[str, Any]

_TEXT: Node = {"type": "string"}
_INSTANT: Node = {"type": "string", "format": "date-time"}
_LIST: Node = {"type": "array", "items": {"type": "object"}}
_PROBLEM: Node = {
    "type": "object",
    "description": "Why something was refused (RFC 9457). `code` never changes, "
    "`detail` is fit to show to a person.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": _TEXT,
        "detail": _TEXT,
    },
}
_MEMBERS: Mapping[int, Node] = {
    409: {
        "nearest": _LIST,
        "reason": _TEXT,
        "appointments": _LIST,
        "changed": _LIST,
        "current": {"type": "object"},
    },
    422: {"errors": {"type": "object", "additionalProperties": _TEXT}},
    429: {
        "challenge": _TEXT,
        "difficulty": {"type": "integer", "minimum": 1},
        "expires_at": _INSTANT,
    },
    500: {"id": _TEXT},
    503: {"id": _TEXT},
}
"""Schemas of the extension members of problem documents, by HTTP status."""

_OTHER_CODES: Mapping[int, tuple[str, ...]] = {
    400: ("malformed",),
    405: ("method_not_allowed",),
    413: ("too_large",),
    414: ("address_too_long",),
    431: ("headers_too_large",),
    500: ("internal",),
    503: ("unavailable",),
}
_ALWAYS = (414, 422, 429, 431, 500, 503)
_WITH_BODY = (400, 413)
_OF_POLICY: Mapping[RoutePolicy, tuple[int, ...]] = {
    RoutePolicy.PUBLIC: (403,),
    RoutePolicy.LINK: (403, 404, 409, 410),
    RoutePolicy.STAFF: (401, 403, 404),
    RoutePolicy.ADMIN: (401, 403, 404),
    RoutePolicy.BROWSER: (401, 403, 404),
    RoutePolicy.BROWSER_ADMIN: (401, 403, 404),
    RoutePolicy.PROGRAM: (401, 403, 404, 410),
    RoutePolicy.OPERATOR: (404,),
}
_FORMS = "/session/"
"""Prefix of the paths of HTML forms, which get pages as responses."""

_CONSEQUENCES = "/switch"
"""Suffix of the paths that show what a switch would change. If the switch would change
nothing, these paths refuse the request.
"""

_OFFERS_PROGRAM = "request_appointment"
SESSION, TOKEN, PROGRAM = "session", "token", "program"


def describe_api(app: FastAPI, cookie: str) -> None:
    """Make ``app`` add sign-in, errors and links to its OpenAPI document.

    Args:
        app: The complete application.
        cookie: Name of the session cookie.
    """
    plain = app.openapi

    def openapi() -> Document:
        if app.openapi_schema is None:
            _complete_document(plain(), cookie)
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's pages advise


def _complete_document(document: Document, cookie: str) -> None:
    parts = document["components"]
    parts["securitySchemes"] = _security_schemes(cookie)
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    parts["schemas"]["Problem"] = _PROBLEM
    parts["responses"] = {
        f"Problem{it}": _problem_schema(it) for it in _statuses_of_all()
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "tags" in operation:  # routes without a policy stay as they are
                _complete_operation(method, path, operation)
    for leading, status, links in operation_links_of(document):
        leading["responses"][status]["links"] = links


def _complete_operation(method: str, path: str, operation: Document) -> None:
    policy = RoutePolicy(operation["tags"][0])
    operation["responses"].pop("422", None)  # FastAPI's own schema of errors
    _take_null_out(operation)
    if path.startswith(_FORMS):
        _describe_pages(operation)
    operation["security"] = _security_of(policy, method, operation)
    refusals = _refusal_statuses(policy, method, path, operation)
    operation["responses"] |= {str(it): _link_object(it) for it in sorted(refusals)}


def _take_null_out(operation: Document) -> None:
    """Remove ``null`` from the types of parameters: a query cannot contain it."""
    for parameter in operation.get("parameters", ()):
        ways = parameter["schema"].get("anyOf", [])
        types = [way for way in ways if way != {"type": "null"}]
        if len(types) == 1:
            del parameter["schema"]["anyOf"]
            parameter["schema"] |= types[0]


def _describe_pages(operation: Document) -> None:
    """Document that a form answers with a redirect or an error page."""
    operation["responses"].setdefault("303", {"description": "Go on at `Location`."})
    operation["responses"]["422"] = {
        "description": "What is wrong, as a page or as a problem.",
        "content": {
            "text/html": {"schema": {"type": "string"}},
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    }


def _security_schemes(cookie: str) -> Document:
    return {
        SESSION: {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "A browser's session. What is not GET or HEAD must come "
            "from our own pages: with our own `Origin`.",
        },
        TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that a person made under Profile. Roles named here "
            "are the scope it needs: `read`, `write` or `admin`, each including those "
            "before it. It can do what its owner may, never what makes credentials.",
        },
        PROGRAM: {
            "type": "http",
            "scheme": "bearer",
            "description": "A program's token, made by an administrator, of the scope "
            "`read` or `write`.",
        },
    }


def _security_of(policy: RoutePolicy, method: str, operation: Node) -> list[Document]:
    """Return the alternative security requirements of an operation."""
    scope = TokenScope.READ if method in {"get", "head"} else TokenScope.WRITE
    if policy is RoutePolicy.STAFF:
        return [{SESSION: []}, {TOKEN: [scope.value]}]
    if policy is RoutePolicy.ADMIN:
        return [{SESSION: []}, {TOKEN: [TokenScope.ADMIN.value]}]
    if policy in {RoutePolicy.BROWSER, RoutePolicy.BROWSER_ADMIN}:
        return [{SESSION: []}]
    if policy is RoutePolicy.PROGRAM:
        return [{PROGRAM: [scope.value]}]
    if operation["operationId"].startswith(_OFFERS_PROGRAM):
        return [{}, {PROGRAM: [scope.value]}]
    return []


def _refusal_statuses(
    policy: RoutePolicy, method: str, path: str, operation: Node
) -> set[int]:
    statuses = {*_ALWAYS, *_OF_POLICY[policy]}
    if "requestBody" in operation:
        statuses |= set(_WITH_BODY)
    may_conflict = method != "get" or path.endswith(_CONSEQUENCES)
    if may_conflict and policy is not RoutePolicy.OPERATOR:
        statuses |= {404, 409}
    if "{" in path or operation.get("parameters"):
        statuses.add(404)
    if operation["operationId"].startswith(_OFFERS_PROGRAM):
        statuses.add(401)
    return statuses - {int(it) for it in operation["responses"] if it.isdigit()}


def _statuses_of_all() -> Iterable[int]:
    return sorted({*_codes_by_status(), *_OTHER_CODES})


def _codes_by_status() -> dict[int, list[str]]:
    codes: dict[int, list[str]] = {}
    for code, status in STATUSES.items():
        codes.setdefault(int(status), []).append(code)
    return codes


def _problem_schema(status: int) -> Document:
    codes = sorted({*_codes_by_status().get(status, ()), *_OTHER_CODES.get(status, ())})
    own = {
        "status": {"const": status},
        "code": {"enum": codes},
        **_MEMBERS.get(status, {}),
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}.",
        "content": {MEDIA_TYPE: {"schema": {"allOf": [schema, {"properties": own}]}}},
    }


def _link_object(status: int) -> Document:
    return {"$ref": f"#/components/responses/Problem{status}"}
