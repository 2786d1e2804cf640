# ruff: noqa: SLF001 - sends what no client of ours would
"""Secrets and words are sent through every entry of real processes, then looked for."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import pytest

from invo_booking.domain.clock import utc_now
from invo_booking.usecases.shared.links import hash_secret, token_of
from tests.matrix.crew import Crew, Visitor, open_bank
from tests.matrix.wire import Line, Told
from tests.privacy.haystack import _keys, everything, places_of
from tests.support.servers import House, without_pages

WORD = "platypus"
"""In everything that is sent, and in nothing that is kept."""

STATES = "reflex___state____state"
LEAKY = f"{STATES}.tests___privacy___leaky____leaky"
STATUS = f"{STATES}.invo_booking___web___customer___state____status_state"
SESSION = f"{STATES}.invo_booking___web___core___session____session_state"
DASHBOARD = f"{SESSION}.invo_booking___web___dashboard___state____dashboard_state"
PROFILE = f"{SESSION}.invo_booking___web___profile___state____profile_state"


@dataclass
class Scene:
    """A running web process with its own Valkey."""

    house: House
    crew: Crew
    folder: Any

    @property
    def url(self) -> str:
        return self.house.url.replace("127.0.0.1", "localhost")

    @property
    def log(self) -> str:
        return (self.folder / "web.log").read_text()

    def kept(self) -> dict[str, bytes]:
        """Return what lies in Redis, database by database."""
        config = self.house.config
        stores = (config.redis_url, config.state_store, config.limits_store)
        return {f"{store} {k}": v for store in stores for k, v in _keys(store).items()}


@pytest.fixture
def scene(tmp_path, deps, database_url) -> Iterator[Scene]:
    crew = open_bank(replace(deps, now=utc_now))
    own = {
        **without_pages(tmp_path),
        "INVO_LOG_LEVEL": "debug",
        "INVO_RATE_LIMITS": "on",
    }
    folder = tmp_path / "house"
    with House(folder, database_url, **own) as house:
        house.start_valkey()
        house.start_web("tests.privacy.leaky:create")
        yield Scene(house, crew, folder)


def test_no_session_and_no_customers_link_lies_in_redis(scene):
    manager = next(it for it in scene.crew.staff() if "manager" in it.name)
    secret = token_of(scene.crew.deps, scene.crew.own)
    with scene.crew.deps.unit_of_work() as work:
        hashes = {"status": hash_secret(secret)}
        work.links.add(scene.crew.own.id, hashes, utc_now())

    opened, seen = asyncio.run(visit(scene, manager, secret))

    assert "Confirmed" in opened.text
    assert seen.updates
    assert not seen.is_sent_away
    kept = scene.kept()
    assert places_of(hash_secret(manager.token), kept), "the hash is what is kept"
    assert places_of("/a/", kept), "the address is kept"
    assert places_of(manager.token, kept) == []
    assert places_of(secret, kept) == []
    assert places_of(WORD, kept) == []
    hay = everything(
        scene.folder, scene.house.config.database_url, scene.house.config.redis_url
    )
    assert places_of(manager.token, hay) == []
    assert places_of(secret, hay) == []


class OnePage(Line):
    """A websocket that names one address with every event, as a browser does."""

    def __init__(self, url: str, visitor: Visitor, page: str) -> None:
        super().__init__(url, visitor)
        self._page = page

    async def _emit(self, name, payload, at) -> None:
        del at
        await super()._emit(name, payload, self._page)


async def visit(scene: Scene, staff: Visitor, secret: str) -> tuple[Told, Told]:
    """Open a customer's link and a page of staff, and leave both open for Redis."""
    headers = {"referer": f"{scene.url}/a/{secret}", "x-own": WORD}

    class Asking(Visitor):
        def headers(self, url: str) -> dict[str, str]:
            more = {"cookie": f"other={WORD}; " + super().headers(url)["cookie"]}
            return super().headers(url) | headers | more

    asking = Asking(staff.name, staff.roles, staff.token)
    page = f"/a/{secret}?token={secret}&requested=1#{secret[:0]}"
    async with (
        OnePage(scene.url, asking, page) as line,
        Line(scene.url, asking) as other,
    ):
        opened = await line.send(f"{STATUS}.open_page", {})
        await line.send(f"{STATUS}.show_panel", {"panel": "cancel"})
        seen = await other.send(f"{DASHBOARD}.open_page", {}, "/dashboard")
        await other.send(f"{PROFILE}.open_page", {}, "/profile")
    return opened, seen


