"""What a setting is, and how to read one back with its type intact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Page(StrEnum):
    """Pages under Admin > Manage Settings > Invo Booking, in menu order."""

    GENERAL = "General Configurations"
    TIME = "Time-related Configurations"
    CALENDARS = "Calendars"
    UX = "UX Preferences"
    MAILER = "Mailer"
    BRANDING = "Branding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[T]):
    """One thing an administrator may set.

    Attributes:
        key: Stable name in the database. Never renamed, never reused.
        page: Where the administrator finds it.
        label: Exact words on the settings page.
        help: One sentence below the field, saying what changes for whom.
        default: Value until somebody sets another.
        parse: Turns form text into a value, or raises ``ValueError`` whose
            message is fit to show next to the field.
        unit: Shown after the field, such as ``"minutes"``; empty if none.
    """

    key: str
    page: Page
    label: str
    help: str
    default: T
    parse: Callable[[str], T]
    unit: str = ""


class Values:
    """The institution's settings: what was set, and defaults for the rest.

    A stored value that no longer parses falls back to the default and is listed in
    ``broken``, so that one bad row never takes a page down.
    """

    def __init__(self, stored: Mapping[str, str]) -> None:
        self._stored = dict(stored)
        self._parsed: dict[str, Any] = {}
        self.broken: set[str] = set()

    def __getitem__(self, setting: Setting[T]) -> T:
        """Return the value in force, with the type its entry declares."""
        if setting.key not in self._parsed:
            self._parsed[setting.key] = self._read(setting)
        return self._parsed[setting.key]

    def _read(self, setting: Setting[T]) -> T:
        text = self._stored.get(setting.key)
        if text is None:
            return setting.default
        try:
            return setting.parse(text)
        except ValueError:
            self.broken.add(setting.key)
            return setting.default
