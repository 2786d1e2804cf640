"""Requests and answers held to Microsoft's own types.

What Microsoft publishes no type of (actions, lists) is composed of those it does, as
the documentation words it.
"""

import re

from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.schedule import DOCUMENTED_MAILBOXES
from tests.support.microsoft.vendor_types import Schema, problems, type_of
from tests.support.microsoft.wire import RefusalError
from tests.support.vendor.wire import Call, Reply

SUCCESS = range(200, 300)


def _thing(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _list_of(schema: Schema) -> Schema:
    return _thing({"value": {"type": "array", "items": schema}}, "value")


TEXT: Schema = {"type": "string"}
EVENT, GROUP = type_of("event"), type_of("group")
CREATED_EVENT: Schema = {"allOf": [EVENT, {"required": ["start", "end", "subject"]}]}
REMOVED: Schema = _thing(
    {"@removed": _thing({"reason": {"enum": ["deleted"]}}, "reason"), "id": TEXT},
    "@removed",
    "id",
)
CHANGED_EVENT: Schema = {"anyOf": [REMOVED, EVENT]}
MAILBOX = r"/(groups/[^/]+|me)"
SCHEDULE_QUESTION = _thing(
    {
        "schedules": {
            "type": "array",
            "items": {**TEXT, "minLength": 3},
            "minItems": 1,
            "maxItems": DOCUMENTED_MAILBOXES,
        },
        "startTime": type_of("zonedTime"),
        "endTime": type_of("zonedTime"),
        "availabilityViewInterval": {"type": "integer", "minimum": 5, "maximum": 1440},
    },
    "schedules",
    "startTime",
    "endTime",
)
ERROR = _thing(
    {
        "error": {
            "type": "object",
            "properties": {"code": TEXT, "message": TEXT},
            "required": ["code", "message"],
        }
    },
    "error",
)
METHOD: Schema = {"enum": ["GET", "POST", "PATCH", "PUT", "DELETE"]}
IN_BATCH: Schema = {
    **_thing(
        {
            "id": TEXT,
            "method": METHOD,
            "url": {**TEXT, "pattern": "^/"},
            "headers": {"type": "object"},
            "body": {},
            "dependsOn": {"type": "array", "items": TEXT},
        },
        "id",
        "method",
        "url",
    ),
    "dependencies": {
        "body": {
            "required": ["headers"],
            "properties": {"headers": {"required": ["Content-Type"]}},
        }
    },
}
BATCH = _thing(
    {"requests": {"type": "array", "items": IN_BATCH, "minItems": 1, "maxItems": 20}},
    "requests",
)
QUESTIONS: tuple[tuple[str, str, Schema], ...] = (
    ("POST", r"/.+/calendar/getSchedule", SCHEDULE_QUESTION),
    ("POST", rf"{MAILBOX}(/calendar)?/events", CREATED_EVENT),
    ("PATCH", rf"{MAILBOX}(/calendar)?/events/[^/]+", EVENT),
    ("POST", r"/\$batch", BATCH),
    ("POST", r"/groups", GROUP),
    ("PATCH", r"/groups/[^/]+", GROUP),
)
ANSWERS: tuple[tuple[str, str, Schema], ...] = (
    ("POST", r"/.+/calendar/getSchedule", _list_of(type_of("schedule"))),
    ("GET", r"/me", type_of("user")),
    ("GET", r"/organization", _list_of(type_of("organization"))),
    ("GET", r"/me/calendars", _list_of(type_of("calendar"))),
    ("GET", r"/(me|groups/[^/]+)/calendar", type_of("calendar")),
    ("GET", r"/.+/calendarView", _list_of(EVENT)),
    ("GET", r"/me(/calendar)?/calendarView/delta", _list_of(CHANGED_EVENT)),
    ("GET", r"/groups/[^/]+(/calendar)?/events", _list_of(EVENT)),
    ("*", rf"{MAILBOX}(/calendar)?/events(/[^/]+)?", EVENT),
    ("GET", r"/groups/[^/]+/(owners|members)", _list_of(type_of("user"))),
    ("GET", r"/(groups|me/\w+/microsoft\.graph\.group)", _list_of(GROUP)),
    ("*", r"/groups(/[^/]+)?", GROUP),
)


def check_request(outlook: Outlook, call: Call) -> None:
    """Note what Microsoft's types forbid in a request.

    Raises:
        RefusalError: As Graph refuses a body it cannot read.
    """
    schema = _find(QUESTIONS, call)
    if call.method == "GET" or schema is None:
        wrong = [] if call.body is None else ["nothing may be sent with it"]
    else:
        wrong = problems(schema, call.body)
    for sentence in wrong:
        outlook.violations.append(f"asked: {call.method} {call.path}: {sentence}")
    if any("Additional properties" in sentence for sentence in wrong):
        raise RefusalError(400, "RequestBodyRead", wrong[0])


def check_answer(outlook: Outlook, call: Call, reply: Reply) -> None:
    """Note what Microsoft's types forbid in an answer of ours."""
    schema = answer_type(call) if reply.status in SUCCESS else ERROR
    if reply.status == 204:
        wrong = [] if reply.body is None else ["204 has no body"]
    elif schema is None:
        wrong = ["no type is known for it"]
    else:
        wrong = problems(schema, reply.body)
    for sentence in wrong:
        outlook.violations.append(f"answered: {call.method} {call.path}: {sentence}")


def answer_type(call: Call) -> Schema | None:
    """Return what a successful answer to a call must be, if it has one."""
    return _find(ANSWERS, call)


def _find(known: tuple[tuple[str, str, Schema], ...], call: Call) -> Schema | None:
    for method, path, schema in known:
        if method in {"*", call.method} and re.fullmatch(path, call.path):
            return schema
    return None
