"""What the search over all settings shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.texts import count, say
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.core import routes

MOST = 8


@dataclass(frozen=True)
class HitView:
    """A setting that was found, and where it is."""

    label: str
    page: str
    address: str


def found_setting_views(rows: Sequence[SettingEntry]) -> list[HitView]:
    """Return the first few settings found."""
    return [HitView(row.label, row.page, setting_address(row)) for row in rows[:MOST]]


def setting_address(row: SettingEntry) -> str:
    """Return where a setting is shown and pointed out."""
    return f"{routes.settings_route(row.page.slug)}#{row.key}"


def found_settings_summary(rows: Sequence[SettingEntry], words: str) -> str:
    """Return how many settings were found."""
    if not rows:
        return say("finder.none", words=words)
    if len(rows) > MOST:
        return count("finder.found_first", len(rows), words=words, most=MOST)
    return count("finder.found", len(rows), words=words)
