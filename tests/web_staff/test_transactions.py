"""How often a page of staff asks the database, whoever looks and whatever happened."""

from dataclasses import replace

import pytest

from invo_booking import bootstrap
from invo_booking.web.bookings.state import BookingsState
from tests.support.bank import at
from tests.web_staff.calendar_rows import events
from tests.web_staff.conftest import book, run, see

WEEK = "/bookings?scope={scope}&view=week&date=2026-11-23"


@pytest.mark.parametrize("scope", ["me", "team", "queues"])
def test_week_is_read_again_within_two_transactions(
    bank, product, sign_in, ana, max_, scope
):
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page", at=WEEK.format(scope=scope)))
    book(product, bank, max_, at(10), ana)
    book(product, bank, max_, at(12), email="ben@example.com")
    begun = []

    def counting(caller):
        begun.append(caller)
        return product.begin(caller)

    bootstrap.use_deps(replace(product, begin=counting))
    run(see_again(client))

    assert len(events(see(client, BookingsState))) == (1 if scope == "me" else 2) - (
        scope == "me"
    )
    assert 1 <= len(begun) <= 2


async def see_again(client):
    await (await client.see(BookingsState))._refresh()  # noqa: SLF001
