"""Define the settings of the page Calendars."""

from datetime import timedelta

from invo_booking.domain.access.roles import Role
from invo_booking.settings.parsers import (
    choice_setting_field,
    minutes_setting_field,
    percent_setting_field,
    switch_setting_field,
)
from invo_booking.settings.spec import Page, Setting, Values

NO_PROVIDER, GOOGLE, OUTLOOK, EXCHANGE = "none", "google", "outlook", "exchange"

PRIMARY_PROVIDER = Setting(
    key="calendars.primary_provider",
    page=Page.CALENDARS,
    label="Primary Calendar Provider",
    help="The calendar system from which agents' busy times are read. This version "
    "connects to Outlook 365, Google and Exchange. A change deletes the busy times "
    "read before.",
    default=NO_PROVIDER,
    field=choice_setting_field(
        {
            NO_PROVIDER: "None",
            OUTLOOK: "Outlook 365",
            EXCHANGE: "Exchange",
            GOOGLE: "Google",
        }
    ),
    changeable_by=frozenset({Role.SUPER_ADMIN}),
)
FREE_PERCENT = Setting(
    key="calendars.free_percent",
    page=Page.CALENDARS,
    label="Time Slot Availability",
    help="A slot is offered to the public only if this share of the agents on duty is "
    "free. With 50 and four agents on duty, at least two must be free. Staff can book "
    "the other agents too.",
    default=0,
    field=percent_setting_field(),
)
TWO_WAY = Setting(
    key="calendars.two_way",
    page=Page.CALENDARS,
    label="Two-way integration",
    help="Appointments are written to the host calendar, and changes made there are "
    "applied to the appointments. Works with Outlook 365 only. To Google and "
    "Exchange, appointments are always written, and changes made there are not "
    "applied.",
    default=False,
    field=switch_setting_field(),
)
COMPUTE_AVAILABILITY = Setting(
    key="calendars.compute_availability",
    page=Page.CALENDARS,
    label="Compute agent availability",
    help="Agents who are busy in their own calendar are not offered or booked at that "
    "time. When off, only appointments made here count.",
    default=False,
    field=switch_setting_field(),
)
CACHE_INTERVAL = Setting(
    key="calendars.cache_interval",
    page=Page.CALENDARS,
    label="Cache update interval",
    help="Agents' busy times are read from the primary provider at this interval. With "
    "5, they are at most about five minutes old.",
    default=timedelta(minutes=5),
    field=minutes_setting_field(1, 60),
)
LIVE_CHECK = Setting(
    key="calendars.live_check",
    page=Page.CALENDARS,
    label="Check the calendar again when booking",
    help="Before an agent is booked, the agent's busy times are read once more, for at "
    "most two seconds. Without a response, busy times from the last two update "
    "intervals count and the appointment is marked as not checked; with older ones, "
    "the agent is not booked. Has no effect until a provider is connected.",
    default=True,
    field=switch_setting_field(),
)
INVITE_CUSTOMER = Setting(
    key="calendars.invite_customer",
    page=Page.CALENDARS,
    label="Invite the customer from the host calendar",
    help="Customers receive the provider's invitation. The product's mail then has no "
    "invitation, so that their calendar shows one entry. A change applies to "
    "customers who have no invitation yet. Has no effect until a host calendar is "
    "connected.",
    default=False,
    field=switch_setting_field(),
)
ONLINE_MEETING = Setting(
    key="calendars.online_meeting",
    page=Page.CALENDARS,
    label="Meet in Teams or Google Meet",
    help="The join button of a video appointment opens an online meeting, which the "
    "host calendar creates: in Teams with Outlook 365, in Google Meet with Google. "
    "Exchange creates none.",
    default=False,
    field=switch_setting_field(),
)
PRIVATE_EVENTS = Setting(
    key="calendars.private_events",
    page=Page.CALENDARS,
    label="Mark appointments as private",
    help="People who share the host calendar or an agent's calendar see that the time "
    "is busy, but neither customer nor subject. Agents see everything in their own "
    "calendar. Events already written change when their appointment next changes.",
    default=False,
    field=switch_setting_field(),
)
CANCEL_DELETED = Setting(
    key="calendars.cancel_deleted",
    page=Page.CALENDARS,
    label="Cancel appointments deleted in the host calendar",
    help="An appointment whose event is deleted in the host calendar is cancelled, and "
    "the customer is notified. When off, staff decide.",
    default=True,
    field=switch_setting_field(),
)
GOOGLE_PERSONAL = Setting(
    key="calendars.google_personal",
    page=Page.CALENDARS,
    label="Google calendar",
    help="Agents can sign in to their own Google calendar and see it beside their "
    "appointments. Nothing of it is stored. Needs the Google Client ID and the client "
    "secret below.",
    default=False,
    field=switch_setting_field(),
)
OUTLOOK_PERSONAL = Setting(
    key="calendars.outlook_personal",
    page=Page.CALENDARS,
    label="Outlook calendar",
    help="Agents can sign in to their own Outlook calendar and see it beside their "
    "appointments. Nothing of it is stored. Needs the Outlook client ID, tenant and "
    "client secret below.",
    default=False,
    field=switch_setting_field(),
)

FOLLOWED = frozenset({OUTLOOK})
"""Providers from which the product can read changes made in the host calendar."""

ONE_WAY = frozenset({GOOGLE, EXCHANGE})
"""Providers for which appointments are always written to the host calendar. The product
never reads changes from the host calendars of these providers."""

MEETING_HOSTS = frozenset({OUTLOOK, GOOGLE})
"""Providers whose host calendar creates online meetings."""

_READINGS, _AT_LEAST = 3, timedelta(minutes=15)
_UNCHECKED_READINGS = 2


def may_follow_changes(provider: str) -> bool:
    """Whether the product can read changes made in a provider's host calendar."""
    return provider in FOLLOWED


def writes_events_by_setting(values: Values) -> bool:
    """Whether appointments are written to the host calendar."""
    provider = values[PRIMARY_PROVIDER]
    return provider in ONE_WAY or (provider != NO_PROVIDER and values[TWO_WAY])


def reliance_period(values: Values) -> timedelta:
    """Return the age up to which data read from a calendar is valid.

    Calendars are read several times within this period, so that a few failures do no
    harm.
    """
    return max(_READINGS * values[CACHE_INTERVAL], _AT_LEAST)


def unchecked_period(values: Values) -> timedelta:
    """Return the age up to which data is valid for bookings without a live check."""
    return _UNCHECKED_READINGS * values[CACHE_INTERVAL]


def has_host_meetings_by_setting(values: Values) -> bool:
    """Whether video calls take place in online meetings of the host calendar."""
    return (
        values[PRIMARY_PROVIDER] in MEETING_HOSTS
        and writes_events_by_setting(values)
        and values[ONLINE_MEETING]
    )


def has_host_invitations(values: Values) -> bool:
    """Whether the host calendar, not the product's mail, sends customers invitations.

    The result is meaningful only while a provider is connected.
    """
    return writes_events_by_setting(values) and values[INVITE_CUSTOMER]


def reads_busy_times_by_setting(values: Values) -> bool:
    """Whether agents' outside calendars are read for their busy times."""
    return values[PRIMARY_PROVIDER] != NO_PROVIDER and values[COMPUTE_AVAILABILITY]
