"""Relay an agent's own calendars to the agent's own browser.

Routes below ``/relay/<grant>`` read the calendars of one grant, whose cookie the
browser sends to this path only. Neither this product nor the browser stores the
calendars that are read.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar

from anyio import CapacityLimiter, move_on_after, to_thread
from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse, Response

from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.personal.grants import (
    RequestGrant,
    delete_grant_cookie,
    keep_grant_cookie,
    session_key_of_request,
)
from invo_booking.domain.access.cookie import RELAY
from invo_booking.domain.calendars.personal import PersonalEvent
from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.domain.wall import wall_text
from invo_booking.texts import say
from invo_booking.usecases.calendars.personal import relay
from invo_booking.usecases.calendars.personal.sign_in import begin_personal_sign_in

SECONDS: Final = 8.0
"""Longest wait of a request for one of the relay's threads."""

THREADS = CapacityLimiter(16)
"""The relay's own threads, so that a slow provider delays no other requests."""

Keys = Annotated[
    str, Query(pattern=r"^([0-9a-f]{16}(,[0-9a-f]{16})*)?$", max_length=99)
]
T = TypeVar("T")

router = policy_router(RoutePolicy.BROWSER, RELAY.rstrip("/"))


class BeginSignIn(BaseModel):
    """The provider at which an agent wants to sign in."""

    model_config = ConfigDict(extra="forbid")

    provider: Literal["google", "outlook"]


@router.post("/sign-in", include_in_schema=False)
async def begin_sign_in(
    request: Request, deps: CurrentDeps, actor: BrowserActor, body: BeginSignIn
) -> Response:
    """Return the address of the provider's sign-in, where the page then leads."""
    session = session_key_of_request(request, deps)
    address = await _run_relay(
        lambda: begin_personal_sign_in(deps, actor, session, body.provider)
    )
    return JSONResponse({"address": address})


@router.get("/{grant}/account", include_in_schema=False)
async def show_account(deps: CurrentDeps, sent: RequestGrant) -> Response:
    """Return the account of a grant, and its calendars."""
    account = await _run_relay(lambda: relay.personal_account(deps, sent))
    calendars = [
        {"key": key, "name": it.name, "is_primary": it.is_primary}
        for key, it in account.calendars
    ]
    answer = JSONResponse(
        {
            "provider": account.provider,
            "account": account.account,
            "calendars": calendars,
        }
    )
    if account.renewed:
        keep_grant_cookie(deps, answer, account.renewed)
    return answer


@router.get("/{grant}/events", include_in_schema=False)
async def list_events(
    deps: CurrentDeps,
    sent: RequestGrant,
    first: Annotated[date, Query(alias="from")],
    past: Annotated[date, Query(alias="to")],
    calendars: Keys = "",
) -> Response:
    """Return the events that take time in the calendars of a grant.

    ``to`` is exclusive. Times are wall times in the institution's zone; all-day events
    have dates instead.
    """
    keys = tuple(key for key in calendars.split(",") if key)
    question = relay.RangeQuestion(first=first, past=past, calendars=keys)
    events = await _run_relay(lambda: relay.personal_events(deps, sent, question))
    answer = JSONResponse(
        {
            "events": [_event_json(it, events) for it in events.listing.events],
            "unreadable": events.listing.unreadable,
            "is_complete": events.listing.is_complete,
        }
    )
    if events.renewed:
        keep_grant_cookie(deps, answer, events.renewed)
    return answer


@router.post("/{grant}/sign-out", include_in_schema=False)
async def sign_out(deps: CurrentDeps, sent: RequestGrant) -> Response:
    """End a grant, so that it is refused from now on, and delete its cookie."""
    ended = await _run_relay(lambda: relay.end_personal_calendar(deps, sent))
    answer = JSONResponse(
        {"is_revoked": ended.is_revoked, "is_shared": ended.is_shared}
    )
    delete_grant_cookie(deps, answer, sent.id)
    return answer


async def _run_relay(work: Callable[[], T]) -> T:
    """Run ``work`` in one of the relay's threads and return its result.

    Raises:
        ProviderDownError: If all threads are busy for too long.
        InvoError: As raised by ``work``.
    """
    with move_on_after(SECONDS):
        return await to_thread.run_sync(work, limiter=THREADS)
    raise ProviderDownError(say("api.personal_relay.slow"))


def _event_json(event: PersonalEvent, events: relay.PersonalAnswer) -> dict[str, Any]:
    digits = len("2026-11-24") if event.is_all_day else len("2026-11-24T10:15")
    return {
        "start": wall_text(event.period.start, events.zone)[:digits],
        "end": wall_text(event.period.end, events.zone)[:digits],
        "title": event.title,
        "link": event.link,
        "is_all_day": event.is_all_day,
        "is_private": event.is_private,
        "is_recurring": event.is_recurring,
    }
