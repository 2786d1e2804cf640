from datetime import timedelta

from limits.errors import StorageError
from limits.storage import MemoryStorage
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from invo_booking.api.core.limiter import (
    RATES,
    Counter,
    RateLimits,
    RequestKind,
    request_kind_of,
)
from invo_booking.api.public.facts import KnownFacts
from invo_booking.api.public.refusals import RefusalPages
from invo_booking.api.public.shell import PageShell
from invo_booking.config import load_config
from invo_booking.domain.clock import utc_now


class BrokenStorage(MemoryStorage):
    """Redis, while it is down; counts how often it is asked."""

    def __init__(self):
        super().__init__()
        self.asked = 0

    def incr(self, key, expiry, amount=1):
        del key, expiry, amount
        self.asked += 1
        raise StorageError(ConnectionError("down"))


class Hand:
    """A clock moved by hand."""

    def __init__(self):
        self.at = utc_now()

    def __call__(self):
        return self.at


def exhaust(count, kind=RequestKind.LINKS, who="somebody"):
    for _ in range(RATES[kind].amount):
        assert count.time_to_wait(kind, who) is None


def test_one_too_many_is_told_how_long_to_wait():
    count = Counter(MemoryStorage(), utc_now)

    exhaust(count)

    assert count.time_to_wait(RequestKind.LINKS, "somebody") > timedelta()
    assert count.time_to_wait(RequestKind.LINKS, "somebody else") is None
    assert count.time_to_wait(RequestKind.READ, "somebody") is None


def test_limits_hold_while_redis_is_down_and_redis_is_left_alone():
    broken, clock = BrokenStorage(), Hand()
    count = Counter(broken, clock)

    exhaust(count)

    assert count.time_to_wait(RequestKind.LINKS, "somebody") is not None
    assert broken.asked == 1

    clock.at += timedelta(seconds=11)
    count.time_to_wait(RequestKind.READ, "somebody")
    assert broken.asked == 2


def test_guessing_passwords_and_asking_for_links_count_apart():
    for form in ("sign-in", "password", "set-password", "forgot-password"):
        asked = {"method": "POST", "path": f"/session/{form}"}
        assert request_kind_of(asked) is RequestKind.SIGN_IN
    assert (
        request_kind_of({"method": "POST", "path": "/api/v1/appointments"})
        is RequestKind.WRITE
    )
    assert (
        request_kind_of({"method": "HEAD", "path": "/session/sign-in"})
        is RequestKind.READ
    )


def client(tmp_path):
    app = Starlette(
        routes=[
            Route(path, lambda _: PlainTextResponse("served"), methods=["GET", "POST"])
            for path in ("/api/v1/appointments/links", "/healthz")
        ]
    )
    config = load_config({"INVO_DATA_DIR": str(tmp_path)})
    return TestClient(RateLimits(app, config, Counter(MemoryStorage(), utc_now)))


def test_caller_above_the_limit_gets_429_and_when_to_come_back(tmp_path):
    door = client(tmp_path)
    for _ in range(RATES[RequestKind.LINKS].amount):
        assert door.post("/api/v1/appointments/links").text == "served"

    refused = door.post("/api/v1/appointments/links")

    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_requests"
    assert int(refused.headers["retry-after"]) >= 1


def test_customer_above_the_limit_reads_a_page_of_the_institution(tmp_path):
    app = Starlette(routes=[Route("/a/x", lambda _: PlainTextResponse("served"))])
    config = load_config({"INVO_DATA_DIR": str(tmp_path)})
    counter, facts = Counter(MemoryStorage(), utc_now), {"name": "Harbor"}
    door = RefusalPages(
        RateLimits(app, config, counter), PageShell(), KnownFacts(lambda: facts)
    )
    browser = TestClient(door)
    for _ in range(RATES[RequestKind.READ].amount):
        counter.time_to_wait(RequestKind.READ, "testclient")
    assert browser.get("/a/x").status_code == 429

    refused = browser.get("/a/x")

    assert refused.headers["content-type"].startswith("text/html")
    assert int(refused.headers["retry-after"]) >= 1
    assert "Too many requests came from your network" in refused.text
    assert "Harbor" in refused.text


def test_spoofed_forwarded_addresses_do_not_help(tmp_path):
    door = client(tmp_path)

    answers = [
        door.post(
            "/api/v1/appointments/links", headers={"x-forwarded-for": f"10.0.0.{n}"}
        ).status_code
        for n in range(RATES[RequestKind.LINKS].amount + 1)
    ]

    assert answers[-1] == 429


def test_watchers_are_never_limited(tmp_path):
    door = client(tmp_path)

    assert all(door.get("/healthz").text == "served" for _ in range(20))


def test_checks_that_ask_the_database_are_counted(tmp_path):
    config = load_config({"INVO_DATA_DIR": str(tmp_path)})
    counter = Counter(MemoryStorage(), utc_now)
    door = TestClient(RateLimits(Starlette(), config, counter))
    exhaust(counter, RequestKind.READ, "testclient")

    assert door.get("/readyz").status_code == 429
    assert door.get("/healthz").status_code == 404
    assert door.get("/metrics").status_code == 404


BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_member_of_staff_above_the_limit_reads_a_page(tmp_path):
    config = load_config({"INVO_DATA_DIR": str(tmp_path)})
    counter, facts = Counter(MemoryStorage(), utc_now), {"name": "Harbor"}
    limited = RateLimits(Starlette(), config, counter)
    door = TestClient(RefusalPages(limited, PageShell(), KnownFacts(lambda: facts)))
    exhaust(counter, RequestKind.SIGN_IN, "testclient")

    refused = door.post("/session/sign-in", headers=BROWSER)
    sent_to_a_program = door.post("/session/sign-in")

    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("text/html")
    assert int(refused.headers["retry-after"]) >= 1
    assert "Too many requests" in refused.text
    assert "Back to the calendar" in refused.text
    assert "Harbor" in refused.text
    assert sent_to_a_program.json()["code"] == "too_many_requests"
