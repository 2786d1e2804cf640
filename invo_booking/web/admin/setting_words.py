"""Group the settings on their pages, and write values of settings in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date

from invo_booking.domain.rooms import room_example
from invo_booking.settings import calendars, calls, general
from invo_booking.settings.spec import Page, SettingKind
from invo_booking.texts import count, say
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.admin.connection.provider_words import (
    PERSONAL_CALENDARS,
    PROVIDER_GROUPS,
)
from invo_booking.web.kit.text.words import ViewerContext

HOUR, DAY = 60, 24 * 60
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together on a page.

    Attributes:
        keys: Keys of the settings. A key that ends in a dot or an underscore stands
            for all keys with this prefix. Settings in no group are shown in the
            page's last group.
    """

    title: str
    lead: str
    keys: tuple[str, ...]


LEADS: Mapping[Page, str] = {
    Page.GENERAL: say("settings.lead.general"),
    Page.TIME: say("settings.lead.time"),
    Page.CALENDARS: say("settings.lead.calendars"),
    Page.CALLS: say("settings.lead.calls"),
    Page.UX: say("settings.lead.ux"),
    Page.MAILER: say("settings.lead.mailer"),
    Page.BRANDING: say("settings.lead.branding"),
}
PARTS: Mapping[Page, tuple[SettingGroup, ...]] = {
    Page.GENERAL: (
        SettingGroup(
            say("settings.group.rights"),
            say("settings.group.rights_lead"),
            ("general.who_can_",),
        ),
        SettingGroup(
            say("settings.group.customers"),
            say("settings.group.customers_lead"),
            (
                "general.public_scheduling",
                "general.contact_requirement",
                "general.most_",
            ),
        ),
        SettingGroup(
            say("settings.group.dashboards"),
            say("settings.group.dashboards_lead"),
            ("general.show_unassigned",),
        ),
        SettingGroup(
            say("settings.group.purge"),
            say("settings.group.purge_lead"),
            ("general.purge_outdated",),
        ),
    ),
    Page.TIME: (
        SettingGroup(
            say("settings.group.length"),
            say("settings.group.length_lead"),
            (
                "time.max_duration",
                "time.min_duration",
                "time.default_duration",
                "time.interval",
            ),
        ),
        SettingGroup(
            say("settings.group.call"),
            say("settings.group.call_lead"),
            (
                "time.join_before",
                "time.reminders",
                "time.max_wait",
                "time.confirm_timeout",
            ),
        ),
        SettingGroup(
            say("settings.group.days"),
            say("settings.group.days_lead"),
            ("time.weekends_off", "time.horizon"),
        ),
        SettingGroup(
            say("settings.group.notice"),
            say("settings.group.notice_lead"),
            ("time.agent_", "time.public_"),
        ),
    ),
    Page.CALENDARS: (
        SettingGroup(
            say("settings.group.provider"),
            say("settings.group.provider_lead"),
            ("calendars.primary_provider",),
        ),
        SettingGroup(
            say("settings.group.use"),
            say("settings.group.use_lead"),
            (
                "calendars.two_way",
                "calendars.compute_availability",
                "calendars.cache_interval",
                "calendars.live_check",
                "calendars.free_percent",
            ),
        ),
        SettingGroup(
            say("settings.group.host"),
            say("settings.group.host_lead"),
            (
                "calendars.invite_customer",
                "calendars.online_meeting",
                "calendars.private_events",
                "calendars.cancel_deleted",
            ),
        ),
        SettingGroup(
            say("settings.group.personal"),
            say("settings.group.personal_lead"),
            PERSONAL_CALENDARS,
        ),
        *(SettingGroup(*group) for group in PROVIDER_GROUPS),
    ),
    Page.CALLS: (
        SettingGroup(
            say("settings.group.room"),
            say("settings.group.room_lead"),
            ("calls.room", "calls.room_servers"),
        ),
        SettingGroup(
            say("settings.group.token"),
            say("settings.group.token_lead"),
            ("calls.token_",),
        ),
        SettingGroup(
            say("settings.group.phone"),
            say("settings.group.phone_lead"),
            ("calls.phone",),
        ),
    ),
    Page.UX: (
        SettingGroup(
            say("settings.group.slots"),
            say("settings.group.slots_lead"),
            ("ux.",),
        ),
    ),
    Page.MAILER: (
        SettingGroup(
            say("settings.group.sender"),
            say("settings.group.sender_lead"),
            ("mailer.sender_", "mailer.reply_to"),
        ),
        SettingGroup(
            say("settings.group.server"),
            say("settings.group.server_lead"),
            ("mailer.",),
        ),
    ),
    Page.BRANDING: (),
}
BEFORE_SAVING: Mapping[str, str] = {
    calendars.PRIMARY_PROVIDER.key: say("settings.before_saving.provider"),
    general.PURGE_OUTDATED.key: say("settings.before_saving.purge"),
}
"""Texts to read before a setting is changed, by the setting's key. Used if the row of
the setting has no more specific text.
"""


