"""Every route of the API, and a request that each would understand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from invo_booking.api.core.policy import RoutePolicy
from invo_booking.domain.access.scopes import TokenScope
from tests.matrix.crew import Crew, Visitor

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
PICTURE = b"\x89PNG\r\n\x1a\n and then nothing"
A_WEEK = timedelta(days=7)
LONGEST = 5
"""Levels of a schema that are filled in; a deeper one stays empty."""


@dataclass(frozen=True)
class Route:
    """A method of an address.

    Attributes:
        policy: As declared; ``None`` if nothing, or more than one, is.
        operation: What OpenAPI says of it; empty for pages meant for people.
    """

    method: str
    path: str
    policy: RoutePolicy | None
    operation: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def admits(self, visitor: Visitor) -> bool:
        """Whether the declared policy lets a visitor call it."""
        if self.policy in {RoutePolicy.PUBLIC, RoutePolicy.LINK, RoutePolicy.OPERATOR}:
            return True
        if self.policy is RoutePolicy.PROGRAM or visitor.is_program:
            is_right_kind = self.policy is RoutePolicy.PROGRAM and visitor.is_program
            return is_right_kind and self._is_within_scope(visitor)
        if self.policy in {RoutePolicy.ADMIN, RoutePolicy.BROWSER_ADMIN}:
            is_right_role = visitor.administers
        else:
            is_right_role = bool(visitor.roles)
        return is_right_role and self._is_within_scope(visitor)

    def _is_within_scope(self, visitor: Visitor) -> bool:
        if visitor.scope is None:
            return True
        if self.policy in {RoutePolicy.BROWSER, RoutePolicy.BROWSER_ADMIN}:
            return False
        needed = TokenScope.READ if self.method in {"GET", "HEAD"} else TokenScope.WRITE
        needed = TokenScope.ADMIN if self.policy is RoutePolicy.ADMIN else needed
        return visitor.scope.includes(needed)


@dataclass(frozen=True)
class Request:
    """What is sent to a route."""

    path: str
    more: Mapping[str, Any]


class Forms:
    """Makes requests from what OpenAPI says, about things of one bank."""

    def __init__(self, app: FastAPI, crew: Crew) -> None:
        self._schemas = app.openapi()["components"]["schemas"]
        self._crew = crew

    def plausible(self, route: Route) -> Request:
        """Return a request with every part the route knows."""
        given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
        for it in route.operation.get("parameters", ()):
            value = self._named(it["name"], it["schema"])
            if value is not None:
                given[it["in"]][it["name"]] = value
        path = route.path.format_map(_Holes(given["path"]))
        return Request(path, {"params": given["query"], **self._body(route)})

    def empty(self, route: Route) -> Request:
        """Return a request with nothing but an address."""
        parameters = route.operation.get("parameters", ())
        ids = {
            it["name"]: self._named(it["name"], it["schema"])
            for it in parameters
            if it["in"] == "path"
        }
        return Request(route.path.format_map(_Holes(ids)), {})

    def _body(self, route: Route) -> dict[str, Any]:
        content = route.operation.get("requestBody", {}).get("content", {})
        if JSON in content:
            return {"json": self._value(content[JSON]["schema"])}
        if FORM in content:
            return {"data": self._value(content[FORM]["schema"])}
        return {"files": {"file": ("logo.png", PICTURE)}} if content else {}

    def _named(self, name: str, schema: Mapping[str, Any]) -> Any:
        known = {
            "appointment_id": self._crew.foreign.id,
            "person_id": self._crew.colleague.id,
            "answer_id": self._crew.bank.answer_id,
            "answer": self._crew.bank.answer_id,
            "queue_id": self._crew.bank.queue_id,
            "queue": self._crew.bank.queue_id,
            "agent": self._crew.colleague.id,
            "token": "x" * 43,
            "key": "time.interval",
            "code": "es",
            "language": "en",
            "from": f"{self._crew.own.starts_at:%Y-%m-%d}",
            "to": f"{self._crew.own.starts_at + A_WEEK:%Y-%m-%d}",
            "start": self._crew.own.starts_at.isoformat(),
            "tz": "America/Chicago",
            "time_zone": "America/Chicago",
            "country": "US",
            "email": "somebody@example.com",
            "phone": "+13125550177",
            "password": "not the password",
            "version": 1,
        }
        found = known.get(name)
        fits = found is not None and not (name == "version" and _is_text(schema))
        return (
            str(found)
            if fits and not isinstance(found, int)
            else (found if fits else self._value(schema))
        )

    def _value(self, schema: Mapping[str, Any], depth: int = 0) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._value(self._schemas[name], depth + 1)
        if "anyOf" in schema:
            return self._value(schema["anyOf"][0], depth)
        if "enum" in schema:
            return schema["enum"][0]
        if "const" in schema:
            return schema["const"]
        return self._plain(schema, depth)

    def _plain(self, schema: Mapping[str, Any], depth: int) -> Any:
        kind = schema.get("type", "object")
        if kind == "object":
            properties = schema.get("properties", {}) if depth < LONGEST else {}
            return {name: self._named(name, it) for name, it in properties.items()}
        if kind == "array":
            return [self._value(schema["items"], depth + 1)]
        if kind in {"integer", "number"}:
            return int(schema.get("minimum", 1))
        return True if kind == "boolean" else self._text(schema)

    def _text(self, schema: Mapping[str, Any]) -> str:
        starts_at = self._crew.own.starts_at
        formats = {
            "uuid": str(self._crew.foreign.id),
            "date-time": starts_at.isoformat(),
            "date": f"{starts_at:%Y-%m-%d}",
            "time": "10:00",
        }
        return formats.get(schema.get("format", ""), "some words")


def routes(app: FastAPI) -> list[Route]:
    """Return every route of an API, those left out of OpenAPI included."""
    paths = app.openapi()["paths"]
    return sorted(
        (
            Route(
                method,
                path,
                _policy(route),
                paths.get(path, {}).get(method.lower(), {}),
            )
            for path, route in _below(app.router)
            for method in route.methods
        ),
        key=lambda route: route.name,
    )


def undeclared(routes: Iterable[Route]) -> list[str]:
    """Return the routes that do not say who may call them."""
    return [route.name for route in routes if route.policy is None]


def call(client: httpx.Client, url: str, who: Visitor, route: Route, wanted: Request):
    """Send a request as somebody; return the answer."""
    return client.request(
        route.method,
        f"{url}{wanted.path}",
        headers=who.headers(url),
        **wanted.more,
    )


class _Holes(dict[str, Any]):
    """Fills whatever a path leaves open."""

    def __missing__(self, key: str) -> str:
        return "1"


def _below(router: APIRouter) -> Iterable[tuple[str, APIRoute]]:
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _below(inner)
        elif isinstance(route, APIRoute):
            yield route.path, route


def _policy(route: APIRoute) -> RoutePolicy | None:
    found = [RoutePolicy(tag) for tag in route.tags if tag in set(RoutePolicy)]
    return found[0] if len(found) == 1 else None


def _is_text(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "string"
