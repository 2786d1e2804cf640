"""Describe agents' own calendars, which pages show and the product does not store."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from invo_booking.domain.interval import Interval

LONGEST_RANGE = timedelta(days=63)
"""Longest span of one query; the page for a month shows up to 42 days."""

MOST_EVENTS = 2_000
"""Most events of one listing. If there are more, the rest is left out and
``is_complete`` is false."""

MOST_CALENDARS = 5
"""Most calendars of one account that are shown together."""

LONGEST_TITLE = 200
"""Longest title in characters; the rest is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalGrant:
    """The access to an agent's own calendar that the agent granted at a provider.

    Attributes:
        account: Address of the account.
        refresh_token: Stored only in the agent's browser, in encrypted form.
        access_token: Kept in the memory of a process until it expires.
        expires_at: When the access token expires, in UTC.
    """

    account: str
    refresh_token: str = field(repr=False)
    access_token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalCalendar:
    """One of the calendars of an account.

    Attributes:
        id: The provider's id, which may be an e-mail address.
        is_primary: Whether the calendar is the account's main calendar.
    """

    id: str
    name: str
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalEvent:
    """An event in an agent's own calendar during which the agent is busy.

    Attributes:
        period: When the event takes place; for an all-day event, from midnight to
            midnight in the institution's zone.
        title: Empty if the event is private or has no title.
        link: URL of the event's page at the provider; empty if unknown.
        is_recurring: Whether the event is part of a series.
    """

    period: Interval
    title: str = ""
    link: str = ""
    is_all_day: bool = False
    is_private: bool = False
    is_recurring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalListing:
    """The events of a span, earliest first.

    Attributes:
        unreadable: Number of events left out because they cannot be read.
        is_complete: Whether the listing has all readable events of the span.
    """

    events: tuple[PersonalEvent, ...] = ()
    unreadable: int = 0
    is_complete: bool = True


def join_listings(listings: list[PersonalListing]) -> PersonalListing:
    """Return one listing with the events of all listings, at most ``MOST_EVENTS``."""
    events = sorted(
        (event for listing in listings for event in listing.events),
        key=lambda event: (event.period, event.title),
    )
    return PersonalListing(
        events=tuple(events[:MOST_EVENTS]),
        unreadable=sum(listing.unreadable for listing in listings),
        is_complete=len(events) <= MOST_EVENTS
        and all(listing.is_complete for listing in listings),
    )
