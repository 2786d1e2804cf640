"""Google Calendar for the tests of every provider, and for its own."""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import Grant, Limits, Registration
from invo_booking.domain.clock import utc_now
from invo_booking.providers.google import provider
from invo_booking.providers.google.permissions import SCOPES
from invo_booking.providers.google.provider import LIMITS, GoogleCalendar
from invo_booking.providers.http import VendorClient
from tests.support.google import SCHEDULER, Google

AT = "https://booking.example/google/callback"
CHICAGO = ZoneInfo("America/Chicago")


class GoogleWorld:
    """Google, with a calendar of the scheduling account that hosts appointments."""

    def __init__(self, google: Google, limits: Limits = LIMITS) -> None:
        self.google = google
        self.host = google.host()
        self.calendar = opened(google, self.host, limits)

    def busy(
        self, mailbox: str, start: datetime, end: datetime, status: str = "busy"
    ) -> None:
        self.google.busy(mailbox, start, end, status)

    def unknown(self, mailbox: str) -> None:
        self.google.unknown(mailbox)

    def hidden(self, mailbox: str) -> None:
        self.google.hidden(mailbox)

    def broken(self, mailbox: str) -> None:
        self.google.mailbox_fails(mailbox)

    def foreign(self, start: datetime, end: datetime) -> str:
        return self.google.foreign_event(self.host, start, end)

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        self.google.move(event_id, start, end)

    def delete(self, event_id: str) -> None:
        self.google.delete(event_id)

    def standing(self) -> int:
        return len(self.google.standing(self.host))


class GoogleTokens:
    """Where a calendar gets its token; counts how often a new one was wanted."""

    def __init__(self, google: Google, *scopes: str) -> None:
        self._google, self._scopes = google, scopes or SCOPES
        self._token = google.access_token(SCHEDULER, *self._scopes)
        self.renewals = 0

    def __call__(self, refused: bool) -> str:  # noqa: FBT001  (the port's)
        if refused:
            self.renewals += 1
            self._token = self._google.access_token(SCHEDULER, *self._scopes)
        return self._token


def google_vendor(
    google: Google, limits: Limits = LIMITS, ca_file: Path | None = None
) -> provider.Google:
    """Return the product's own adapter, with this fake as its Google."""
    line = _line(google, ca_file or google.ca_file)
    return provider.Google(
        line,
        api=google.url,
        consent_page=f"{google.url}/o/oauth2/v2/auth",
        token_url=f"{google.url}/token",
        limits=limits,
    )


@cache
def _line(google: Google, ca_file: Path) -> VendorClient:
    """Return one HTTP client for all tests: its certificates take long to load."""

    def now() -> datetime:
        return google.clock()  # which a test may set later

    return VendorClient("Google", ca_file=ca_file, now=now)


def opened(
    google: Google,
    host: str = "",
    limits: Limits = LIMITS,
    tokens: GoogleTokens | None = None,
    *,
    is_new: bool = False,
) -> GoogleCalendar:
    """Return a connected account."""
    return google_vendor(google, limits).open(
        tokens or GoogleTokens(google),
        host,
        account=SCHEDULER,
        zone=CHICAGO,
        host_is_new=is_new,
    )


def registration(google: Google, **other: str) -> Registration:
    """Return what Google knows the product by."""
    right = {"client_id": google.client_id, "secret": google.client_secret}
    return Registration(**{**right, **other})


def signed_in(google: Google, by: Registration | None = None, **how) -> Grant:
    """Sign in and accept."""
    vendor, by = google_vendor(google), by or registration(google)
    begun = vendor.begin(by, AT)
    answer = google.approve(begun.address, **how)
    return vendor.finish(by, begun.flow, answer, utc_now())
