"""The line to a provider: bounded, verified, silent."""

import gzip
import random
import socket
import threading
import time
import tracemalloc
import zlib
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.config import ConfigError
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ThrottledError,
)
from invo_booking.domain.clock import utc_now
from invo_booking.providers.http import LARGEST_ANSWER, VendorClient, is_below_base
from invo_booking.providers.responses import (
    LONGEST_WAIT,
    USUAL_WAIT,
    VendorResponse,
    retry_after,
)
from invo_booking.providers.unpacking import (
    ContentTooLargeError,
    UnknownPackingError,
    unpack_content,
)
from tests.support.vendor.certificates import make_certificates

NOON = datetime(2027, 3, 8, 12, tzinfo=UTC)
BUSY_MACHINE = 15  # seconds; what drips or hangs would take minutes
BASE = "https://graph.example/v1.0"
IN_TWO_MINUTES = format_datetime(NOON + timedelta(minutes=2), usegmt=True)


def http_date(at):
    return format_datetime(at, usegmt=True)


@pytest.fixture
def line(outlook):
    return VendorClient("Microsoft", ca_file=outlook.ca_file, now=utc_now)


def ask(line, url, method="GET", seconds=5.0):
    return line.send(line.request(method, url), "template", seconds)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0.5", timedelta(seconds=0.5)),
        (IN_TWO_MINUTES, timedelta(minutes=2)),
        (http_date(NOON + timedelta(days=9)), LONGEST_WAIT),
        (http_date(NOON - timedelta(days=9)), USUAL_WAIT),
        ("", USUAL_WAIT),
        ("-1", USUAL_WAIT),
        ("0", USUAL_WAIT),
        ("soon", USUAL_WAIT),
        ("nan", USUAL_WAIT),
        ("999999", LONGEST_WAIT),
        ("1e400", LONGEST_WAIT),
        ("inf", LONGEST_WAIT),
    ],
)
def test_patience_is_as_long_as_was_asked_for_and_at_most_an_hour(said, wait):
    assert retry_after({"retry-after": said}, NOON) == wait


def test_date_to_wait_for_is_meant_on_the_providers_clock():
    theirs = NOON + timedelta(hours=5)
    headers = {
        "date": http_date(theirs),
        "retry-after": http_date(theirs + timedelta(minutes=2)),
    }

    assert retry_after(headers, NOON) == timedelta(minutes=2)


@given(st.text(max_size=40))
def test_any_words_about_patience_are_a_bearable_wait(text):
    wait = retry_after({"retry-after": text}, NOON)

    assert timedelta() < wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        (f"{BASE}/groups/1/calendarView?$skip=10", True),
        ("http://graph.example/v1.0/groups", False),
        ("https://graph.example.evil.example/v1.0/groups", False),
        ("https://user@graph.example/v1.0/groups", False),
        ("https://graph.example:8443/v1.0/groups", False),
        ("https://graph.example/v1.0/../beta/groups", False),
        ("https://graph.example/beta/groups", False),
        ("//graph.example/v1.0/groups", False),
        ("/v1.0/groups", False),
        ("", False),
    ],
)
def test_next_page_is_only_followed_where_it_belongs(url, is_own):
    assert is_below_base(url, BASE) is is_own


def test_certificate_of_nobody_we_trust_is_refused(outlook):
    line = VendorClient("Microsoft", now=utc_now)

    with pytest.raises(ProviderDownError, match="certificate") as caught:
        ask(line, f"{outlook.url}/organizations/x", "POST")

    assert not caught.value.ambiguous


def test_certificate_of_another_host_is_refused(outlook):
    line = VendorClient("Microsoft", ca_file=outlook.ca_file, now=utc_now)
    elsewhere = outlook.url.replace("localhost", "localhost.localdomain")

    with pytest.raises(ProviderDownError):
        ask(line, f"{elsewhere}/organizations/x")


