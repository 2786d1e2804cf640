"""The outermost layer, around an application that notes what gets as far as it."""

import asyncio
import time

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from invo_booking.api.core import sockets
from invo_booking.api.core.gate import MOST_COOKIE_BYTES, Gate
from invo_booking.api.core.sockets import ANYBODY, OPEN_SOCKETS, SIGNED_IN, Sockets
from invo_booking.config import load_config
from invo_booking.domain.access.caller import ADDRESS, REQUEST_ID


class Inside:
    """What is behind the gate; remembers the scopes it was called with."""

    def __init__(self):
        self.scopes = []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        if scope["type"] == "http":
            await PlainTextResponse("fine")(scope, receive, send)
            return
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(text[:10])


@pytest.fixture
def inside():
    return Inside()


@pytest.fixture
def caller_of(inside, tmp_path):
    def make(address="127.0.0.1", *, limits=True, signed_in=(), **variables):
        async def is_signed_in(token):
            return token in signed_in

        config = load_config({"INVO_DATA_DIR": str(tmp_path), **variables})
        gate = Gate(inside, config, Sockets(is_signed_in, has_limits=limits))
        return TestClient(gate, client=(address, 50_000))

    return make


def ten_times(api, cookie: str):
    """Return the CPU seconds that ten requests with a cookie take, and the answers."""
    began = time.process_time()
    answers = [
        api.get("/api/v1/staff/catalogue", headers={"cookie": cookie})
        for _ in range(10)
    ]
    return time.process_time() - began, answers


@pytest.mark.usefixtures("bank")
def test_a_cookie_that_would_keep_the_process_busy_for_seconds_takes_no_time(api):
    quoted = 'invo_session="' + "\\" * 40_000
    just_short = 'invo_session="' + "\\" * 8_000
    api.get("/api/v1/staff/catalogue")  # what is made once is made

    usual, _ = ten_times(api, "invo_session=short")
    taken, passed = ten_times(api, just_short)
    began = time.process_time()
    refused = api.get("/api/v1/staff/catalogue", headers={"cookie": quoted})
    signed_in = api.post("/session/sign-in", headers={"cookie": just_short})

    assert taken < 4 * usual + 0.2, "who reads it takes a second or two"
    assert time.process_time() - began < 4 * usual + 0.2
    assert refused.status_code == 431
    assert {it.status_code for it in passed} == {401}
    assert signed_in.status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("cookie", "a" * MOST_COOKIE_BYTES)], 431),
        ([("cookie", "a" * 5_000), ("cookie", "b" * 5_000)], 431),
        ([("x-long", "a" * 32_768)], 431),
        ([(f"x-{number}", "a") for number in range(101)], 431),
        ([("cookie", "a" * 8_000), ("x-long", "a" * 20_000)], 200),
    ],
)
def test_headers_are_bounded_in_number_and_size(caller_of, inside, headers, status):
    answer = caller_of().get("/", headers=headers)

    assert answer.status_code == status
    assert len(inside.scopes) == (status == 200)
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "headers_too_large"


def test_languages_of_a_request_that_is_too_large_are_not_read(caller_of):
    headers = [("accept-language", f"es{',' * 33_000}")]
    said = caller_of().get("/api/v1/slots", headers=headers).json()["detail"]

    assert said == caller_of().get("/", headers=headers).json()["detail"]
    assert "cookies" in said.lower() or "headers" in said.lower()


def test_an_address_is_bounded(caller_of, inside):
    assert caller_of().get("/?" + "a" * 9_000).status_code == 414
    assert inside.scopes == []


def test_a_socket_with_large_headers_is_not_opened(caller_of, inside):
    with (
        pytest.raises(WebSocketDisconnect),
        caller_of().websocket_connect("/_event", headers={"cookie": "a" * 9_000}),
    ):
        pass
    assert inside.scopes == []


