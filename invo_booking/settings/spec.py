"""What a setting is, and how to read one back with its type intact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from invo_booking.domain.access.roles import ADMINISTRATORS, Role

T = TypeVar("T")


class Page(StrEnum):
    """Pages under Admin > Manage Settings > Invo Booking, in menu order."""

    GENERAL = "General Configurations"
    TIME = "Time-related Configurations"
    CALENDARS = "Calendars"
    UX = "UX Preferences"
    MAILER = "Mailer"
    BRANDING = "Branding"

    @property
    def slug(self) -> str:
        """Its name in addresses, such as ``time``."""
        return self.name.lower()


class SettingKind(StrEnum):
    """What is typed or chosen, and so which control a page shows for it."""

    SWITCH = "switch"
    NUMBER = "number"
    MINUTES = "minutes"
    MINUTES_LIST = "minutes-list"
    DAYS = "days"
    PERCENT = "percent"
    CHOICE = "choice"
    ROLES = "roles"
    COLOR = "color"
    TEXT = "text"
    EMAIL = "email"
    ADDRESS = "address"
    SECRET = "secret"  # noqa: S105  # the name of a kind


@dataclass(frozen=True, slots=True)
class SettingChoice:
    """One of the values to choose from, as stored and as shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Generic[T]):
    """How a value is typed, read and shown.

    Attributes:
        parse: Turns form text into a value, or raises ``ValueError`` whose message is
            fit to show next to the field.
        show: Turns a value into the form text that ``parse`` reads back.
        unit: Shown after the control, such as ``"minutes"``; empty if none.
        minimum: Smallest number allowed, where there is one.
        maximum: Largest number allowed, where there is one.
        choices: What can be chosen; empty where text is typed.
    """

    kind: SettingKind
    parse: Callable[[str], T]
    show: Callable[[T], str]
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[SettingChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[T]):
    """One thing an administrator may set.

    Attributes:
        key: Stable name in the database. Never renamed, never reused.
        page: Where the administrator finds it.
        label: Exact words on the settings page.
        help: One sentence below the field, saying what changes for whom.
        default: Value until somebody sets another.
        field: How it is typed: kind, unit, bounds, parser.
        changeable_by: Roles that may change it; a super admin always may.
        deprecated: Whether something else has taken its place; still obeyed.
        bound_to: Of a secret: the settings that say where it is sent, and as whom.
            It is good for their present values only; see
            ``usecases/admin/bound_secrets.py``.
    """

    key: str
    page: Page
    label: str
    help: str
    default: T
    field: Field[T]
    changeable_by: frozenset[Role] = ADMINISTRATORS
    deprecated: bool = False
    bound_to: "tuple[Setting[Any], ...]" = ()

    @property
    def is_secret(self) -> bool:
        """Whether the value is stored sealed and never shown again."""
        return self.field.kind is SettingKind.SECRET

    def parse(self, text: str) -> T:
        """Return the value of a form text.

        Raises:
            ValueError: With a sentence to show next to the field.
        """
        return self.field.parse(text)

    def show(self, value: T) -> str:
        """Return the form text of a value; ``parse`` reads it back."""
        return self.field.show(value)


class Values:
    """The institution's settings: what was set, and defaults for the rest.

    A stored value that no longer parses falls back to the default and is listed in
    ``broken``, so that one bad row never takes a page down. A secret is returned as
    it is stored, sealed.
    """

    def __init__(self, stored: Mapping[str, str]) -> None:
        self._stored = dict(stored)
        self._parsed: dict[str, Any] = {}
        self.broken: dict[str, str] = {}
        """For each key read so far whose stored value cannot be used, why."""

    def __getitem__(self, setting: Setting[T]) -> T:
        """Return the value in force, with the type its entry declares."""
        if setting.key not in self._parsed:
            self._parsed[setting.key] = self._read(setting)
        return self._parsed[setting.key]

    def text(self, setting: Setting[Any]) -> str:
        """Return the value in force as form text."""
        return setting.show(self[setting])

    def is_set(self, setting: Setting[Any]) -> bool:
        """Whether a value is stored, even one that cannot be used."""
        return setting.key in self._stored

    def with_changes(self, texts: Mapping[str, str | None]) -> "Values":
        """Return the values as they would be; ``None`` stands for the default."""
        stored = {k: v for k, v in self._stored.items() if k not in texts}
        return Values(stored | {k: v for k, v in texts.items() if v is not None})

    def _read(self, setting: Setting[T]) -> T:
        text = self._stored.get(setting.key)
        if text is None:
            return setting.default
        if setting.is_secret:
            return cast("T", text)
        try:
            return setting.parse(text)
        except ValueError as error:
            self.broken[setting.key] = str(error)
            return setting.default
