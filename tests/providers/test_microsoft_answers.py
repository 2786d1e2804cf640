"""Whatever Microsoft or a proxy answers: it is read, or it is trouble."""

import json
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.calendars.outside import EventDraft, HostEvent, UnreadableEvent
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.events import OUR_KEY
from invo_booking.providers.microsoft.graph import Graph
from invo_booking.providers.microsoft.hosts import Host
from invo_booking.providers.microsoft.provider import LIMITS, OutlookCalendar
from invo_booking.providers.responses import VendorResponse
from tests.providers.contract import CHICAGO

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
TODAY = Interval(NINE, NINE + timedelta(hours=8))
ANA, BEN = "ana@bank.example", "ben@bank.example"
KEY = UUID("12828396-9da8-4182-ad4f-d0df7157d523")
DRAFT = EventDraft(key=KEY, subject="Mortgage", body="", period=TODAY)
TIME = {"dateTime": "2027-03-08T10:00:00.0000000", "timeZone": "UTC"}
LATER = {"dateTime": "2027-03-08T11:00:00.0000000", "timeZone": "UTC"}
EVENT = {
    "id": "1",
    "changeKey": "2",
    "iCalUId": "3",
    "start": TIME,
    "end": LATER,
    "isCancelled": False,
    "transactionId": str(KEY),
    "singleValueExtendedProperties": [{"id": OUR_KEY, "value": str(KEY)}],
    "onlineMeeting": {"joinUrl": "https://teams.example/1"},
}
GROUP = {"id": "1", "displayName": "A", "mail": "a@b.c", "groupTypes": ["Unified"]}
SCHEDULES = {
    "value": [
        {
            "scheduleId": ANA,
            "availabilityView": "20",
            "scheduleItems": [{"status": "busy", "start": TIME, "end": LATER}],
        },
        {"scheduleId": BEN, "error": {"responseCode": "ErrorNoFreeBusyAccess"}},
    ]
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "id", "start", "joinUrl", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


LINE = VendorClient("Microsoft", now=utc_now)


class Said(Graph):
    """Graph that says one thing, whatever it is asked."""

    def __init__(self, said):
        gate = threading.Semaphore(4)
        super().__init__(LINE, "https://g.example", str, gate=gate, seconds=1)
        self._said = json.dumps(said).encode()

    def answer(self, call, address=""):
        assert call.path
        assert not address
        return VendorResponse(200, {}, self._said, "reference")


def paths(tree, at=()):
    """Yield the way to each part of a tree, itself included."""
    yield at
    parts = tree.items() if isinstance(tree, dict) else ()
    parts = enumerate(tree) if isinstance(tree, list) else parts
    for name, part in parts:
        yield from paths(part, (*at, name))


def replaced(tree, way, by):
    """Return a tree with one part of it replaced."""
    if not way:
        return by
    copy = tree.copy()
    copy[way[0]] = replaced(tree[way[0]], way[1:], by)
    return copy


def spoilt(tree):
    """Return a strategy for right answers with one thing in them wrong."""
    return st.builds(replaced, st.just(tree), st.sampled_from([*paths(tree)]), anything)


def outcome(said, ask):
    """Return what an adapter makes of an answer, or ``None`` if it is trouble."""
    try:
        return ask(OutlookCalendar(Said(said), Host("group"), LIMITS, CHICAGO))
    except ProviderError:
        return None


@given(spoilt(SCHEDULES))
def test_free_and_busy_is_right_or_unknown(said):
    answers = outcome(said, lambda it: it.free_busy([ANA, BEN], TODAY))

    for answer in answers or ():
        assert not (answer.busy and answer.problem)
    if answers is not None:
        assert [answer.mailbox for answer in answers] == [ANA, BEN]


def entry(start, length):
    """Return a busy entry and its span, in minutes from nine on."""
    begins = NINE + timedelta(minutes=start)
    span = Interval(begins, begins + timedelta(minutes=length))
    times = {
        name: {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
        for name, at in (("start", span.start), ("end", span.end))
    }
    return {"status": "busy", **times}, span


@given(
    st.integers(1, 42 * 24),
    st.lists(st.builds(entry, st.integers(-3000, 70_000), st.integers(1, 3000))),
    st.text("02", min_size=1, max_size=90),
)
def test_summary_is_right_if_entries_reach_into_each_busy_part_of_it(
    hours, entries, digits
):
    window = Interval(NINE, NINE + timedelta(hours=hours))
    step = timedelta(minutes=min(720, hours * 30))
    parts = [Interval(NINE + n * step, NINE + (n + 1) * step) for n in range(90)]
    row = {
        "scheduleId": ANA,
        "availabilityView": digits,
        "scheduleItems": [item for item, _ in entries],
    }

    [answer] = outcome({"value": [row]}, lambda it: it.free_busy([ANA], window))

    is_right = all(
        digit == "0" or any(span.overlaps(part) for _, span in entries)
        for digit, part in zip(digits, parts, strict=False)
    )
    assert (answer.problem is None) == is_right


@given(spoilt({"value": [EVENT]}))
def test_events_are_right_or_trouble(said):
    there = outcome(said, lambda it: it.events(TODAY))

    assert there is None or all(isinstance(it, HostEvent) for it in there.events)
    assert there is None or all(
        isinstance(it, UnreadableEvent) for it in there.unreadable
    )


@given(spoilt(EVENT))
def test_event_is_right_or_trouble(said):
    event = outcome(said, lambda it: it.event("1"))

    assert event is None or isinstance(event, HostEvent)


@given(spoilt(EVENT))
def test_written_event_has_our_key_or_is_trouble(said):
    event = outcome(said, lambda it: it.create(DRAFT))

    assert event is None or event.key == KEY


@given(spoilt({"value": [GROUP]}))
def test_hosts_are_right_or_trouble(said):
    hosts = outcome(said, lambda it: it.hosts())

    assert all(host.id for host in hosts or ())


@given(spoilt({"value": [GROUP], "id": "1", "mail": ANA}))
def test_check_always_has_findings(said):
    findings = outcome(said, lambda it: it.check(probe=ANA))

    assert findings
    assert all(finding.sentence for finding in findings)


def test_right_answers_are_read():
    calendar = OutlookCalendar(Said({"value": [EVENT]}), Host("group"), LIMITS, CHICAGO)

    [event] = calendar.events(TODAY).events

    assert event.key == KEY
    assert event.join_url == "https://teams.example/1"


@pytest.mark.parametrize(
    "end",
    [
        {"dateTime": "2027-03-08T09:59:00", "timeZone": "UTC"},
        {"dateTime": "2027-03-08T11:00:00+05:00", "timeZone": "UTC"},
        {"dateTime": "0001-01-01T00:00:00", "timeZone": "UTC"},
        {"dateTime": "9999-12-31T23:59:00", "timeZone": "UTC"},
    ],
)
def test_entry_whose_times_make_no_sense_is_never_free(end):
    item = {"status": "busy", "start": TIME, "end": end}
    said = {"value": [{"scheduleId": ANA, "scheduleItems": [item]}]}

    (answer,) = outcome(said, lambda it: it.free_busy([ANA], TODAY))

    assert answer.problem or answer.unreadable
    assert all(it.start.year > 1970 < it.end.year < 2500 for it in answer.busy)


@pytest.mark.parametrize("odd", ["\0", "\ud800", "a\udfff\0b"])
def test_text_that_no_database_stores_is_replaced(odd):
    name = f"Bank {odd} \U0001f3e6 \\u0000"
    listed = {"value": [GROUP | {"displayName": name}]}

    (host,) = outcome(listed, lambda it: it.hosts())

    assert host.name.encode()
    assert "\0" not in host.name
    assert host.name.startswith("Bank \ufffd" if odd[0] != "a" else "Bank a\ufffd")
    assert host.name.endswith("\U0001f3e6 \\u0000")


@pytest.mark.parametrize("raw", [b'"\xed\xa0\x80"', b'"\xff"', b'"\xc3'])
def test_what_is_no_text_is_not_read(raw):
    with pytest.raises(ValueError, match=r"decode|Unterminated"):
        VendorResponse(200, {}, raw, "").json()
