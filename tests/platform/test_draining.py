"""A web process that ends: its pages leave, and nothing of what runs is lost."""

import asyncio
import os
import signal

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient, WebSocketDenialResponse

from invo_booking.api.core.gate import Gate
from invo_booking.api.core.sockets import Sockets
from invo_booking.config import load_config
from invo_booking.run import draining
from invo_booking.run.draining import Draining, drain, drain_at_sigterm


class Pages:
    """Pages that leave when they are asked, except the deaf ones."""

    def __init__(self, count: int = 0, deaf: tuple[str, ...] = ()) -> None:
        self.open = [f"page {number}" for number in range(count)]
        self.deaf = deaf
        self.busy: set[str] = set()
        self.asked: list[str] = []
        self.looks = 0
        self.is_watched = asyncio.Event()

    def open_sockets(self) -> list[str]:
        """Return the pages that are left."""
        self.looks += 1
        if self.looks > 3:
            self.is_watched.set()
        return list(self.open)

    def runs_event(self, sid: str | None = None) -> bool:
        """Whether something runs."""
        return bool(self.busy) if sid is None else sid in self.busy

    async def ask_to_reconnect(self, sid: str) -> None:
        """Let a page leave."""
        self.asked.append(sid)
        if sid not in self.deaf:
            self.open.remove(sid)


def test_every_page_is_asked_once_and_the_process_ends_when_all_have_left():
    pages, state = Pages(1_000), Draining()

    asyncio.run(drain(pages, state))

    assert state.is_on
    assert pages.open == []
    assert sorted(pages.asked) == sorted(f"page {number}" for number in range(1_000))


def test_pages_leave_over_seconds_and_not_all_at_once():
    pages = Pages(1_000)
    at_a_time = []

    class Watched(Pages):
        async def ask_to_reconnect(self, sid):
            await super().ask_to_reconnect(sid)
            at_a_time.append(self.looks)

    pages = Watched(1_000)
    asyncio.run(drain(pages, Draining()))

    assert max(at_a_time.count(look) for look in at_a_time) < 50


def test_page_is_asked_when_its_event_has_ended():
    async def play() -> tuple[list[str], list[str]]:
        pages = Pages(2)
        pages.busy = {"page 1"}
        ending = asyncio.create_task(drain(pages, Draining()))
        await asyncio.wait_for(pages.is_watched.wait(), 60)
        meanwhile = list(pages.asked)
        pages.busy.clear()
        await ending
        return meanwhile, pages.asked

    meanwhile, at_last = asyncio.run(play())

    assert meanwhile == ["page 0"]
    assert at_last == ["page 0", "page 1"]


def test_process_waits_for_events_whose_page_has_left():
    async def play() -> bool:
        pages = Pages()
        pages.busy = {"a page that has left"}
        ending = asyncio.create_task(drain(pages, Draining()))
        await asyncio.wait_for(pages.is_watched.wait(), 60)
        is_early = ending.done()
        pages.busy.clear()
        await ending
        return is_early

    assert not asyncio.run(play())


def test_page_that_does_not_leave_holds_nobody_up_for_ever():
    pages = Pages(2, deaf=("page 0",))

    asyncio.run(drain(pages, Draining(), seconds=0.3))

    assert pages.open == ["page 0"]


def test_draining_ends_early_enough_for_the_server_to_stop_within_ten_seconds():
    assert draining.SPREAD_SECONDS < draining.SECONDS <= 8


def test_sigterm_drains_and_then_stops_the_server():
    async def play() -> tuple[bool, bool]:
        state, stopped = Draining(), asyncio.Event()
        task = asyncio.create_task(drain_at_sigterm(Pages(3), state, stopped.set))
        await asyncio.sleep(0)
        was_on = state.is_on
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(stopped.wait(), 60)
        await task
        return was_on, state.is_on

    assert asyncio.run(play()) == (False, True)


@pytest.fixture
def state():
    return Draining()


@pytest.fixture
def caller(state, tmp_path):
    async def nobody(_token):
        return False

    config = load_config({"INVO_DATA_DIR": str(tmp_path)})
    gate = Gate(PlainTextResponse("fine"), config, Sockets(nobody), draining=state)
    return TestClient(gate)


def test_process_that_ends_answers_and_closes_the_connection(caller, state):
    before = caller.get("/")
    state.is_on = True
    after = caller.get("/")

    assert after.text == before.text == "fine"
    assert "connection" not in before.headers
    assert after.headers["connection"] == "close"


def test_process_that_ends_refuses_a_socket_so_that_the_proxy_asks_another(
    caller, state
):
    state.is_on = True

    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        caller.websocket_connect("/_event"),
    ):
        pass

    assert refused.value.status_code == 503