def test_nothing_that_is_sent_is_logged_however_it_fails(scene):
    staff = scene.crew.staff()[0]

    asyncio.run(send_everything(scene, staff))
    ask_everything(scene.url, staff)
    scene.house.await_until(lambda: scene.log.count("ValueError") >= 6)

    lines = [json.loads(line) for line in scene.log.splitlines()]
    assert all(len(line) < 10_000 for line in scene.log.splitlines())
    assert WORD not in scene.log.lower()
    assert staff.token not in scene.log
    told = [it["event"] for it in lines]
    assert any(it.startswith("unknown event: gone.state.save_") for it in told)
    assert any(it.startswith("malformed event") for it in told)
    assert any(it.startswith("event failed, reference") for it in told)
    assert any(it == "api.unhandled" and line["request"] == line["id"]
               for it, line in zip(told, lines, strict=True))  # fmt: skip
    assert all(it["logger"] for it in lines)


async def send_everything(scene: Scene, staff: Visitor) -> None:
    """Send events that no handler takes, that fail, and that are none at all."""
    address = f"/bookings?q={WORD}"
    sent = {"text": WORD, "password": WORD}
    async with Line(scene.url, staff) as line:
        await line.send(f"{LEAKY}.fail", {"text": WORD}, address)
        await line.send(f"{LEAKY}.fail", sent, address)
        await line.send(f"{LEAKY}.fail_behind", {"text": WORD}, address)
        await line.send(f"{LEAKY}.count", {"number": WORD}, address)
        await line.send(f"{LEAKY}.say", {"text": f"{WORD}: 2: 3: {WORD}"}, address)
        await line._emit("gone.state.save_" + "x" * 500, sent, address)
        await line._emit(f"{LEAKY}.{' ' * 80}{WORD}", sent, address)
        await line._socket.emit("event", f'{{"x": "{WORD}"', namespace="/_event")
        await line._socket.emit("event", [WORD], namespace="/_event")
        await line._socket.emit("event", {"name": 1, WORD: 1}, namespace="/_event")
        await line._socket.emit(WORD, {"payload": WORD}, namespace="/_event")
        await line.send(f"{LEAKY}.count", {"number": 1}, address)
    for packet in PACKETS:
        await send_raw(scene.url, staff, packet)


PACKETS = (
    f'42/_event,["event",{{"name":"{WORD}"',
    f"42/_event,{WORD}",
    f"42/{WORD},[]",
    f"9{WORD}",
    f"451-/_event,{WORD}",
    '42/_event,["event",' + "[" * 20_000 + f'"{WORD}"',
    "40/_event," + json.dumps({"event": {"name": WORD, "payload": {WORD: WORD}}}),
    "4" + WORD,
)
"""As they stand on the wire: none of them is an event."""


async def send_raw(url: str, staff: Visitor, packet: str) -> None:
    """Send one packet on a socket of its own and wait until it is dealt with."""
    address = f"{url}/_event/?EIO=4&transport=websocket&token={uuid4()}"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, headers=staff.headers(url)) as line,
    ):
        await line.receive()
        await line.send_str("40/_event,")
        await line.receive(timeout=60)
        await line.send_str(packet)
        await line.send_str("42/_event," + json.dumps(["ping"]))
        await line.receive(timeout=60)


def ask_everything(url: str, staff: Visitor) -> None:
    """Call the API with what it cannot read, and what fails inside."""
    headers = staff.headers(url) | {"x-own": WORD}
    with httpx.Client(base_url=url, headers=headers) as client:
        failed = client.post(
            "/session/sign-in", data={"email": f"{WORD}@x.example", "password": WORD}
        )
        assert failed.status_code == 500
        client.post("/api/v1/appointments", content=f'{{"name": "{WORD}')
        client.post("/api/v1/appointments", content=b"[" * 60_000 + WORD.encode())
        client.post("/api/v1/appointments", json={"name": WORD, WORD: WORD})
        client.get(f"/api/v1/appointments/{WORD}", params={WORD: WORD})
        client.get(f"/{WORD}?a={WORD}", headers={"accept-language": WORD})
        client.get(f"/_event/?EIO=4&transport=polling&token={WORD}")
        client.post(f"/_event/?EIO=4&transport=polling&sid={WORD}", content=WORD)
        client.get("/", headers={"cookie": WORD * 2_000})
        client.get("/", headers={"authorization": f"Bearer {WORD}"})
        client.request(WORD.upper(), "/")
