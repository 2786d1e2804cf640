"""Read an agent's own Google calendars, with the agent's own sign-in.

Source:
    developers.google.com/workspace/calendar/api/v3/reference/events/list
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import Registration, SignIn
from invo_booking.domain.calendars.personal import (
    MOST_EVENTS,
    PersonalCalendar,
    PersonalEvent,
    PersonalGrant,
    PersonalListing,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.calls import Call
from invo_booking.providers.deadline import within_deadline
from invo_booking.providers.events import DAY, write_bound
from invo_booking.providers.google import oauth, times
from invo_booking.providers.google.api import Api
from invo_booking.providers.google.oauth import GoogleSignIn
from invo_booking.providers.google.permissions import IDENTITY, LIST, PREFIX
from invo_booking.providers.http import VendorClient
from invo_booking.providers.personal_events import (
    CONCURRENCY,
    SECONDS,
    own_link,
    read_personal_events,
    require_scopes,
    shown_title,
)
from invo_booking.texts import say

EVENTS: Final = "calendar.events.readonly"
SCOPES: Final = (*IDENTITY, f"{PREFIX}{LIST}", f"{PREFIX}{EVENTS}")
"""Scopes requested from an agent; they permit less than ``calendar.readonly``."""

KINDS = frozenset({"default", "focusTime", "outOfOffice", "fromGmail"})
"""Kinds of events that take time; birthdays and working locations do not."""

HOSTS = frozenset({"www.google.com", "calendar.google.com"})
_OPEN = frozenset({"default", "public"})
_FIELDS = (
    "items(status,summary,start,end,htmlLink,recurringEventId,transparency,visibility,"
    "eventType,attendees(self,responseStatus)),nextPageToken"
)


class GooglePersonal:
    """Google for agents' own calendars; see ``domain.calendars.ports.Personal``."""

    def __init__(
        self,
        caller: VendorClient,
        *,
        api: str,
        consent_page: str,
        token_url: str,
        seconds: float = SECONDS,
    ) -> None:
        """Create the object without calling Google.

        Args:
            api: Base URL of the API.
            consent_page: URL to which the browser is sent to sign in.
            token_url: URL of the token endpoint.
            seconds: Time limit of a single call, and of all calls within ``deadline``
                together.
        """
        self._sign_in = GoogleSignIn(
            caller,
            consent_page=consent_page,
            token_url=token_url,
            seconds=seconds,
            scopes=SCOPES,
        )
        self._caller, self._api, self._seconds = caller, api, seconds

    def deadline(self) -> AbstractContextManager[None]:
        """Limit all calls in this thread to one common deadline."""
        return within_deadline(self._seconds)

    def begin(self, by: Registration, redirect_uri: str, state: str) -> SignIn:
        """Start a sign-in that the agent finishes in the browser."""
        return self._sign_in.begin(_as_person(by), redirect_uri, state)

    def finish(
        self, by: Registration, flow: str, answer: Mapping[str, str], now: datetime
    ) -> PersonalGrant:
        """Convert the parameters of Google's redirect to a grant."""
        grant = self._sign_in.finish(_as_person(by), flow, answer, now)
        require_scopes(SCOPES[len(IDENTITY) :], grant.scopes, "Google")
        return PersonalGrant(
            account=grant.account,
            refresh_token=oauth.lasting_token(grant),
            access_token=oauth.access_token(grant),
            expires_at=grant.expires_at,
        )

    def renew(
        self, by: Registration, account: str, refresh_token: str, now: datetime
    ) -> PersonalGrant:
        """Return a grant with a new access token."""
        known = oauth.grant_of_refresh_token(account, refresh_token, now)
        grant = self._sign_in.renew(_as_person(by), known, now)
        return PersonalGrant(
            account=account,
            refresh_token=oauth.lasting_token(grant),
            access_token=oauth.access_token(grant),
            expires_at=grant.expires_at,
        )

    def revoke(self, refresh_token: str, now: datetime) -> bool:
        """Revoke the sign-in at Google; always return ``True``."""
        with within_deadline(self._seconds):
            grant = oauth.grant_of_refresh_token("", refresh_token, now)
            self._sign_in.revoke(grant)
        return True

    def calendars(self, token: Callable[[bool], str]) -> list[PersonalCalendar]:
        """Return the calendars in the account's list, the primary calendar first."""
        call = Call(
            method="GET",
            path="/users/me/calendarList",
            query={
                "maxResults": "250",
                "minAccessRole": "reader",
                "fields": "items(id,summary,summaryOverride,primary),nextPageToken",
            },
            needs=(LIST,),
            purpose=say("google.calendars.purpose_list"),
        )
        with within_deadline(self._seconds):
            rows = list(islice(self._open(token).pages(call), MOST_EVENTS))
        listed = [_calendar(row) for row in rows if isinstance(row.get("id"), str)]
        return sorted(listed, key=lambda it: (not it.is_primary, it.name.lower()))

    def events(
        self,
        token: Callable[[bool], str],
        calendar_id: str,
        window: Interval,
        zone: ZoneInfo,
    ) -> PersonalListing:
        """Return the events of a calendar that take time in a window.

        Google reads the dates of all-day events in the calendar's zone; we read them in
        the institution's zone. So the request covers one more day on either side.
        """
        widened = window.widen(DAY, DAY)
        call = Call(
            method="GET",
            path="/calendars/{calendar}/events",
            at={"calendar": calendar_id or "primary"},
            query={
                "singleEvents": "true",
                "orderBy": "startTime",
                "timeMin": write_bound(widened.start),
                "timeMax": write_bound(widened.end),
                "maxResults": "2500",
                "maxAttendees": "1",
                "fields": _FIELDS,
            },
            needs=(EVENTS,),
            purpose=say("google.personal.purpose_events"),
        )
        with within_deadline(self._seconds):
            rows = list(islice(self._open(token).pages(call), MOST_EVENTS + 1))
        return read_personal_events(
            (row for row in rows if _takes_time(row)),
            lambda row: _event(row, zone),
            window,
            is_complete=len(rows) <= MOST_EVENTS,
        )

    def _open(self, token: Callable[[bool], str]) -> Api:
        gate = threading.BoundedSemaphore(CONCURRENCY)
        return Api(self._caller, self._api, token, gate=gate, seconds=self._seconds)


