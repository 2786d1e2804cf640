"""Words planted at fake vendors, wherever people can write there."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.support import exchange, google, microsoft
from tests.support.connected_bank import (
    connect_exchange,
    connect_google,
    connect_group,
    connect_own_calendar,
)
from tests.support.exchange.soap import fault

PLANTED = "quokka"
"""In everything that stands in somebody's calendar, and in no other text."""

Trouble = Callable[[Any], None]

_PAGE = f"<html><h1>{PLANTED} at the proxy</h1></html>"


class EventWords(ABC):
    """Events of a vendor whose words people change and which they move.

    Attributes:
        fake: The vendor.
    """

    fake: microsoft.Outlook | google.Google

    def change(self, event_id: str) -> None:
        """Change the words of an event, as people do."""
        self.fake.change(event_id, **self._words("event"))

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """Move an event, as people do."""
        self.fake.move(event_id, start, end)

    @staticmethod
    @abstractmethod
    def _words(what: str) -> dict[str, Any]:
        """Return the fields of an event whose text is planted."""


class OutlookWords(EventWords):
    """Outlook 365, with a group's calendar as host.

    Attributes:
        is_followed: Whether appointments follow events that people move.
        troubles: Bad answers to what is read, each with a planted word.
        refusal: A bad answer to what is written, until the vendor behaves.
    """

    running_fake = staticmethod(microsoft.running_fake)
    connect = staticmethod(connect_group)
    is_followed = True
    listing = "/groups/*/calendarView"
    events = "/groups/*/events"

    def __init__(self, fake: microsoft.Outlook) -> None:
        self.fake = fake
        error = {"code": "ErrorOdd", "message": f"{PLANTED} was not found"}
        asked = "/me/calendar/getSchedule"
        self.troubles: tuple[Trouble, ...] = (
            _failing(asked, status=500, body=_PAGE),
            _failing(asked, status=200, body=_PAGE),
            _failing(asked, status=400, body=_json(error)),
            _failing(self.listing, status=404, body=_json(error)),
            _failing(self.listing, body="truncated"),
            _failing(self.listing, status=403, body=_json(error)),
        )
        self.refusal = _failing(self.events, status=400, body=_json(error))

    def busy(self, mailbox: str, start: datetime, end: datetime) -> None:
        """Put something into an agent's calendar."""
        self.fake.busy(mailbox, start, end, subject=f"{PLANTED} private {mailbox}")

    def foreign(self, start: datetime, end: datetime) -> None:
        """Put somebody else's event into the host calendar."""
        group = self.fake.groups()[0]["id"]
        self.fake.foreign_event(group, start, end, **self._words("foreign"))

    @staticmethod
    def _words(what: str) -> dict[str, Any]:
        person = {"name": f"{PLANTED} guest", "address": f"{PLANTED}@guest.example"}
        return {
            "subject": f"{PLANTED} subject {what}",
            "body": {"contentType": "text", "content": f"{PLANTED} body {what}"},
            "bodyPreview": f"{PLANTED} preview {what}",
            "location": {"displayName": f"{PLANTED} place {what}"},
            "attendees": [{"type": "required", "emailAddress": person}],
        }


class OwnCalendarWords(OutlookWords):
    """Outlook 365, with the scheduling account's own calendar as host."""

    connect = staticmethod(connect_own_calendar)
    listing = "/me/calendarView/delta"
    events = "/me/calendar/events*"

    def foreign(self, start: datetime, end: datetime) -> None:
        """Put somebody else's event into the account's calendar."""
        self.fake.busy(microsoft.SCHEDULER, start, end, **self._words("foreign"))


class GoogleWords(EventWords):
    """Google Calendar; see ``OutlookWords``."""

    running_fake = staticmethod(google.running_fake)
    connect = staticmethod(connect_google)
    is_followed = False

    def __init__(self, fake: google.Google) -> None:
        self.fake = fake
        reason = {"domain": "global", "reason": "odd", "message": f"{PLANTED} seen"}
        error = {"code": 400, "message": f"{PLANTED} seen", "errors": [reason]}
        self.troubles: tuple[Trouble, ...] = (
            _failing("/freeBusy", status=500, body=_PAGE),
            _failing("/freeBusy", status=200, body=_PAGE),
            _failing("/freeBusy", status=400, body=_json(error)),
            _failing("/freeBusy", status=403, body=_json(error | {"code": 403})),
            _failing("/freeBusy", body="truncated"),
        )
        self.refusal = _failing(
            "/calendars/*/events*", status=400, body=_json(error), method="POST"
        )

    def busy(self, mailbox: str, start: datetime, end: datetime) -> None:
        """Put something into an agent's calendar."""
        self.fake.put(mailbox, start, end, **self._words(mailbox))

    def foreign(self, start: datetime, end: datetime) -> None:
        """Put somebody else's event into the host calendar."""
        [host] = [it.id for it in self.fake.calendars.values() if it.is_app_created]
        self.fake.put(host, start, end, **self._words("foreign"))

    @staticmethod
    def _words(what: str) -> dict[str, Any]:
        guest = {"email": f"{PLANTED}@guest.example", "displayName": f"{PLANTED} guest"}
        return {
            "summary": f"{PLANTED} summary {what}",
            "description": f"{PLANTED} description {what}",
            "location": f"{PLANTED} place {what}",
            "attendees": [guest],
        }


class ExchangeWords:
    """Exchange, which tells details with busy times though nobody asks for them."""

    running_fake = staticmethod(exchange.running_fake)
    connect = staticmethod(connect_exchange)
    is_followed = False

    def __init__(self, fake: exchange.Exchange) -> None:
        self.fake = fake
        fake.details = f"{PLANTED} visit"
        broken = fault("ErrorInternalServerError").decode()
        said = broken.replace("It failed", PLANTED)
        asked = "/GetUserAvailabilityRequest"
        self.troubles: tuple[Trouble, ...] = (
            _failing(asked, status=500, body=said),
            _failing(asked, status=500, body=_PAGE),
            _failing(asked, status=200, body=_PAGE),
            _failing(asked, body=broken.replace("ErrorInternalServerError", PLANTED)),
            _failing(asked, body="truncated"),
        )
        self.refusal = _failing("/CreateItem", status=500, body=said)

    def busy(self, mailbox: str, start: datetime, end: datetime) -> None:
        """Put something into an agent's calendar."""
        self.fake.busy(mailbox, start, end)

    def foreign(self, start: datetime, end: datetime) -> None:
        """Put somebody else's item into the calendar of the service account."""
        self.change(self.fake.foreign_event(start, end))

    def change(self, event_id: str) -> None:
        """Change the words of an item, as people do."""
        item = self.fake.items[event_id]
        item.subject, item.body = f"{PLANTED} subject", f"{PLANTED} body"
        item.location = f"{PLANTED} place"
        item.touch()

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """Move an item, as people do."""
        self.fake.move(event_id, start, end)


Words = OutlookWords | GoogleWords | ExchangeWords

HOSTS: dict[str, type[Words]] = {
    "outlook": OutlookWords,
    "outlook-own": OwnCalendarWords,
    "google": GoogleWords,
    "exchange": ExchangeWords,
}
"""Every calendar that can host appointments."""


def _failing(path: str, *, method: str = "*", **how: Any) -> Trouble:
    def order(fake: Any) -> None:
        fake.misbehave(method, path, times=None, **how)

    return order


def _json(error: dict[str, Any]) -> str:
    return json.dumps({"error": error})
