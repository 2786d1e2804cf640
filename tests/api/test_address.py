import pytest

from invo_booking.api.core import address
from invo_booking.api.core.address import (
    UNKNOWN,
    client_address_of_request,
    is_inside_networks,
)
from invo_booking.domain.access.caller import network_of
from invo_booking.run.log_budget import LogBudget


def scope(*forwarded, peer="203.0.113.9"):
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return {"type": "http", "client": (peer, 1), "headers": headers}


def test_forwarded_header_is_ignored_without_a_trusted_proxy():
    assert client_address_of_request(scope("198.51.100.1"), 0) == "203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "lines", "client"),
    [
        (1, ["198.51.100.1"], "198.51.100.1"),
        (1, ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        (2, ["6.6.6.6, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        (2, ["6.6.6.6, 198.51.100.1", "10.0.0.2"], "198.51.100.1"),
        (1, ["6.6.6.6, <script>"], "203.0.113.9"),
        (1, ["6.6.6.6, "], "203.0.113.9"),
        (1, ["6.6.6.6, 198.51.100.1:51324"], "198.51.100.1"),
        (1, ["[2001:db8::1]:4711"], "2001:db8::1"),
        (1, ["[2001:db8::1]"], "2001:db8::1"),
        (1, ["2001:db8::1"], "2001:db8::1"),
        (1, ["[::ffff:198.51.100.1]:80"], "198.51.100.1"),
        (1, ["198.51.100.1:x"], "203.0.113.9"),
        (2, ["6.6.6.6"], "203.0.113.9"),
        (1, [], "203.0.113.9"),
        (2, ["[2001:db8::1]:4711, 10.0.0.2:80"], "2001:db8::1"),
        (1, ["2001:db8::1:4711"], "2001:db8::1:4711"),
        (1, ["::1]"], "203.0.113.9"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(hops, lines, client):
    assert client_address_of_request(scope(*lines), hops) == client


@pytest.mark.parametrize(
    ("hops", "peer", "lines"),
    [
        (0, "::ffff:198.51.100.1", []),
        (1, "::ffff:198.51.100.1", []),
        (1, "10.0.0.2", ["::ffff:198.51.100.1"]),
        (1, "10.0.0.2", ["[::ffff:c633:6401]"]),
    ],
)
def test_an_ipv4_caller_has_one_address_however_it_is_told(hops, peer, lines):
    assert client_address_of_request(scope(*lines, peer=peer), hops) == "198.51.100.1"


def test_clients_of_a_proxy_that_writes_no_address_are_not_inside():
    assert not is_inside_networks(scope("somebody", peer="10.0.0.2"), 1)
    assert is_inside_networks(scope("10.0.0.9:3000", peer="10.0.0.2"), 1)


def test_entry_that_is_no_address_is_logged_at_most_once_in_ten_minutes(
    caplog, monkeypatch
):
    seconds = iter([0.0, 1.0, 599.0, 601.0])
    budget = LogBudget(lambda: next(seconds), most=1, within=600.0)
    monkeypatch.setattr(address, "_budget", budget)

    for _ in range(4):
        client_address_of_request(scope("somebody", peer="10.0.0.2"), 1)

    assert [it.proxy for it in caplog.records] == ["10.0.0.2"] * 2


def test_household_with_many_ipv6_addresses_is_one_caller():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::2")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")


def test_address_without_a_meaning_is_its_own_network_of():
    assert network_of(UNKNOWN) == UNKNOWN


@pytest.mark.parametrize(
    ("peer", "forwarded", "inside"),
    [
        ("127.0.0.1", [], True),
        ("10.1.2.3", [], True),
        ("203.0.113.9", [], True),  # a documentation range counts as private
        ("8.8.8.8", [], False),
        ("127.0.0.1", ["10.0.0.1"], False),
        ("a socket", [], False),
    ],
)
def test_inside_is_the_operators_network_and_nobody_who_came_by_proxy(
    peer, forwarded, inside
):
    assert is_inside_networks(scope(*forwarded, peer=peer), 0) is inside
