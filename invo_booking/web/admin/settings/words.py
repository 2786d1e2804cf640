"""How the settings pages are divided, and values of settings as people say them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date

from invo_booking.settings import calendars, general
from invo_booking.settings.spec import Page, SettingKind
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.kit.text.names import count_text
from invo_booking.web.kit.text.words import ViewerContext

HOUR, DAY = 60, 24 * 60
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together on a page.

    Attributes:
        keys: Which; a key that ends in a dot or underscore means all that begin
            so. What no part names is shown in the last one.
    """

    title: str
    lead: str
    keys: tuple[str, ...]


LEADS: Mapping[Page, str] = {
    Page.GENERAL: "Who may do what, what customers can do by themselves, and what is "
    "kept.",
    Page.TIME: "How long appointments last, how soon someone can book, and what "
    "happens around a call.",
    Page.CALENDARS: "Where agents' busy times come from, and where appointments are "
    "written. Outlook 365 can be connected; what you enter for Exchange and Google is "
    "checked and kept until they can be.",
    Page.UX: "The colors of time slots. Contrast is checked as you choose.",
    Page.MAILER: "Whom your customers' mail comes from, and the server it goes to.",
    Page.BRANDING: "The pictures your customers and your staff see.",
}
PARTS: Mapping[Page, tuple[SettingGroup, ...]] = {
    Page.GENERAL: (
        SettingGroup(
            "Who may do what",
            "The same on screens, through the API and in events.",
            ("general.who_can_",),
        ),
        SettingGroup(
            "What customers can do",
            "These apply to everyone who books without signing in.",
            (
                "general.public_scheduling",
                "general.contact_requirement",
                "general.most_",
            ),
        ),
        SettingGroup(
            "On staff dashboards",
            "Which unassigned appointments people see.",
            ("general.show_unassigned",),
        ),
        SettingGroup(
            "Clearing out",
            "For institutions that keep customer data no longer than needed.",
            ("general.purge_outdated",),
        ),
    ),
    Page.TIME: (
        SettingGroup(
            "Length of appointments",
            "The Answer's own duration always comes first. These are kept as "
            "fall-backs for Answers without one.",
            (
                "time.max_duration",
                "time.min_duration",
                "time.default_duration",
                "time.interval",
            ),
        ),
        SettingGroup(
            "Around the call",
            "What happens before a call starts and while someone is waiting.",
            (
                "time.join_before",
                "time.reminders",
                "time.max_wait",
                "time.confirm_timeout",
            ),
        ),
        SettingGroup(
            "Which days can be booked",
            "Weekends and midnights are those of the institution.",
            ("time.weekends_off", "time.horizon"),
        ),
        SettingGroup(
            "How soon someone can book",
            "Earliest day and time window both apply. The later moment wins.",
            ("time.agent_", "time.public_"),
        ),
    ),
    Page.CALENDARS: (
        SettingGroup(
            "Where busy times come from",
            "Says when agents are busy, and hosts their appointments. Only one at a "
            "time.",
            ("calendars.primary_provider",),
        ),
        SettingGroup(
            "How it is used",
            "What the provider's busy times change when slots are offered.",
            (
                "calendars.two_way",
                "calendars.compute_availability",
                "calendars.cache_interval",
                "calendars.live_check",
                "calendars.free_percent",
            ),
        ),
        SettingGroup(
            "What is in the host calendar",
            "Appointments are written there while two-way integration is on.",
            (
                "calendars.invite_customer",
                "calendars.online_meeting",
                "calendars.cancel_deleted",
            ),
        ),
        SettingGroup(
            "Personal calendars",
            "For a later version, in which agents show their own calendar to "
            "themselves.",
            ("calendars.google_personal", "calendars.outlook_personal"),
        ),
        SettingGroup(
            "Google",
            "From your project in the Google Cloud console.",
            ("calendars.google",),
        ),
        SettingGroup(
            "Outlook 365",
            "From your app registration in Microsoft Entra.",
            ("calendars.outlook_",),
        ),
        SettingGroup(
            "Exchange",
            "Your own mail server, on your premises.",
            ("calendars.exchange_",),
        ),
    ),
    Page.UX: (
        SettingGroup(
            "Slots in the scheduler",
            "Used on your public pages, in light and dark.",
            ("ux.",),
        ),
    ),
    Page.MAILER: (
        SettingGroup(
            "Sender",
            "What your customers see on every mail.",
            ("mailer.sender_", "mailer.reply_to"),
        ),
        SettingGroup(
            "Mail server",
            "Where mail is handed over. It is used for the next mail that is sent.",
            ("mailer.",),
        ),
    ),
    Page.BRANDING: (),
}
BEFORE_SAVING: Mapping[str, str] = {
    calendars.PRIMARY_PROVIDER.key: "Changing the provider stops the old one and "
    "forgets all busy times read from it, before the new one starts.",
    general.PURGE_OUTDATED.key: "Nothing more is deleted from now on. What was "
    "deleted before cannot be brought back.",
}
"""What must have been read before a setting is changed, unless a row says more."""

