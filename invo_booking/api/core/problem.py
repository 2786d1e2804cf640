"""Convert errors to RFC 9457 problem documents with a stable ``code``."""

import json
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking import bootstrap
from invo_booking.api.core.instants import instant_in_json
from invo_booking.api.core.pages import LINKS, is_read_by_a_person, refusal_page
from invo_booking.api.core.sentences import field_errors
from invo_booking.api.core.set_up_first import set_up_response
from invo_booking.api.openapi.methods import (
    is_path_without_parameters,
    methods_of_route,
)
from invo_booking.domain.access.caller import REQUEST_ID
from invo_booking.domain.access.proof_of_work import Challenge
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.calendars.provider_errors import ThrottledError
from invo_booking.domain.errors import (
    AppointmentChangedError,
    ChangedMeanwhile,
    InvalidInputError,
    InvoError,
    MailTemporaryError,
    NotSetUpError,
    NotSignedInError,
    ProofOfWorkRequiredError,
    SettingChangedError,
    SlotClosedError,
    SlotTakenError,
    TooManyRequestsError,
)
from invo_booking.domain.interval import Interval
from invo_booking.texts import page_language, say
from invo_booking.usecases.admin.affected import (
    AffectedAppointment,
    AffectedAppointmentsError,
)

MEDIA_TYPE = "application/problem+json"
STATUSES: Mapping[str, HTTPStatus] = {
    "invalid_input": HTTPStatus.UNPROCESSABLE_ENTITY,
    "not_signed_in": HTTPStatus.UNAUTHORIZED,
    "not_allowed": HTTPStatus.FORBIDDEN,
    "proof_needed": HTTPStatus.FORBIDDEN,
    "cross_site": HTTPStatus.FORBIDDEN,
    "public_scheduling_off": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "not_set_up": HTTPStatus.SERVICE_UNAVAILABLE,
    "slot_taken": HTTPStatus.CONFLICT,
    "slot_closed": HTTPStatus.CONFLICT,
    "no_room": HTTPStatus.CONFLICT,
    "limit_reached": HTTPStatus.CONFLICT,
    "customer_busy": HTTPStatus.CONFLICT,
    "conflict": HTTPStatus.CONFLICT,
    AffectedAppointmentsError.code: HTTPStatus.CONFLICT,
    "idempotency_mismatch": HTTPStatus.CONFLICT,
    "gone": HTTPStatus.GONE,
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "proof_of_work_required": HTTPStatus.TOO_MANY_REQUESTS,
    "mail_later": HTTPStatus.SERVICE_UNAVAILABLE,
    "mail_refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "refused": HTTPStatus.CONFLICT,
    "sign_in_again": HTTPStatus.CONFLICT,
    "provider": HTTPStatus.CONFLICT,
    "provider_reconnect": HTTPStatus.CONFLICT,
    "provider_permission": HTTPStatus.CONFLICT,
    "provider_throttled": HTTPStatus.SERVICE_UNAVAILABLE,
    "provider_down": HTTPStatus.SERVICE_UNAVAILABLE,
    "provider_mailbox_unknown": HTTPStatus.CONFLICT,
    "provider_event_gone": HTTPStatus.CONFLICT,
    "provider_event_changed": HTTPStatus.CONFLICT,
    "provider_refused": HTTPStatus.CONFLICT,
    "provider_copy": HTTPStatus.CONFLICT,
}
"""HTTP status of each ``InvoError.code``."""

_HTTP_ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "api.problem.unreadable"),
    404: ("not_found", "api.problem.not_found"),
    405: ("method_not_allowed", "api.problem.method"),
    413: ("too_large", "api.problem.too_large"),
    415: ("not_json", "api.problem.content_type"),
}
_FORMS = ("/session/", LINKS)
"""Prefixes of pages and HTML forms, at which people get pages, not problem
documents."""

_SIGN_IN = "/sign-in?error=ended"

_WIRE = {"queue_id": "queue", "answer_id": "answer", "agent_id": "agent"}
"""Field names in requests that differ from those in use cases."""

