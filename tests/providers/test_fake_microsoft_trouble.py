"""The fake misbehaves as ordered: no more, no less."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Timer

import httpx
import pytest

from tests.support.microsoft.plain_client import (
    new_event,
    plain_client,
    schedule_question,
)

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BEN = "ana@bank.example", "ben@bank.example"
SCHEDULE = "/me/calendar/getSchedule"


def asked(graph, *mailboxes):
    return graph.post(
        SCHEDULE, json=schedule_question(list(mailboxes), NINE, NINE + HOUR)
    )


def statuses(graph, count):
    return [graph.get("/me").status_code for _ in range(count)]


@contextmanager
def soon(what, seconds=0.3):
    timer = Timer(seconds, what)
    timer.start()
    yield
    timer.join()


def test_order_is_carried_out_as_often_as_said(outlook, graph):
    outlook.misbehave("GET", "/me", status=503, times=2)

    assert statuses(graph, 3) == [503, 503, 200]


def test_order_without_an_end_holds_until_told_to_behave(outlook, graph):
    outlook.misbehave("*", "/me", status=401, times=None)

    assert statuses(graph, 4) == [401] * 4
    outlook.behave()
    assert statuses(graph, 1) == [200]


def test_statuses_come_in_their_order(outlook, graph):
    outlook.misbehave("GET", "/me", status=[500, 200, 504])

    assert statuses(graph, 4) == [500, 200, 504, 200]


def test_order_concerns_only_the_calls_it_names(outlook, graph, group):
    outlook.misbehave("GET", "/groups/*", status=503, times=None)

    assert graph.get("/me").is_success
    assert asked(graph, ANA).is_success
    assert graph.get(f"/groups/{group}/calendar").status_code == 503


@pytest.mark.parametrize("wait", [120, -1, 999999])
def test_wait_is_told_in_seconds(outlook, graph, wait):
    outlook.misbehave("GET", "/me", status=429, retry_after=wait)

    assert graph.get("/me").headers["Retry-After"] == str(wait)


def test_wait_is_told_as_a_date(outlook, graph):
    outlook.misbehave("GET", "/me", status=429, retry_after="date:120")

    answer = graph.get("/me")

    until = parsedate_to_datetime(answer.headers["Retry-After"])
    now = parsedate_to_datetime(answer.headers["Date"])
    assert timedelta(seconds=118) < until - now < timedelta(seconds=122)


def test_wait_may_be_left_out(outlook, graph):
    outlook.misbehave("GET", "/me", status=429)

    assert "Retry-After" not in graph.get("/me").headers


def test_call_can_be_late(outlook, graph):
    outlook.misbehave("GET", "/me", delay=0.3)

    with pytest.raises(httpx.ReadTimeout):
        graph.get("/me", timeout=httpx.Timeout(60, read=0.1))
    assert graph.get("/me", timeout=60).is_success


def test_all_calls_can_be_slow(outlook, graph):
    outlook.latency = 0.2
    started = time.monotonic()

    graph.get("/me")

    assert time.monotonic() - started >= 0.2


def test_call_hangs_until_told_to_behave(outlook, graph):
    outlook.misbehave("GET", "/me", hang=True)

    with soon(outlook.behave):
        assert graph.get("/me").is_success


def test_answer_can_come_a_byte_a_second(outlook, graph):
    outlook.misbehave("GET", "/me", drip=True)
    arrived = []

    def read():
        with graph.stream("GET", "/me") as answer:
            arrived.extend(answer.iter_raw())

    with soon(outlook.behave, 1.5), pytest.raises(httpx.RemoteProtocolError):
        read()

    assert b"".join(arrived) == b'{"'


def test_connection_can_break_before_anything_is_done(outlook, graph, group):
    outlook.misbehave("POST", "/groups/*/events", drop="before")

    with pytest.raises(httpx.RemoteProtocolError):
        graph.post(f"/groups/{group}/events", json=new_event(NINE, NINE + HOUR))

    assert outlook.events(group) == []


def test_connection_can_break_when_all_is_done(outlook, graph, group):
    outlook.misbehave("POST", "/groups/*/events", drop="after")

    with pytest.raises(httpx.RemoteProtocolError):
        graph.post(f"/groups/{group}/events", json=new_event(NINE, NINE + HOUR))

    assert len(outlook.events(group)) == 1


def test_answer_can_end_too_early(outlook, graph):
    outlook.misbehave("GET", "/me", body="truncated")

    with pytest.raises(httpx.RemoteProtocolError):
        graph.get("/me")


def test_answer_can_be_no_json(outlook, graph):
    outlook.misbehave("GET", "/me", body="malformed")
    answer = graph.get("/me")

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


def test_answer_can_be_anything(outlook, graph):
    outlook.misbehave("GET", "/me", body="<html>proxy</html>")

    assert graph.get("/me").text == "<html>proxy</html>"


def test_answer_can_have_200_megabytes(outlook, graph):
    outlook.misbehave("GET", "/me", body="huge")

    with graph.stream("GET", "/me") as answer:
        size = int(answer.headers["Content-Length"])
        first = next(answer.iter_raw())

    assert size > 200_000_000
    assert first.isspace()


def test_mailbox_can_hang_every_call_it_is_in(outlook, graph):
    outlook.misbehave("POST", SCHEDULE, mailbox=BEN, hang=True, times=None)

    assert asked(graph, ANA).is_success
    with pytest.raises(httpx.ReadTimeout):
        graph.post(
            SCHEDULE,
            json=schedule_question([ANA, BEN], NINE, NINE + HOUR),
            timeout=httpx.Timeout(60, read=0.2),
        )


def test_one_mailbox_of_twenty_can_fail(outlook, graph):
    outlook.mailbox_fails("agent7@bank.example")

    found = asked(graph, *(f"agent{n}@bank.example" for n in range(20))).json()["value"]

    failed = [entry["scheduleId"] for entry in found if "error" in entry]
    assert failed == ["agent7@bank.example"]
    outlook.mailbox_works("agent7@bank.example")
    assert "error" not in asked(graph, "agent7@bank.example").json()["value"][0]


def test_misbehaviour_can_be_left_to_chance(outlook, graph):
    outlook.misbehave("GET", "/me", status=503, chance=0.3, times=None)

    failed = statuses(graph, 100).count(503)

    assert 15 < failed < 45


def test_authority_misbehaves_as_well(outlook):
    outlook.misbehave("POST", "/*/oauth2/v2.0/token", status=503)
    with plain_client(outlook) as client:
        answer = client.post(f"{outlook.authority}/oauth2/v2.0/token", data={})

    assert answer.status_code == 503


def test_more_than_four_calls_at_once_are_too_many(outlook, graph):
    outlook.latency = 0.3

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: graph.get("/me"), range(8)))

    refused = [answer for answer in found if answer.status_code == 429]
    assert refused
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}


def test_calls_at_the_same_time_are_counted(outlook, graph):
    outlook.latency = 0.3
    outlook.concurrency_limit = None

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: graph.get("/me"), range(3)))

    assert outlook.most_at_once == 3


def test_every_call_is_on_record(outlook, graph):
    outlook.misbehave("POST", SCHEDULE, status=503)
    asked(graph, ANA)
    asked(graph, BEN)

    first, second = outlook.calls_to("POST", SCHEDULE)

    assert (first.status, second.status) == (503, 200)
    assert second.body["schedules"] == [BEN]
    assert second.headers["authorization"].startswith("Bearer ")
