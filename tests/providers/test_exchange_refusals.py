"""What Exchange and what is in between does wrong, and what comes of it."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange.provider import LIMITS
from tests.providers.exchange_world import opened

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)
ANA, BEN = "ana@bank.example", "ben@bank.example"
BUSY_MACHINE = 40  # seconds; what hangs or drips would go on for ever
ASK = "/GetUserAvailabilityRequest"
ATTRIBUTE_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "bbbbbbbbbb">'
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    + ']><a b="&a9;"/>'
)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
)
DEEP = "<a>" * 5_000 + "</a>" * 5_000
NO_SOAP = "<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>"


def draft(**fields):
    given = {"key": uuid4(), "subject": "Mortgage", "body": "Ana Diaz, by video"}
    period = Interval(NINE + HOUR, NINE + 2 * HOUR)
    return EventDraft(**{**given, "period": period, **fields})


FAULTS = [
    (
        {"status": 500, "reason": "ErrorServerBusy:2500"},
        ThrottledError,
        "limits the number",
    ),
    ({"status": 503, "retry_after": 7}, ThrottledError, "limits the number"),
    (
        {"status": 500, "reason": "ErrorInternalServerError"},
        ProviderDownError,
        "internal error",
    ),
    (
        {"status": 500, "reason": "ErrorMailboxStoreUnavailable"},
        ProviderDownError,
        "internal error",
    ),
    ({"status": 500, "reason": "ErrorInvalidServerVersion"}, ReconnectError, "older"),
    ({"status": 500, "reason": "ErrorAccountDisabled"}, ReconnectError, "locked"),
    ({"status": 500, "reason": "ErrorPasswordExpired"}, ReconnectError, "expired"),
    ({"status": 500, "reason": "ErrorInvalidRequest"}, ProviderRefusedError, "request"),
    ({"status": 500, "reason": "OddCode"}, ProviderDownError, "internal error"),
    ({"status": 500}, ProviderDownError, "cannot be read"),
    ({"status": 404}, ReconnectError, "no Exchange web services"),
    ({"status": 403}, PermissionMissingError, "EwsEnabled"),
    ({"status": 502}, ProviderDownError, "502"),
    ({"body": "page"}, ProviderDownError, "web page"),
    ({"body": "malformed"}, ProviderDownError, "cannot be read"),
    ({"body": "truncated"}, ProviderDownError, "broke off"),
    ({"body": "huge"}, ProviderDownError, "more than any right answer"),
    ({"body": "gzip"}, ProviderDownError, "more than any right answer"),
    ({"body": BOMB}, ProviderDownError, "cannot be read"),
    ({"body": ATTRIBUTE_BOMB}, ProviderDownError, "cannot be read"),
    ({"body": DEEP}, ProviderDownError, "cannot be read"),
    ({"body": NO_SOAP}, ProviderDownError, "cannot be read"),
    ({"body": "{}"}, ProviderDownError, "cannot be read"),
    ({"drop": "before"}, ProviderDownError, "broke off"),
]


@pytest.mark.parametrize(("order", "kind", "words"), FAULTS)
def test_answer_that_is_not_right_is_an_error_with_what_it_means(
    exchange, order, kind, words
):
    exchange.misbehave("POST", ASK, **order)
    calendar = opened(exchange)

    with pytest.raises(kind, match=words) as raised:
        calendar.free_busy([ANA], TODAY)

    assert not getattr(raised.value, "ambiguous", False)
    assert calendar.free_busy([ANA], TODAY)[0].problem is None


def test_exchange_is_left_alone_for_as_long_as_it_asks(exchange):
    exchange.misbehave("POST", ASK, status=500, reason="ErrorServerBusy:2500")

    with pytest.raises(ThrottledError) as raised:
        opened(exchange).free_busy([ANA], TODAY)

    assert raised.value.wait == timedelta(seconds=2.5)


CALLS = {
    "FindItem": lambda it: it.events(TODAY),
    "CreateItem": lambda it: it.create(draft()),
    "GetItem": lambda it: it.event("item"),
    "DeleteItem": lambda it: it.cancel("item"),
}


@pytest.mark.parametrize("operation", CALLS)
def test_wait_that_is_asked_for_in_a_message_is_kept(exchange, operation):
    exchange.refused[operation] = "ErrorServerBusy:90000"

    with pytest.raises(ThrottledError, match="limits the number") as raised:
        CALLS[operation](opened(exchange))

    assert raised.value.wait == timedelta(seconds=90)


def test_busy_server_that_answers_for_a_mailbox_says_how_long_to_wait(exchange):
    exchange.mailbox_fails(BEN, "ErrorServerBusy:90000")
    exchange.busy(ANA, NINE, NINE + HOUR)

    ana, ben = opened(exchange).free_busy([ANA, BEN], TODAY)

    assert ana.busy == (Interval(NINE, NINE + HOUR),)
    assert isinstance(ben.problem, ThrottledError)
    assert ben.problem.wait == timedelta(seconds=90)


@pytest.mark.parametrize("how", [{"hang": True}, {"drip": True}])
def test_call_ends_in_time_however_slow_the_answer(exchange, how):
    calendar = opened(exchange, replace(LIMITS, call_seconds=5.0))
    calendar.hosts()
    exchange.misbehave("POST", ASK, **how)
    began = time.monotonic()

    with pytest.raises(ProviderDownError, match="in time"):
        calendar.free_busy([ANA], TODAY)

    assert time.monotonic() - began < BUSY_MACHINE


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("unknown", MailboxUnknownError),
        ("hidden", PermissionMissingError),
        ("mailbox_fails", ProviderDownError),
    ],
)
def test_mailbox_of_a_full_batch_that_fails_spoils_no_other(exchange, verb, kind):
    mailboxes = [f"agent{number}@bank.example" for number in range(100)]
    getattr(exchange, verb)(mailboxes[40])
    exchange.busy(mailboxes[41], NINE, NINE + HOUR)

    answers = opened(exchange).free_busy(mailboxes, TODAY)

    assert [it.mailbox for it in answers if it.problem] == [mailboxes[40]]
    assert isinstance(answers[40].problem, kind)
    assert answers[41].busy == (Interval(NINE, NINE + HOUR),)
    assert len(exchange.calls) == 1


def test_mailbox_that_is_unknown_after_it_was_known_is_unknown(exchange):
    calendar = opened(exchange)
    assert calendar.free_busy([ANA], TODAY)[0].problem is None
    exchange.unknown(ANA)

    assert isinstance(calendar.free_busy([ANA], TODAY)[0].problem, MailboxUnknownError)


def test_merged_digits_make_nobody_free(exchange):
    exchange.merged_only.add(ANA)

    [answer] = opened(exchange).free_busy([ANA], TODAY)

    assert isinstance(answer.problem, ProviderDownError)


def test_only_times_are_asked_for(exchange):
    opened(exchange).free_busy([ANA], TODAY)

    [call] = exchange.calls
    assert b"<t:RequestedView>FreeBusy</t:RequestedView>" in call.body


@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_answer_of_a_change_is_told_and_writes_nothing_twice(exchange, when):
    wanted = draft()
    calendar = opened(exchange)
    exchange.misbehave("POST", "/CreateItem", drop=when)

    with pytest.raises(ProviderDownError) as raised:
        calendar.create(wanted)
    again = calendar.create(wanted)

    assert raised.value.ambiguous
    assert [it.id for it in exchange.standing()] == [again.id]


@pytest.mark.parametrize("how", [{"hang": True}, {"drip": True}])
def test_change_whose_answer_comes_too_late_is_written_once(exchange, how):
    wanted = draft()
    calendar = opened(exchange, replace(LIMITS, call_seconds=5.0))
    calendar.find(wanted.key, wanted.period)
    exchange.misbehave("POST", "/CreateItem", **how)

    with pytest.raises(ProviderDownError, match="in time") as raised:
        calendar.create(wanted)
    written = len(exchange.standing())
    exchange.behave()
    again = opened(exchange).create(wanted)

    assert raised.value.ambiguous
    assert written == ("drip" in how)
    assert [it.id for it in exchange.standing()] == [again.id]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ErrorCreateItemAccessDenied", PermissionMissingError),
        ("ErrorCalendarEndDateIsEarlierThanStartDate", ProviderDownError),
    ],
)
def test_item_that_is_refused_raises_its_own_error(exchange, code, kind):
    exchange.misbehave("POST", "/CreateItem", status=500, reason=code)

    with pytest.raises(kind):
        opened(exchange).create(draft())


def test_account_without_rights_to_its_calendar_is_found_by_the_check(exchange):
    exchange.rights.discard("CreateContents")

    bad = [it for it in opened(exchange).check() if not it.ok]

    assert ["CreateContents" in it.sentence for it in bad] == [True]


def test_crowded_window_is_read_in_parts(exchange):
    exchange.find_limit = 3
    for hours in range(-8, 14):
        start = NINE + hours * HOUR
        exchange.foreign_event(start, start + HOUR)

    seen = opened(exchange).events(TODAY).events

    assert len(seen) == 22
    assert len({it.id for it in seen}) == 22


def test_item_that_cannot_be_read_is_listed_as_such(exchange):
    name = exchange.foreign_event(NINE, NINE + HOUR)
    exchange.items[name].change_key = ""

    listing = opened(exchange).events(TODAY)

    assert [it.id for it in listing.unreadable] == [name]


def test_characters_that_xml_cannot_hold_are_left_out(exchange):
    calendar = opened(exchange)

    calendar.create(draft(subject="Mort\x00gage \ufffe& <b> \x0b"))

    assert exchange.standing()[0].subject == "Mortgage & <b> "
