"""Answers of Exchange that lack a part: nothing but our own errors comes of them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from lxml import etree

from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval
from tests.providers.exchange_world import opened

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)
ANA = "ana@bank.example"
DRAFT = EventDraft(
    key=uuid4(),
    subject="Mortgage",
    body="Ana Diaz",
    period=Interval(NINE, NINE + HOUR),
    attendees=((ANA, "Ana"),),
)
MOVED = EventDraft(
    key=DRAFT.key,
    subject="Loan",
    body="Ana Diaz",
    period=Interval(NINE + HOUR, NINE + 2 * HOUR),
)
CALLS = {
    "/GetUserAvailabilityRequest": lambda calendar, _: calendar.free_busy([ANA], TODAY),
    "/FindItem": lambda calendar, _: calendar.events(TODAY),
    "/GetItem": lambda calendar, known: calendar.event(known.id),
    "/CreateItem": lambda calendar, _: calendar.create(
        EventDraft(key=uuid4(), subject="", body="", period=TODAY)
    ),
    "/UpdateItem": lambda calendar, known: calendar.change(known, MOVED),
    "/DeleteItem": lambda calendar, known: calendar.cancel(known.id),
    "/GetFolder": lambda calendar, _: calendar.check(),
}


def lacking(content: bytes) -> list[str]:
    """Return a document again and again, each time without another of its parts."""
    count = len(list(etree.fromstring(content).iter()))
    texts = []
    for place in range(1, count):
        for damage in ("part", "text"):
            root = etree.fromstring(content)
            part = list(root.iter())[place]
            if damage == "part":
                part.getparent().remove(part)
            else:
                part.text = "odd"
                part.attrib.update(dict.fromkeys(part.attrib, "odd"))
            texts.append(etree.tostring(root).decode())
    return texts


@pytest.mark.parametrize("path", CALLS)
def test_answer_without_one_of_its_parts_raises_our_errors_only(exchange, path):
    exchange.busy(ANA, NINE, NINE + HOUR)
    calendar = opened(exchange)
    known = calendar.create(DRAFT)
    exchange.remembered = {}
    CALLS[path](calendar, known)
    [right] = [
        exchange.remembered[call.body]
        for call in exchange.calls_to("*", path)
        if call.body in exchange.remembered
    ][-1:]
    exchange.remembered = None

    with suppress(ProviderError):
        known = calendar.find(DRAFT.key, DRAFT.period) or known
    for text in lacking(right):
        exchange.misbehave("POST", path, body=text)
        with suppress(ProviderError):
            CALLS[path](calendar, known)
        exchange.behave()
