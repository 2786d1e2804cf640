"""Calendar v3: who may call what, and what answers it."""

from collections.abc import Callable
from typing import Any

from tests.support.google import calendar_list, events
from tests.support.google.calendars import Calendar
from tests.support.google.discovery import (
    Method,
    answer_problems,
    method_of,
    request_problems,
)
from tests.support.google.fields import chosen, read_mask
from tests.support.google.free_busy import answer_free_busy
from tests.support.google.people import Grant
from tests.support.google.state import State
from tests.support.google.wire import RefusalError, not_found
from tests.support.vendor.wire import Call, Reply

OWNED = ("calendar.events.owned", "calendar.app.created")
"""Scopes that reach only calendars the account owns, or this product made."""


def answer(state: State, call: Call) -> Reply:
    """Return the right answer to a call, both held to Google's description."""
    found = method_of(call)
    if found is None:
        return not_found().reply()
    method, ids = found
    try:
        grant = _grant(state, call)
        _check_scope(grant, method)
        wrong = request_problems(method, call)
        state.violations += [f"asked: {method.name}: {it}" for it in wrong]
        reply = _answered(state, call, grant, method, ids)
    except RefusalError as refusal:
        reply = refusal.reply()
    except Exception as error:
        state.violations.append(f"the fake failed: {call.path}: {error!r}")
        raise
    wrong = answer_problems(method, reply)
    state.violations += [f"answered: {method.name}: {it}" for it in wrong]
    if reply.body is not None and reply.status == 200:
        reply.body = chosen(reply.body, read_mask(call.query.get("fields", "*")))
    return reply


def _grant(state: State, call: Call) -> Grant:
    """Return the grant of a call.

    Raises:
        RefusalError: If nobody is signed in.
    """
    token = call.headers.get("authorization", "").removeprefix("Bearer ")
    grant = state.access_tokens.get(token)
    if grant and not grant.is_revoked and grant.expires_at > state.now():
        return grant
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access "
        "token, login cookie or other valid authentication credential."
    )
    raise RefusalError(401, "authError", message, status="UNAUTHENTICATED")


def _check_scope(grant: Grant, method: Method) -> None:
    if not method.scopes.isdisjoint(grant.scopes):
        return
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "calendar-json.googleapis.com", "method": method.name},
    }
    raise RefusalError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        status="PERMISSION_DENIED",
        details=[info],
    )


def _answered(
    state: State, call: Call, grant: Grant, method: Method, ids: dict[str, str]
) -> Reply:
    if method.name == "freebusy.query":
        return answer_free_busy(state, call, grant)
    if method.name == "calendarList.list":
        return calendar_list.list_calendars(state, call, grant)
    if method.name == "calendarList.get":
        return calendar_list.get_listed(state, call, grant, ids["calendarId"])
    if method.name == "calendars.insert":
        return calendar_list.insert_calendar(state, call, grant)
    respond = ABOUT_EVENTS.get(method.name)
    if respond is None:
        raise not_found()
    calendar = _visible(state, grant, method, ids["calendarId"])
    return respond(state, call, calendar, ids.get("eventId", ""), grant)


def _visible(state: State, grant: Grant, method: Method, name: str) -> Calendar:
    """Return a calendar the account may use so.

    Raises:
        RefusalError: If it is not there for this account, or may only be read.
    """
    email = grant.person.email
    calendar = state.calendar(email if name == "primary" else name)
    role = calendar.role(email) if calendar else ""
    narrow = {scope.rsplit("/", 1)[-1] for scope in method.scopes & set(grant.scopes)}
    is_narrow = narrow.issubset(OWNED)
    if calendar is None or not role or (is_narrow and role != "owner"):
        raise not_found()
    if method.verb != "GET" and role not in events.WRITABLE:
        message = "You need to have writer access to this calendar."
        raise RefusalError(403, "requiredAccessLevel", message, "calendar")
    return calendar


ABOUT_EVENTS: dict[str, Callable[..., Any]] = {
    "events.list": lambda s, call, on, _, __: events.list_events(s, call, on),
    "events.get": lambda s, call, on, name, _: events.get_event(s, call, on, name),
    "events.insert": lambda s, call, on, _, by: events.insert_event(s, call, on, by),
    "events.patch": events.patch_event,
    "events.delete": lambda s, call, on, name, _: events.delete_event(
        s, call, on, name
    ),
}
