"""Which server is asked, over which connections, and what is in between."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.providers.call_gate import CallCounts
from invo_booking.providers.exchange.provider import SESSIONS, Exchange
from invo_booking.providers.http import VendorClient
from invo_booking.providers.proxy import forward_proxy
from invo_booking.run.embedded import Valkey, scratch_folder
from tests.providers.exchange_world import account, opened, vendor
from tests.support.exchange import running_fake
from tests.support.forward_proxy import forward_proxy_server
from tests.support.vendor.https_server import HttpsServer

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)
ANA, BEN = "ana@bank.example", "ben@bank.example"


def test_redirect_is_not_followed_and_no_password_is_sent_with_it(exchange, tmp_path):
    sent = []

    async def elsewhere(request):
        sent.append(request.headers.get("Authorization", ""))
        place = exchange.url
        return web.Response(status=307, headers={"Location": place})

    server = HttpsServer(elsewhere, tmp_path)
    try:
        address = f"{server.url}/EWS/Exchange.asmx"
        calendar = vendor(exchange, ca_file=server.ca_file).open(
            lambda: account(exchange, address=address)
        )
        bad = [it for it in calendar.check() if not it.ok]
    finally:
        server.stop()

    assert "another address" in bad[0].sentence
    assert exchange.calls == exchange.sign_ins == []
    assert not any("Basic" in it for it in sent)


@pytest.mark.parametrize(
    "certificate",
    [
        {"host": "other.example"},
        {"valid_until": utc_now()},
        {"is_self_signed": True},
        {},
    ],
)
def test_certificate_that_is_wrong_or_of_nobody_known_ends_the_check(
    exchange, certificate
):
    with running_fake(**certificate) as odd:
        trusted = odd.ca_file if certificate else exchange.ca_file
        calendar = vendor(odd, ca_file=trusted).open(lambda: account(odd))
        findings = calendar.check()
        assert odd.sign_ins == []

    assert [(it.name, it.ok) for it in findings] == [
        ("Server", True),
        ("Certificate", False),
    ]


def test_authority_of_the_account_is_trusted_with_this_server_only(exchange):
    with running_fake() as own, running_fake() as other:
        mended = account(own, authorities=own.ca_file.read_text())
        right = vendor(own, ca_file=exchange.ca_file).open(lambda: mended)
        elsewhere = account(other, authorities=own.ca_file.read_text())
        wrong = vendor(other, ca_file=exchange.ca_file).open(lambda: elsewhere)

        assert [it.sentence for it in right.check() if not it.ok] == []
        assert [it.name for it in wrong.check() if not it.ok] == ["Certificate"]


def test_changed_authority_counts_from_the_next_call_on(exchange):
    with running_fake() as own:
        found = [account(own)]
        calendar = vendor(own, ca_file=exchange.ca_file).open(lambda: found[-1])
        assert [it.name for it in calendar.check() if not it.ok] == ["Certificate"]

        found.append(account(own, authorities=own.ca_file.read_text()))

        assert [it.name for it in calendar.check() if not it.ok] == []


def test_server_that_cannot_be_reached_ends_the_check(exchange):
    calendar = opened(exchange, address="https://localhost:9/EWS/Exchange.asmx")

    [finding] = calendar.check()

    assert (finding.name, finding.ok) == ("Server", False)


def test_private_address_is_not_called_unless_allowed(exchange):
    def client():
        return VendorClient(
            "Exchange", ca_file=exchange.ca_file, now=utc_now, is_public_only=True
        )

    calendar = Exchange(client, utc_now).open(lambda: account(exchange))

    [finding] = calendar.check()

    assert "INVO_ALLOW_PRIVATE_HOSTS" in finding.sentence
    assert exchange.sign_ins == []


def test_no_more_than_four_connections_ask_at_once(exchange):
    exchange.latency = 0.05
    calendar = opened(exchange)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: calendar.free_busy([ANA], TODAY), range(24)))

    assert all(answer[0].problem is None for answer in answers)
    assert exchange.most_at_once <= SESSIONS


def test_processes_together_have_no_more_than_four_calls_at_once(exchange):
    def client():
        return VendorClient(
            "Exchange", ca_file=exchange.ca_file, now=utc_now, connections=1
        )

    exchange.latency = 0.05
    with scratch_folder() as folder, Valkey(folder) as valkey:
        processes = [
            Exchange(client, utc_now, counts=CallCounts(valkey.url)) for _ in range(3)
        ]
        calendars = [it.open(lambda: account(exchange)) for it in processes]
        with ThreadPoolExecutor(12) as pool:
            answers = list(
                pool.map(
                    lambda number: calendars[number % 3].free_busy([ANA], TODAY),
                    range(24),
                )
            )

    assert all(answer[0].problem is None for answer in answers)
    assert exchange.most_at_once <= SESSIONS


def test_other_account_does_not_break_a_call_of_the_earlier_one(exchange):
    now = {}
    calendar = vendor(exchange).open(lambda: account(exchange, **now))
    calendar.free_busy([ANA], TODAY)
    exchange.latency = 0.5
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(calendar.free_busy([BEN], TODAY))
    )
    thread.start()
    while len(exchange.calls) < 2:
        thread.join(0.01)
    now["password"] = "wrong"
    with pytest.raises(ReconnectError):
        calendar.free_busy([ANA], TODAY)
    thread.join()

    assert [it.problem for it in answers[0]] == [None]


@pytest.mark.parametrize("login", ["reader:p%40ss@", ""])
def test_exchange_is_asked_through_a_proxy_that_wants_a_password(login):
    host = "mail.bank.example"
    with running_fake(host=host) as behind, forward_proxy_server() as proxy:
        port = urlsplit(behind.url).port
        proxy.login, proxy.ways[host] = "reader:p@ss", port
        way = forward_proxy(f"http://{login}127.0.0.1:{proxy.port}", {})

        def client():
            return VendorClient(
                "Exchange",
                ca_file=behind.ca_file,
                proxy=way,
                now=utc_now,
                connections=1,
            )

        address = f"https://{host}:{port}/EWS/Exchange.asmx"
        calendar = Exchange(client, utc_now).open(
            lambda: account(behind, address=address)
        )
        found = calendar.check()

    if login:
        assert all(it.ok for it in found)
        assert behind.sign_ins == ["NTLM"]
    else:
        assert [it.name for it in found] == ["Server"]
        assert "INVO_HTTPS_PROXY" in found[0].sentence
