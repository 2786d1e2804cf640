"""Events over a bare socket, as anybody may send them, without page or sign-in."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import aiohttp
import httpx
import pytest
import socketio
from reflex_base.registry import RegistrationContext

from invo_booking import app
from invo_booking.web.core.guard import POLICY, EventPolicy

pytestmark = pytest.mark.browser

assert app.app is not None  # its import registers every page and state
NAMESPACE = "/_event"
REPLY_SECONDS = 5
GUARDED = sorted(
    name
    for name, entry in RegistrationContext.ensure_context().event_handlers.items()
    if getattr(entry.handler.fn, POLICY, EventPolicy.PUBLIC) is not EventPolicy.PUBLIC
)


async def send(house, name: str, *, headers=None) -> str:
    """Send one event on a connection of its own; return what came back, as text.

    Listening ends when the sender is led to the sign-in page, or after a while.
    """
    async with aiohttp.ClientSession() as session:
        client = socketio.AsyncClient(http_session=session, reconnection=False)
        answers: asyncio.Queue = asyncio.Queue()
        client.on("event", answers.put, namespace=NAMESPACE)
        await client.connect(
            f"{house.url}/_event?token={uuid4()}",
            headers={"Origin": house.url, **(headers or {})},
            transports=["websocket"],
            namespaces=[NAMESPACE],
            socketio_path="/_event",
        )
        event = {"name": name, "payload": {}, "router_data": {"pathname": "/"}}
        await client.emit("event", event, namespace=NAMESPACE)
        told = await _heard(answers)
        await client.disconnect()
    return told


async def _heard(answers: asyncio.Queue) -> str:
    told = ""
    try:
        while "/sign-in" not in told:
            answer = await asyncio.wait_for(answers.get(), REPLY_SECONDS)
            told += json.dumps(answer, default=str)
    except TimeoutError:
        return told
    return told


def sent(house, name: str, **more) -> str:
    """Send one event from a thread of its own: Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, send(house, name, **more)).result()


def customers(house) -> set[str]:
    """Return surnames of customers the demo has, as a signed-in manager sees them."""
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as client:
        client.post(
            "/session/sign-in",
            data={"email": "tom@harbor.example", "password": "harbor-demo-2026"},
        )
        board = client.get("/api/v1/staff/appointments?scope=team").json()
    return {event["title"] for event in board["appointments"]}


def test_staff_events_without_a_session_lead_to_sign_in_and_tell_nothing(house):
    known = customers(house)
    assert len(GUARDED) > 15
    assert len(known) > 10

    for name in GUARDED:
        told = sent(house, name)

        assert not any(customer in told for customer in known), name
        assert "/sign-in" in told, f"{name} answered {told[:300]}"


@pytest.mark.parametrize("cookie", ["invo_session=made-up", "invo_session=" + "A" * 43])
def test_made_up_session_is_no_session(house, cookie):
    opened = next(name for name in GUARDED if re.search(r"\.open_page$", name))

    told = sent(house, opened, headers={"Cookie": cookie})

    assert "/sign-in" in told
    assert cookie not in told, "an HttpOnly cookie must not come back to scripts"


def test_page_of_another_site_cannot_open_the_socket(house):
    with pytest.raises(socketio.exceptions.ConnectionError):
        sent(house, GUARDED[0], headers={"Origin": "https://evil.example"})