_RETRY_SOON = timedelta(seconds=5)
_MOST_FRAMES = 8
_PACKAGE = Path(__file__).parents[2]
_log = structlog.get_logger("invo_booking.api")


class CrossSiteError(InvoError):
    """A browser sent the request on behalf of another site."""

    code = "cross_site"

    def __init__(self) -> None:
        super().__init__(say("api.problem.other_site"))


def problem_response(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """Return a response with a problem document.

    Args:
        status: HTTP status.
        code: Stable error code for programs.
        detail: Message for a person, in the language of the request.
        headers: Further headers, such as ``Retry-After``.
        members: Extension members of the document.
    """
    title = HTTPStatus(status).phrase
    document = {"type": "about:blank", "title": title, "status": status, "code": code}
    return Response(
        json.dumps(document | {"detail": detail} | members),
        status_code=status,
        headers={"content-language": page_language(), **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def refusal_response(error: InvoError) -> Response:
    """Return the problem document for an error of a use case or route."""
    return problem_response(
        STATUSES[error.code],
        error.code,
        str(error),
        headers=_headers(error),
        **_problem_members(error),
    )


def too_many_response(sentence: str, wait: timedelta) -> Response:
    """Return 429 with ``Retry-After`` in whole seconds, at least one."""
    seconds = max(1, ceil(wait.total_seconds()))
    headers = {"retry-after": str(seconds)}
    return problem_response(429, TooManyRequestsError.code, sentence, headers=headers)


def too_large_response() -> Response:
    """Return a response with status 413."""
    return _plain_response(413)


def explain_errors(app: FastAPI) -> None:
    """Make ``app`` respond to errors with problem documents."""
    app.add_exception_handler(InvoError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


class CatchAll:
    """ASGI middleware that answers unexpected errors without details.

    The log gets the type of the error and its location in the code, but neither its
    message nor values.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; after an error, answer 500 with an id for support.

        The status is 503 if the database cannot be reached.
        """
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:  # noqa: BLE001  # the last one to catch it
            response = _unexpected_response(error, scope)
            if not started:
                await response(scope, receive, send)


def _unexpected_response(error: Exception, scope: Scope) -> Response:
    if isinstance(error, DataError):  # such as a NUL that no validation has refused
        return problem_response(422, "invalid_input", say("api.problem.unstorable"))
    error_id = scope.get(REQUEST_ID) or uuid4().hex[:16]
    _log.error("api.unhandled", id=error_id, **_log_facts(error, scope))
    is_away = isinstance(error, OperationalError | InterfaceError | PoolTimeoutError)
    if scope["path"].startswith(_FORMS):
        return _trouble_page(scope["path"], error_id, is_away=is_away)
    if is_away:
        headers = {"retry-after": str(_RETRY_SOON.seconds)}
        sentence = say("api.problem.unavailable")
        return problem_response(
            503, "unavailable", sentence, headers=headers, id=error_id
        )
    sentence = say("api.problem.internal", error_id=error_id)
    return problem_response(500, "internal", sentence, id=error_id)


def _trouble_page(path: str, error_id: str, *, is_away: bool) -> Response:
    """Return a page with what happened and what to do, for a person at a browser."""
    status = 503 if is_away else 500
    page = refusal_page(path, status, say("kit.failure", reference=error_id))
    if is_away:
        page.headers["retry-after"] = str(_RETRY_SOON.seconds)
    return page


def _log_facts(error: Exception, scope: Scope) -> dict[str, str]:
    """Return what to log about an error: no path, no message and no values."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).parents]
    return {
        "error": type(error).__name__,
        "method": scope["method"],
        "route": getattr(scope.get("route"), "path", ""),
        "where": " < ".join(
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in ours[: -_MOST_FRAMES - 1 : -1]
        ),
    }


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvoError)  # noqa: S101  # registered for it alone
    if isinstance(error, NotSetUpError) and request.url.path.startswith(_FORMS):
        return set_up_response(bootstrap.deps().config)
    if isinstance(error, NotSignedInError) and is_read_by_a_person(request.headers):
        return RedirectResponse(_SIGN_IN, status_code=303)
    return refusal_response(error)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # as above
    problems: Sequence[Any] = error.errors()
    if any(p["type"] == "json_invalid" for p in problems):
        return _plain_response(400)
    if any(p["loc"][0] == "path" for p in problems):
        return _address_response(request)
    return refusal_response(InvalidInputError(field_errors(problems)))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # as above
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _method_response(request)
    return _plain_response(error.status_code, error.headers)


def _address_response(request: Request) -> Response:
    """Return 404 for an invalid path parameter; 405 if another route has the path.

    The other route has no path parameters and allows other methods.
    """
    if is_path_without_parameters(request.app, request.url.path):
        return _method_response(request)
    return _plain_response(404)


def _method_response(request: Request) -> Response:
    """Return 405 with the methods of all routes at this path in ``Allow``."""
    return _plain_response(
        405, {"allow": methods_of_route(request.app, request.url.path)}
    )


def _plain_response(status: int, headers: Mapping[str, str] | None = None) -> Response:
    code, key = _HTTP_ERRORS.get(status, _HTTP_ERRORS[400])
    return problem_response(status, code, say(key), headers=headers)


def _headers(error: InvoError) -> dict[str, str]:
    if error.code == "not_signed_in":
        return {"www-authenticate": "Bearer"}
    if isinstance(error, MailTemporaryError | NotSetUpError):
        return {"retry-after": str(_RETRY_SOON.seconds)}
    if isinstance(error, TooManyRequestsError) and error.retry_at:
        return {"retry-after": str(_seconds_until(error.retry_at))}
    if isinstance(error, ThrottledError):
        return {"retry-after": str(max(1, ceil(error.wait.total_seconds())))}
    return {}


def _seconds_until(instant: datetime) -> int:
    return max(1, ceil((instant - bootstrap.now()).total_seconds()))


def _problem_members(error: InvoError) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if isinstance(error, InvalidInputError):
        members["errors"] = {_WIRE.get(k, k): v for k, v in error.fields.items()}
    if isinstance(error, SlotTakenError | SlotClosedError):
        members["nearest"] = [_span_members(span) for span in error.nearest]
    if isinstance(error, SettingChangedError):
        members["changed"] = [_other_value_members(it) for it in error.changed]
    if isinstance(error, AppointmentChangedError):
        members["current"] = _version_members(error.current)
    if isinstance(error, SlotClosedError):
        members["reason"] = error.reason
    if isinstance(error, ProofOfWorkRequiredError):
        members |= _proof_members(error.challenge)
    if isinstance(error, AffectedAppointmentsError):
        members["appointments"] = [_moved_members(it) for it in error.affected]
    return members


def _proof_members(challenge: Challenge) -> dict[str, str | int]:
    return {
        "challenge": challenge.text,
        "difficulty": challenge.bits,
        "expires_at": instant_in_json(challenge.expires_at),
    }


def _moved_members(affected: AffectedAppointment) -> dict[str, str]:
    starts_at = instant_in_json(affected.starts_at)
    members = {
        "id": str(affected.id),
        "starts_at": starts_at,
        "why": affected.why,
        "kept": affected.kept,
        "instead": affected.instead,
        "mail": affected.mail,
    }
    return {name: text for name, text in members.items() if text}


def _other_value_members(changed: ChangedMeanwhile) -> dict[str, str | None]:
    return {
        "key": changed.key,
        "by": changed.by,
        "at": instant_in_json(changed.at) if changed.at else None,
        "value": changed.text,
        "was": changed.was,
    }


def _version_members(appointment: Appointment) -> dict[str, str | int | None]:
    """Return the appointment's current values, without data of the customer."""
    agent = appointment.agent_id
    return {
        "id": str(appointment.id),
        "version": appointment.version,
        "status": appointment.status.value,
        "starts_at": instant_in_json(appointment.starts_at),
        "ends_at": instant_in_json(appointment.ends_at),
        "agent": str(agent) if agent else None,
    }


def _span_members(span: Interval) -> dict[str, str]:
    return {"start": instant_in_json(span.start), "end": instant_in_json(span.end)}
