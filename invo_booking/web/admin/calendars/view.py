"""The values on the former page *Calendar API*."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.settings import providers
from invo_booking.settings.spec import SettingKind
from invo_booking.texts import say
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.admin.finder_view import setting_address
from invo_booking.web.admin.setting_words import setting_value_text

SHOWN = (providers.GOOGLE, providers.GOOGLE_CLIENT_ID, providers.GOOGLE_API_KEY)


@dataclass(frozen=True)
class CalendarFactView:
    """One setting, with the URL of its field."""

    label: str
    value: str
    address: str


def calendar_fact_views(rows: Sequence[SettingEntry]) -> list[CalendarFactView]:
    """Return the settings that the page *Calendar API* had, in the same order."""
    by_key = {row.key: row for row in rows}
    entries = [by_key[entry.key] for entry in SHOWN if entry.key in by_key]
    return [
        CalendarFactView(row.label, _value_text(row), setting_address(row))
        for row in entries
    ]


def _value_text(row: SettingEntry) -> str:
    if row.kind is SettingKind.SECRET:
        return say("calendar_api.stored") if row.is_set else say("calendar_api.empty")
    return setting_value_text(row, row.text)