def setting_rows_by_part(
    page: Page, rows: Sequence[SettingEntry]
) -> list[tuple[SettingGroup, list[SettingEntry]]]:
    """Return the rows of a page by group, without empty groups."""
    rest = list(rows)
    parts: list[tuple[SettingGroup, list[SettingEntry]]] = []
    for part in PARTS[page]:
        mine = [row for key in part.keys for row in rest if _is_meant(key, row.key)]
        rest = [row for row in rest if row not in mine]
        parts.append((part, mine))
    if rest and parts:
        parts[-1][1].extend(rest)
    return [(part, mine) for part, mine in parts if mine]


def setting_value_text(row: SettingEntry, text: str) -> str:
    """Return a value in words, such as ``45 minutes``."""
    if row.kind is SettingKind.SECRET:
        return say("settings.secret.stored_value") if text else say("settings.nothing")
    if row.kind is SettingKind.MINUTES_LIST and not _numbers_of(text):
        return say("settings.none")
    if row.choices:
        return _chosen_text(row, text)
    return f"{text} {row.unit}".strip() or say("settings.empty")


def longer_setting_words(row: SettingEntry, text: str) -> str:
    """Return a second, clearer wording of a value; empty if none is needed.

    For minutes, the wording uses larger units; for the URL of a room, the wording is an
    example.
    """
    if row.key == calls.ROOM.key:
        return _room_example_text(text)
    if row.kind not in {SettingKind.MINUTES, SettingKind.MINUTES_LIST}:
        return ""
    numbers = _numbers_of(text)
    if row.kind is SettingKind.MINUTES_LIST and not numbers:
        return say("settings.no_reminder")
    if all(number < HOUR for number in numbers):
        return ""
    return ", ".join(_span_text(number) for number in sorted(numbers))


def setting_change_time_text(at: datetime, viewer: ViewerContext) -> str:
    """Return when something was changed: how long ago, or on which day."""
    passed = (viewer.now - at) // MINUTE
    if passed < 1:
        return say("settings.when.now")
    if passed < HOUR:
        return (
            say("settings.when.minute")
            if passed == 1
            else say("settings.when.minutes", minutes=passed)
        )
    day = at.astimezone(viewer.zone).date()
    if day == viewer.today:
        return say("settings.when.today", time=viewer.clock(at))
    return format_date(day, "medium", locale=viewer.locale)


def setting_values_of(text: str) -> list[str]:
    """Return the values in a form text, which are separated by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _room_example_text(text: str) -> str:
    try:
        template = calls.ROOM.parse(text)
    except ValueError:
        return ""
    if not template:
        return ""
    return say("settings.room_example", address=room_example(template))


def _is_meant(key: str, query: str) -> bool:
    family = key.endswith((".", "_"))
    return query.startswith(key) if family else query == key


def _chosen_text(row: SettingEntry, text: str) -> str:
    values = {text} if row.kind is SettingKind.CHOICE else set(setting_values_of(text))
    labels = [choice.label for choice in row.choices if choice.value in values]
    if row.kind is SettingKind.CHOICE:
        return labels[0] if labels else text
    return ", ".join(label.lower() for label in labels) or say("settings.nobody")


def _numbers_of(text: str) -> list[int]:
    return [
        int(part) for part in setting_values_of(text) if part.isdecimal() and int(part)
    ]


def _span_text(minutes: int) -> str:
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, HOUR)
    parts = (
        ("settings.span.days", days),
        ("settings.span.hours", hours),
        ("settings.span.minutes", left),
    )
    return " ".join(count(key, number) for key, number in parts if number)
