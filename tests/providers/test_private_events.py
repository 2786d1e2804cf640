"""Appointments that others who see the calendar know as busy time only."""

from dataclasses import replace
from uuid import uuid4

from invo_booking.domain.calendars.outside import EventDraft
from tests.providers.contract import OutlookWorld
from tests.providers.exchange_world import ExchangeWorld
from tests.providers.google_world import GoogleWorld
from tests.providers.test_contract import TEN_TO_ELEVEN

PRIVATE = EventDraft(
    key=uuid4(), subject="Mortgage", body="", period=TEN_TO_ELEVEN, is_private=True
)
PUBLIC = replace(PRIVATE, is_private=False)


def test_appointment_is_private_in_google_and_can_become_public(google):
    calendar = GoogleWorld(google).calendar

    written = calendar.create(PRIVATE)
    assert google.entry(written.id).fields["visibility"] == "private"
    calendar.change(written, PUBLIC)
    assert google.entry(written.id).fields["visibility"] == "default"


def test_appointment_is_private_in_outlook_and_can_become_public(outlook):
    calendar = OutlookWorld(outlook).calendar

    written = calendar.create(PRIVATE)
    assert outlook.event(written.id)["sensitivity"] == "private"
    calendar.change(written, PUBLIC)
    assert outlook.event(written.id)["sensitivity"] == "normal"


def test_appointment_is_private_in_exchange_and_can_become_public(exchange):
    calendar = ExchangeWorld(exchange).calendar

    written = calendar.create(PRIVATE)
    assert exchange.item(written.id).sensitivity == "Private"
    calendar.change(written, PUBLIC)
    assert exchange.item(written.id).sensitivity == "Normal"