def _as_person(by: Registration) -> Registration:
    """Return the registration without the bank's service account.

    Agents sign in as themselves, so the service account is not used for them.
    """
    return replace(by, service_account="")


def _calendar(row: Mapping[str, Any]) -> PersonalCalendar:
    name = row.get("summaryOverride") or row.get("summary") or row["id"]
    return PersonalCalendar(
        id=row["id"], name=shown_title(name), is_primary=bool(row.get("primary"))
    )


def _takes_time(row: Mapping[str, Any]) -> bool:
    return (
        row.get("status") != "cancelled"
        and row.get("transparency") != "transparent"
        and row.get("eventType", "default") in KINDS
        and not _is_declined(row)
    )


def _is_declined(row: Mapping[str, Any]) -> bool:
    listed = row.get("attendees")
    guests: list[Any] = cast("list[Any]", listed) if isinstance(listed, list) else []
    return any(_declines_as_self(guest) for guest in guests)


def _declines_as_self(guest: Any) -> bool:
    if not isinstance(guest, dict):
        return False
    said = cast("dict[str, Any]", guest)
    return said.get("self") is True and said.get("responseStatus") == "declined"


def _event(row: Mapping[str, Any], zone: ZoneInfo) -> PersonalEvent:
    is_private = row.get("visibility", "default") not in _OPEN
    start: Any = row["start"]
    return PersonalEvent(
        period=times.event_period(row, zone),
        title="" if is_private else shown_title(row.get("summary")),
        link=own_link(row.get("htmlLink"), HOSTS),
        is_all_day="date" in start and not start.get("dateTime"),
        is_private=is_private,
        is_recurring=bool(row.get("recurringEventId")),
    )