def test_nothing_is_long_polled(caller_of, inside):
    answers = [
        caller_of().request(method, "/_event/?EIO=4&transport=polling", content="4x")
        for method in ("GET", "POST", "OPTIONS")
    ]

    assert {it.status_code for it in answers} == {426}
    assert not any("access-control-" in name for it in answers for name in it.headers)
    assert inside.scopes == []


@pytest.mark.parametrize(
    ("public_url", "kept"),
    [
        ("https://booking.example", [(b"cookie", b"__Host-invo_session=safe")]),
        ("http://localhost:8000", [(b"cookie", b"invo_session=plain")]),
    ],
)
def test_of_cookies_only_our_own_gets_further(caller_of, inside, public_url, kept):
    cookie = 'a="\\073"; invo_session=plain; __Host-invo_session=safe'

    caller_of(INVO_PUBLIC_URL=public_url).get("/", headers={"cookie": cookie})

    [scope] = inside.scopes
    assert [it for it in scope["headers"] if it[0] == b"cookie"] == kept


def test_every_request_has_a_name_of_its_own_and_an_address(caller_of, inside):
    client = caller_of("203.0.113.9", INVO_TRUSTED_PROXY_HOPS="1")

    for _ in range(2):
        client.get("/", headers={"x-forwarded-for": "10.0.0.1, 198.51.100.7"})

    assert {scope[ADDRESS] for scope in inside.scopes} == {"198.51.100.7"}
    assert len({scope[REQUEST_ID] for scope in inside.scopes}) == 2


def test_a_person_may_send_as_fast_as_they_can_and_a_flood_closes_its_socket(caller_of):
    with caller_of().websocket_connect("/_event") as socket:
        for number in range(60):
            socket.send_text(f"event {number}")
            assert socket.receive_text() == f"event {number}"
        for number in range(1_000):
            socket.send_text(f"event {number}")
        with pytest.raises(WebSocketDisconnect) as closed:
            _hear_all(socket)

    assert closed.value.code == 1008
    assert closed.value.reason == "too many events"


def _hear_all(socket) -> None:
    while True:
        socket.receive_text()


@pytest.mark.parametrize("limits", [True, False])
def test_a_message_that_is_too_large_closes_its_socket(caller_of, limits):
    with caller_of(limits=limits).websocket_connect("/_event") as socket:
        socket.send_text("a" * sockets.MOST_BYTES)
        socket.receive_text()
        socket.send_text("a" * (sockets.MOST_BYTES + 1))
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()

    assert closed.value.code == 1009


@pytest.mark.parametrize("limits", [True, False])
@pytest.mark.parametrize(
    "sent",
    [b"x", '451-/_event,["event",{"_placeholder":true,"num":0}]', "46999-[]", "bAAAA"],
)
def test_binary_data_which_would_be_kept_until_all_of_it_has_come_closes_its_socket(
    caller_of, limits, sent
):
    with caller_of(limits=limits).websocket_connect("/_event") as socket:
        socket.send_text('42/_event,["event",{"name":"45"}]')
        socket.receive_text()
        if isinstance(sent, bytes):
            socket.send_bytes(sent)
        else:
            socket.send_text(sent)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()

    assert closed.value.code == 1003


def entered(count: int, network: str, limits: Sockets, token: str = "") -> int:
    """Return how many of so many new sockets may stay."""

    async def all_of_them():
        return [await limits.enter(network, token) for _ in range(count)]

    return sum(asyncio.run(all_of_them()))


def counted(clock) -> Sockets:
    async def is_signed_in(token):
        return token == "live"

    return Sockets(is_signed_in, now=lambda: clock[0])


def test_one_address_holds_few_sockets_without_a_session_and_an_office_many():
    clock = [0.0]
    limits = counted(clock)

    assert entered(150, "198.51.100.7", limits) == ANYBODY
    assert entered(50, "198.51.100.7", limits, token="made-up") == 0
    assert entered(50, "198.51.100.7", limits, token="live") == 50
    assert entered(50, "198.51.100.8", limits) == 50
    clock[0] += 3_600
    assert entered(300, "198.51.100.7", limits, token="live") == 300
    clock[0] += 3_600
    assert entered(300, "198.51.100.7", limits, token="live") == SIGNED_IN - 450


