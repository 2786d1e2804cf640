"""What the search over all settings shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.core import routes
from invo_booking.web.kit.text.names import count_text

MOST = 8


@dataclass(frozen=True)
class HitView:
    """A setting that was found, and where it is."""

    label: str
    page: str
    address: str


def hit_views(rows: Sequence[SettingEntry]) -> list[HitView]:
    """Return the first few settings found."""
    return [HitView(row.label, row.page, setting_address(row)) for row in rows[:MOST]]


def setting_address(row: SettingEntry) -> str:
    """Return where a setting is shown and pointed out."""
    return f"{routes.settings_route(row.page.slug)}#{row.key}"


def hits_summary(rows: Sequence[SettingEntry], words: str) -> str:
    """Return how many settings were found."""
    if not rows:
        return f"No setting holds “{words}”. Try fewer letters."
    count = count_text(len(rows), "setting")
    more = f"; these are the first {MOST}" if len(rows) > MOST else ""
    return f"{count} for “{words}”{more}"
