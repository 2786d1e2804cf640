"""Define the links between operations in the OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

Operation = dict[str, Any]

_VISIT = "/api/v1/appointments/{token}"
_STAFF = "/api/v1/staff/appointments/{appointment_id}"
_PROGRAM = "/api/v1/program/appointments/{appointment_id}"
_ADMIN = "/api/v1/admin"

_BY_TOKEN = {"token": "$response.body#/token"}
_SAME_TOKEN = {"token": "$request.path.token"}
_BY_ID = {"appointment_id": "$response.body#/id"}
_FIRST_ID = {"appointment_id": "$response.body#/0/id"}
_SAME_ID = {"appointment_id": "$request.path.appointment_id"}

Step = tuple[str, str, Mapping[str, str]]
"""An operation that a link leads to: method, path, and expressions for its parameters.
"""

_OF_VISIT = (
    ("get", ""),
    ("post", "/confirm"),
    ("post", "/reschedule"),
    ("post", "/cancel"),
    ("post", "/send-again"),
    ("post", "/address"),
    ("post", "/join"),
    ("post", "/running-late"),
    ("delete", "/running-late"),
    ("get", "/calendar.ics"),
)
_OF_STAFF = (
    ("get", ""),
    ("patch", ""),
    ("delete", ""),
    ("get", "/openings"),
    ("post", "/assign"),
    ("post", "/take"),
    ("post", "/keep-waiting"),
    ("post", "/send-confirmation"),
)
_OF_PROGRAM = (("get", ""), ("post", "/reschedule"), ("post", "/cancel"))


def _link_steps(
    base: str, ways: tuple[tuple[str, str], ...], parameters: Mapping[str, str]
) -> list[Step]:
    return [(method, f"{base}{rest}", parameters) for method, rest in ways]


_LEADS: Mapping[tuple[str, str], list[Step]] = {
    ("post", "/api/v1/appointments"): [
        *_link_steps(_VISIT, _OF_VISIT, _BY_TOKEN),
        *_link_steps(_PROGRAM, _OF_PROGRAM, _BY_ID),
        *_link_steps(_STAFF, _OF_STAFF, _BY_ID),
    ],
    ("get", _VISIT): _link_steps(_VISIT, _OF_VISIT[1:], _SAME_TOKEN),
    ("post", f"{_VISIT}/reschedule"): _link_steps(_VISIT, _OF_VISIT, _SAME_TOKEN),
    ("get", "/api/v1/answers"): [
        ("get", "/api/v1/slots", {"answer": "$response.body#/answers/0/id"})
    ],
    ("get", "/api/v1/program/appointments"): _link_steps(
        _PROGRAM, _OF_PROGRAM, _FIRST_ID
    ),
    ("get", _PROGRAM): _link_steps(_PROGRAM, _OF_PROGRAM[1:], _SAME_ID),
    ("post", "/api/v1/staff/appointments"): _link_steps(_STAFF, _OF_STAFF, _BY_ID),
    ("get", _STAFF): _link_steps(_STAFF, _OF_STAFF[1:], _SAME_ID),
    ("patch", _STAFF): _link_steps(_STAFF, _OF_STAFF, _SAME_ID),
    ("get", "/api/v1/staff/unplaced"): _link_steps(_STAFF, _OF_STAFF, _FIRST_ID),
}
"""Operations that may follow a successful response, by the method and path of the
request."""


def operation_links_of(
    document: Mapping[str, Any],
) -> Iterator[tuple[Operation, str, dict[str, Any]]]:
    """Yield each operation with links, the status of its success, and the links."""
    paths = document["paths"]
    for (method, path), steps in _LEADS.items():
        operation = paths[path][method]
        status = next(it for it in operation["responses"] if it.startswith("2"))
        yield operation, status, dict(_link_of(paths, step) for step in steps)


def _link_of(
    paths: Mapping[str, Mapping[str, Operation]], step: Step
) -> tuple[str, dict[str, Any]]:
    method, path, parameters = step
    target = paths[path][method]["operationId"]
    return target, {"operationId": target, "parameters": dict(parameters)}