def test_who_leaves_makes_room():
    limits = counted([0.0])
    entered(ANYBODY, "198.51.100.7", limits)

    limits.leave("198.51.100.7")

    assert entered(2, "198.51.100.7", limits) == 1


def test_opening_and_closing_sockets_over_and_over_is_slowed():
    clock = [0.0]
    limits = counted(clock)

    async def come_and_go():
        stayed = 0
        for _ in range(1_000):
            if await limits.enter("198.51.100.7", ""):
                stayed += 1
                limits.leave("198.51.100.7")
        return stayed

    assert asyncio.run(come_and_go()) == 300
    clock[0] += 1
    assert asyncio.run(come_and_go()) == 10


def test_a_body_that_never_ends_is_given_up(inside, tmp_path):
    config = load_config({"INVO_DATA_DIR": str(tmp_path)})
    gate = Gate(inside, config, Sockets(None), body_seconds=0.05)
    heard = []

    async def read(_scope, receive, _send):
        heard.append(await receive())

    async def never():
        await asyncio.Event().wait()

    scope = {"type": "http", "path": "/", "query_string": b"", "headers": []}
    gate._app = read  # noqa: SLF001
    asyncio.run(gate(scope, never, None))

    assert heard == [{"type": "http.disconnect"}]


def test_socket_that_says_nothing_is_given_up(tmp_path):
    config = load_config({"INVO_DATA_DIR": str(tmp_path)})

    async def is_signed_in(_token):
        return False

    limits = Sockets(is_signed_in, silence=0.05)
    said, heard = [], []

    async def read(_scope, receive, _send):
        heard.append(await receive())
        heard.append(await receive())

    async def once():
        if heard:
            await asyncio.Event().wait()
        return {"type": "websocket.connect"}

    async def say(message):
        said.append(message)

    scope = {
        "type": "websocket",
        "path": "/_event",
        "query_string": b"",
        "headers": [],
        "client": ("192.0.2.1", 1),
    }
    asyncio.run(Gate(read, config, limits)(scope, once, say))

    assert [it["type"] for it in heard] == ["websocket.connect", "websocket.disconnect"]
    assert [(it["type"], it["code"]) for it in said] == [("websocket.close", 1008)]


@pytest.mark.parametrize("path", ["/_health", "/_health/"])
def test_the_frameworks_own_word_on_redis_is_for_nobody(caller_of, inside, path):
    answer = caller_of().get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert inside.scopes == []


@pytest.mark.parametrize(
    ("path", "passed"),
    [
        (f"/relay/{'g' * 22}/events", True),
        (f"/relay/{'g' * 22}", True),
        ("/relay/sign-in", False),
        ("/bookings", False),
        ("/api/v1/staff/catalogue", False),
        ("/session/sign-in", False),
    ],
)
def test_a_sealed_grant_gets_no_further_than_its_own_path(
    caller_of, inside, path, passed
):
    sent = "invo_session=abc; invo_grant=k1:sealed; other=1"

    caller_of().get(path, headers={"cookie": sent})

    (scope,) = inside.scopes
    (cookie,) = [value for name, value in scope["headers"] if name == b"cookie"]
    grant = b"; invo_grant=k1:sealed" if passed else b""
    assert cookie == b"invo_session=abc" + grant


def test_open_sockets_are_counted_for_monitoring(caller_of, inside):
    caller = caller_of()

    with caller.websocket_connect("/_event"), caller.websocket_connect("/_event"):
        caller.get("/metrics")
    caller.get("/metrics")

    assert [it[OPEN_SOCKETS] for it in inside.scopes if it["type"] == "http"] == [2, 0]
