"""What every provider is tested against: its calendar, and a world to change around it.

A world is a vendor's server with the product's own adapter connected to it. Whatever
is true of one is to be true of all, so tests of the contract know nothing else.
"""

from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import (
    OWN_HOST,
    Grant,
    Limits,
    Registration,
)
from invo_booking.domain.calendars.ports import BackendCalendar
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
)
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.provider import LIMITS, Microsoft, OutlookCalendar
from tests.support.host_calendar import PlainHost
from tests.support.microsoft import SCHEDULER, Outlook
from tests.support.plain_calendar import PlainCalendar

AT = "https://booking.example/outlook"


CHICAGO = ZoneInfo("America/Chicago")


class World(Protocol):
    """A provider's server, as a person at the institution changes it."""

    calendar: BackendCalendar

    def busy(self, mailbox: str, start: datetime, end: datetime, status: str) -> None:
        """Put something into somebody's calendar."""
        ...

    def unknown(self, mailbox: str) -> None:
        """Have no such mailbox."""
        ...

    def hidden(self, mailbox: str) -> None:
        """Let nobody see when a mailbox is busy."""
        ...

    def broken(self, mailbox: str) -> None:
        """Have a mailbox answer nothing but an error of its own."""
        ...

    def foreign(self, start: datetime, end: datetime) -> str:
        """Put an event into the host calendar; return its id."""
        ...

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """Move an event of the host calendar."""
        ...

    def delete(self, event_id: str) -> None:
        """Delete an event of the host calendar."""
        ...

    def standing(self) -> int:
        """Return how many events the host calendar holds."""
        ...


class OutlookWorld:
    """Outlook 365, with a group whose calendar hosts appointments."""

    def __init__(self, outlook: Outlook, limits: Limits = LIMITS) -> None:
        self.outlook = outlook
        self.group = outlook.group()
        self.calendar = opened(outlook, self.group, limits)

    def busy(
        self, mailbox: str, start: datetime, end: datetime, status: str = "busy"
    ) -> None:
        self.outlook.busy(mailbox, start, end, status=status)

    def unknown(self, mailbox: str) -> None:
        self.outlook.unknown(mailbox)

    def hidden(self, mailbox: str) -> None:
        self.outlook.no_access(mailbox)

    def broken(self, mailbox: str) -> None:
        self.outlook.mailbox_fails(mailbox)

    def foreign(self, start: datetime, end: datetime) -> str:
        return self.outlook.foreign_event(self.group, start, end)

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        self.outlook.move(event_id, start, end)

    def delete(self, event_id: str) -> None:
        self.outlook.delete(event_id)

    def standing(self) -> int:
        return len(self.outlook.events(self.group))


class OwnCalendarWorld(OutlookWorld):
    """Outlook 365, with the connected account's own calendar as host."""

    def __init__(self, outlook: Outlook, limits: Limits = LIMITS) -> None:
        self.outlook = outlook
        self.group = SCHEDULER
        self.calendar = opened(outlook, OWN_HOST, limits)

    def foreign(self, start: datetime, end: datetime) -> str:
        return self.outlook.busy(SCHEDULER, start, end)


class PlainWorld:
    """The stand-ins for a provider that tests of use cases are given."""

    def __init__(self) -> None:
        self.team, self.host = PlainCalendar(), PlainHost()
        self.calendar = _Both(self.team, self.host)

    def busy(
        self, mailbox: str, start: datetime, end: datetime, status: str = "busy"
    ) -> None:
        if status not in {"free", "workingElsewhere"}:
            self.team.busy.setdefault(mailbox, []).append(Interval(start, end))

    def unknown(self, mailbox: str) -> None:
        self.team.problems[mailbox] = MailboxUnknownError("Nobody.")

    def hidden(self, mailbox: str) -> None:
        self.team.problems[mailbox] = PermissionMissingError("Not shared.")

    def broken(self, mailbox: str) -> None:
        self.team.problems[mailbox] = ProviderDownError("Down.")

    def foreign(self, start: datetime, end: datetime) -> str:
        return self.host.foreign(Interval(start, end))

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        self.host.move(event_id, Interval(start, end))

    def delete(self, event_id: str) -> None:
        self.host.delete(event_id)

    def standing(self) -> int:
        return len(self.host.kept)


class _Both:
    """Free and busy of one stand-in, and the host calendar of the other."""

    def __init__(self, team: PlainCalendar, host: PlainHost) -> None:
        self.free_busy = team.free_busy
        self.events, self.event, self.find = host.events, host.event, host.find
        self.create, self.change, self.cancel = host.create, host.change, host.cancel


class Tokens:
    """Where a calendar gets its token; counts how often a new one was wanted."""

    def __init__(self, outlook: Outlook, *scopes: str) -> None:
        self._outlook, self._scopes = outlook, scopes
        self._token = outlook.access_token(SCHEDULER, *scopes)
        self.renewals = 0

    def __call__(self, refused: bool) -> str:  # noqa: FBT001  (the port's)
        if refused:
            self.renewals += 1
            self._token = self._outlook.access_token(SCHEDULER, *self._scopes)
        return self._token


def vendor(
    outlook: Outlook, limits: Limits = LIMITS, ca_file: Path | None = None
) -> Microsoft:
    """Return the product's own adapter, with this fake as its Microsoft."""
    line = VendorClient("Microsoft", ca_file=ca_file or outlook.ca_file, now=utc_now)
    return Microsoft(line, authority=outlook.url, graph=outlook.url, limits=limits)


def opened(
    outlook: Outlook,
    group: str = "",
    limits: Limits = LIMITS,
    tokens: Tokens | None = None,
    *,
    is_new: bool = False,
) -> OutlookCalendar:
    """Return a connected account."""
    return vendor(outlook, limits).open(
        tokens or Tokens(outlook), group, zone=CHICAGO, host_is_new=is_new
    )


def registration(outlook: Outlook, **other: str) -> Registration:
    """Return what Microsoft knows the product by."""
    right = {
        "client_id": outlook.client_id,
        "secret": outlook.client_secret,
        "tenant": outlook.tenant,
    }
    return Registration(**{**right, **other})


def signed_in(outlook: Outlook, **other: str) -> Grant:
    """Sign in and accept."""
    microsoft, by = vendor(outlook), registration(outlook, **other)
    begun = microsoft.begin(by, AT)
    return microsoft.finish(by, begun.flow, outlook.approve(begun.address), utc_now())
