"""An emulator of Google's calendars by another author, as one of the worlds.

It has free and busy times, lists of events, new events and their end. It does not know
of ids that clients choose, fields of programs, single events, changes, and calendars
that are not shared, and unlike Google does not merge busy times.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from invo_booking.domain.clock import utc_now
from invo_booking.providers.google.provider import Google, GoogleCalendar
from invo_booking.providers.http import VendorClient
from tests.support.independent import IndependentServer, running_server
from tests.support.vendor.sign_in import trusting

ACCOUNT, HOST = "scheduling@bank.example", "appointments@bank.example"
CHICAGO = ZoneInfo("America/Chicago")
TOKEN = "a-token-of-the-account"


@contextmanager
def running_emulator(
    folder: Path, *mailboxes: str, events: Sequence[dict[str, Any]] = ()
) -> Iterator[IndependentServer]:
    """Serve an account that sees a calendar of appointments and these mailboxes.

    Args:
        folder: Of its certificates.
        mailboxes: Ids of further calendars, named by what stands before the @.
        events: What stands in them, in the emulator's own form.
    """
    names = {ACCOUNT: "Scheduling", HOST: "Appointments"} | {
        it: it.partition("@")[0].title() for it in mailboxes
    }
    seed = {
        "users": [{"email": ACCOUNT}],
        "calendars": [
            {
                "id": it,
                "user_email": ACCOUNT,
                "summary": name,
                "primary": it == ACCOUNT,
            }
            for it, name in names.items()
        ],
        "calendar_events": [{"user_email": ACCOUNT, **it} for it in events],
    }
    settings = {"seed": seed, "tokens": {TOKEN: {"login": ACCOUNT, "id": 1}}}
    with running_server("google", folder, settings) as server:
        yield server


def token(refused: bool) -> str:  # noqa: FBT001  (the port's)
    """Return the one token there is."""
    assert not refused
    return TOKEN


def addresses(server: IndependentServer) -> dict[str, str]:
    """Return where the emulator has what Google has at addresses of its own."""
    consent = f"{server.url}/o/oauth2/v2/auth"
    return {
        "api": server.url,
        "consent_page": consent,
        "token_url": f"{server.url}/token",
    }


def line(server: IndependentServer) -> VendorClient:
    """Return the product's own line to the emulator."""
    return VendorClient("Google", ca_file=server.ca_file, now=utc_now)


def opened(server: IndependentServer) -> GoogleCalendar:
    """Return the product's own adapter, with the account connected."""
    google = Google(line(server), **addresses(server))
    return google.open(token, HOST, account=ACCOUNT, zone=CHICAGO)


class EmulatorWorld:
    """The part of ``contract.World`` that the emulator has."""

    def __init__(self, server: IndependentServer) -> None:
        self.calendar = opened(server)
        self._url = f"{server.url}/calendar/v3/calendars"
        self._trust = trusting(server.ca_file)

    def busy(
        self, mailbox: str, start: datetime, end: datetime, status: str = "busy"
    ) -> None:
        is_open = status in {"free", "workingElsewhere"}
        self._put(mailbox, start, end, "transparent" if is_open else "opaque")

    def foreign(self, start: datetime, end: datetime) -> str:
        return self._put(HOST, start, end)["id"]

    def delete(self, event_id: str) -> None:
        self._ask("DELETE", f"/{HOST}/events/{event_id}")

    def standing(self) -> int:
        return len(self.events(HOST))

    def events(self, calendar: str) -> list[dict[str, Any]]:
        """Return the events of a calendar, as another client reads them."""
        return self._ask("GET", f"/{calendar}/events").json()["items"]

    def _put(
        self,
        calendar: str,
        start: datetime,
        end: datetime,
        transparency: str = "opaque",
    ) -> dict[str, Any]:
        event = {
            "summary": "Private matter",
            "start": {"dateTime": start.isoformat()},
            "end": {"dateTime": end.isoformat()},
            "transparency": transparency,
        }
        return self._ask("POST", f"/{calendar}/events", json=event).json()

    def _ask(self, method: str, path: str, **body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        how = {"headers": headers, "verify": self._trust, "trust_env": False}
        return httpx.request(
            method, f"{self._url}{path}", **how, **body
        ).raise_for_status()