def test_file_of_authorities_that_is_no_good_is_said_at_the_start(tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing here")

    for file in (empty, tmp_path / "missing.pem"):
        with pytest.raises(ConfigError, match="INVO_CA_FILE"):
            VendorClient("Microsoft", ca_file=file, now=utc_now)


def test_authority_given_is_trusted_beside_the_systems(outlook, tmp_path):
    other = make_certificates(tmp_path / "other")
    both = tmp_path / "both.pem"
    both.write_bytes(other.ca_file.read_bytes() + outlook.ca_file.read_bytes())

    line = VendorClient("Microsoft", ca_file=both, now=utc_now)

    assert ask(line, f"{outlook.graph}/me").status == 401


def test_nobody_there_is_said_at_once_and_nothing_was_done(line):
    with pytest.raises(ProviderDownError, match="cannot be reached") as caught:
        ask(line, "https://localhost:1/x", "POST")

    assert not caught.value.ambiguous


def test_other_address_is_not_followed(outlook, line):
    signing_in = (
        f"{outlook.url}/organizations/oauth2/v2.0/authorize?client_id="
        f"{outlook.client_id}&redirect_uri=https://evil.example/&response_type=code"
        "&scope=User.Read&state=1"
    )
    request = line.request(
        "POST",
        signing_in,
        data={"email": "scheduling@bank.example", "decision": "accept"},
    )

    with pytest.raises(ProviderDownError, match="another address"):
        line.send(request, "template", 5.0)


@pytest.mark.parametrize("how", [{"hang": True}, {"drip": True}, {"delay": 30.0}])
def test_call_ends_in_time_however_slowly_it_is_answered(outlook, line, how):
    outlook.misbehave("GET", "/me", times=None, **how)
    began = time.monotonic()

    with pytest.raises(ProviderDownError, match="in time"):
        ask(line, f"{outlook.graph}/me", seconds=0.6)

    assert time.monotonic() - began < BUSY_MACHINE
    outlook.behave()


def test_answer_of_200_megabytes_is_not_read(outlook, line):
    outlook.misbehave("GET", "/me", body="huge")
    began = time.monotonic()

    with pytest.raises(ProviderDownError, match="more than any right answer"):
        ask(line, f"{outlook.graph}/me")

    assert time.monotonic() - began < BUSY_MACHINE


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_answer_that_unpacks_to_300_megabytes_takes_no_memory(outlook, line, packing):
    outlook.misbehave("GET", "/me", body=packing, times=None)
    with pytest.raises(ProviderDownError):
        ask(line, f"{outlook.graph}/me", seconds=60.0)  # what is made once is made

    tracemalloc.start()
    try:
        with pytest.raises(ProviderDownError, match=r"more than any right|packed"):
            ask(line, f"{outlook.graph}/me", seconds=60.0)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 3 * LARGEST_ANSWER


@pytest.mark.parametrize("size", [0, 1, 70_000, LARGEST_ANSWER])
def test_packed_content_is_unpacked_whole_up_to_the_bound(size):
    raw = random.Random(size).randbytes(size)  # noqa: S311
    packed = gzip.compress(raw)
    blocks = [packed[at : at + 1000] for at in range(0, len(packed), 1000)]

    assert unpack_content(blocks, "gzip", LARGEST_ANSWER) == raw
    assert unpack_content([raw], "", LARGEST_ANSWER) == raw


@pytest.mark.parametrize("encoding", ["gzip", ""])
def test_one_byte_too_many_is_too_large(encoding):
    content = gzip.compress(bytes(1001)) if encoding else bytes(1001)

    with pytest.raises(ContentTooLargeError):
        unpack_content([content], encoding, 1000)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"no gzip at all", "gzip"),
        (gzip.compress(b"cut", mtime=0)[:-3], "gzip"),
        (b"{}", "br"),
        (zlib.compress(b"{}"), "deflate"),
        (gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0), "gzip, gzip"),
    ],
)
def test_content_packed_in_an_unknown_way_is_not_read(content, encoding):
    with pytest.raises(UnknownPackingError):
        unpack_content([content], encoding, 1000)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_answer_that_breaks_off_leaves_open_whether_a_change_was_made(
    outlook, line, method
):
    outlook.misbehave(method, "/me", body="truncated", status=200)

    with pytest.raises(ProviderDownError, match="broke off") as caught:
        ask(line, f"{outlook.graph}/me", method)

    assert caught.value.ambiguous is (method == "POST")


@pytest.mark.parametrize("status", [429, 503, 504])
def test_patience_asked_for_is_told_with_its_length(outlook, line, status):
    outlook.misbehave("GET", "/me", status=status, retry_after=120)

    with pytest.raises(ThrottledError) as caught:
        ask(line, f"{outlook.graph}/me")

    assert caught.value.wait == timedelta(minutes=2)
    assert caught.value.reference


def test_content_is_not_shown_by_accident():
    assert "canary" not in repr(VendorResponse(200, {}, b"canary", "reference"))


def test_looking_up_a_name_counts_as_part_of_the_call(line, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_args, **_named: [over.wait(20)][:0]
    )
    began = time.monotonic()
    with pytest.raises(ProviderDownError, match="in time"):
        ask(line, "https://provider.example/me", seconds=0.5)
    over.set()

    assert time.monotonic() - began < BUSY_MACHINE


def test_many_addresses_nobody_answers_at_take_no_longer_than_one(line, monkeypatch):
    with socket.create_server(("0.0.0.0", 0), backlog=0) as silent, ExitStack() as full:  # noqa: S104 - to be had under many addresses
        port = silent.getsockname()[1]
        for _ in range(4):  # nobody is accepted, so whoever comes next waits
            caller = full.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        many = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{number}", port))
            for number in range(1, 51)
        ]
        real = socket.getaddrinfo

        def found(host, *rest, **named):
            if host == "provider.example":
                return many
            return real(host, *rest, **named)

        monkeypatch.setattr(socket, "getaddrinfo", found)
        began = time.monotonic()
        with pytest.raises(ProviderDownError):
            ask(line, f"https://provider.example:{port}/me", seconds=0.6)

    assert time.monotonic() - began < BUSY_MACHINE
