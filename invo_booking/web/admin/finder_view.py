"""The results of the search over all settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.texts import count, say
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.core import routes

MOST = 8


@dataclass(frozen=True)
class HitView:
    """A setting in the list of results, with its URL."""

    label: str
    page: str
    address: str


def found_setting_views(rows: Sequence[SettingEntry]) -> list[HitView]:
    """Return the first few of the settings that the search found."""
    return [HitView(row.label, row.page, setting_address(row)) for row in rows[:MOST]]


def setting_address(row: SettingEntry) -> str:
    """Return the URL that opens and highlights a setting."""
    return f"{routes.settings_route(row.page.slug)}#{row.key}"


def found_settings_summary(rows: Sequence[SettingEntry], words: str) -> str:
    """Return the number of results in words."""
    if not rows:
        return say("finder.none", words=words)
    if len(rows) > MOST:
        return count("finder.found_first", len(rows), words=words, most=MOST)
    return count("finder.found", len(rows), words=words)