PROVIDER_NOTES: Mapping[str, str] = {
    calendars.NO_PROVIDER: "Invo Booking works on its own",
    calendars.OUTLOOK: "Availability, writing, two-way",
    calendars.EXCHANGE: "Cannot be connected in this version",
    calendars.GOOGLE: "Cannot be connected in this version",
}
"""What each provider can do."""


def rows_by_part(
    page: Page, rows: Sequence[SettingEntry]
) -> list[tuple[SettingGroup, list[SettingEntry]]]:
    """Return the rows of a page, part by part; empty parts are left out."""
    left = list(rows)
    found: list[tuple[SettingGroup, list[SettingEntry]]] = []
    for part in PARTS[page]:
        mine = [row for key in part.keys for row in left if _is_meant(key, row.key)]
        left = [row for row in left if row not in mine]
        found.append((part, mine))
    if left and found:
        found[-1][1].extend(left)
    return [(part, mine) for part, mine in found if mine]


def value_text(row: SettingEntry, text: str) -> str:
    """Return a value as people say it, such as ``45 minutes``."""
    if row.kind is SettingKind.SECRET:
        return "a stored secret" if text else "nothing"
    if row.kind is SettingKind.MINUTES_LIST and not _numbers_of(text):
        return "none"
    if row.choices:
        return _chosen_text(row, text)
    return f"{text} {row.unit}".strip() or "empty"


def longer_words(row: SettingEntry, text: str) -> str:
    """Return minutes in larger units where that helps; empty where it does not."""
    if row.kind not in {SettingKind.MINUTES, SettingKind.MINUTES_LIST}:
        return ""
    numbers = _numbers_of(text)
    if row.kind is SettingKind.MINUTES_LIST and not numbers:
        return "No reminder is sent"
    if all(number < HOUR for number in numbers):
        return ""
    return ", ".join(_span_text(number) for number in sorted(numbers))


def change_time_text(at: datetime, viewer: ViewerContext) -> str:
    """Return when something was changed: how long ago, or on which day."""
    passed = (viewer.now - at) // MINUTE
    if passed < 1:
        return "just now"
    if passed < HOUR:
        return "a minute ago" if passed == 1 else f"{passed} minutes ago"
    day = at.astimezone(viewer.zone).date()
    if day == viewer.today:
        return f"today at {viewer.clock(at)}"
    return format_date(day, "medium", locale=viewer.locale)


def values_of(text: str) -> list[str]:
    """Return the values a form text names, with commas between."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_meant(key: str, wanted: str) -> bool:
    family = key.endswith((".", "_")) or key == "calendars.google"
    return wanted.startswith(key) if family else wanted == key


def _chosen_text(row: SettingEntry, text: str) -> str:
    values = {text} if row.kind is SettingKind.CHOICE else set(values_of(text))
    labels = [choice.label for choice in row.choices if choice.value in values]
    if row.kind is SettingKind.CHOICE:
        return labels[0] if labels else text
    return ", ".join(label.lower() for label in labels) or "nobody but super admins"


def _numbers_of(text: str) -> list[int]:
    return [int(part) for part in values_of(text) if part.isdecimal() and int(part)]


def _span_text(minutes: int) -> str:
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, HOUR)
    parts = ((days, "day"), (hours, "hour"), (left, "minute"))
    return " ".join(count_text(count, unit) for count, unit in parts if count)
