"""Define the types of which settings and their values consist."""

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
    CALLS = "Video and Phone Calls"
    UX = "UX Preferences"
    MAILER = "Mailer"
    BRANDING = "Branding"

    @property
    def slug(self) -> str:
        """Name in URLs, such as ``time``."""
        return self.name.lower()


class SettingKind(StrEnum):
    """The kind of a field, which determines the form control that shows it."""

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
    """A value that can be chosen, in its stored form, with its label."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Generic[T]):
    """How the value of a setting is parsed and shown.

    Attributes:
        parse: Converts form text to a value. Raises ``ValueError`` if it cannot; the
            message can be shown beside the field.
        show: Converts a value to the form text that ``parse`` reads.
        unit: Unit after the control, such as ``"minutes"``; may be empty.
        minimum: Smallest allowed number, inclusive; ``None`` for no limit.
        maximum: Largest allowed number, inclusive; ``None`` for no limit.
        choices: Values that can be chosen; empty if the value is typed.
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
    """Something that an administrator can set.

    Attributes:
        key: Stable name in the database. Never renamed, never reused.
        page: Page that shows the setting.
        label: Label on the page.
        help: Text below the field about the effect of the setting.
        default: Value of the setting until another value is set.
        field: Kind, unit, bounds and parser.
        changeable_by: Roles that may change the setting; super admins always may.
        deprecated: Whether another setting replaces this setting, which still works.
        bound_to: For a secret, the settings that say where and as whom the secret is
            used. If one of these settings changes, the secret is no longer valid; see
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
        """Whether the value is stored encrypted and never shown."""
        return self.field.kind is SettingKind.SECRET

    def parse(self, text: str) -> T:
        """Return the value that a form text stands for.

        Raises:
            ValueError: If the text is invalid; the message can be shown beside the
                field.
        """
        return self.field.parse(text)

    def show(self, value: T) -> str:
        """Return a value as form text, such that ``parse`` returns the value."""
        return self.field.show(value)


class Values:
    """The institution's settings: stored values and defaults.

    An invalid stored value is replaced by the default and listed in ``broken``, so that
    one bad row never breaks a page. A secret is returned encrypted, as stored.
    """

    def __init__(self, stored: Mapping[str, str]) -> None:
        self._stored = dict(stored)
        self._parsed: dict[str, Any] = {}
        self.broken: dict[str, str] = {}
        """Why a stored value is invalid, by key; only for values read so far."""

    def __getitem__(self, setting: Setting[T]) -> T:
        """Return the current value of a setting, as the setting's field parses it."""
        if setting.key not in self._parsed:
            self._parsed[setting.key] = self._read(setting)
        return self._parsed[setting.key]

    def text(self, setting: Setting[Any]) -> str:
        """Return the current value as form text."""
        return setting.show(self[setting])

    def is_set(self, setting: Setting[Any]) -> bool:
        """Whether a value is stored, even an invalid one."""
        return setting.key in self._stored

    def with_changes(self, texts: Mapping[str, str | None]) -> "Values":
        """Return a copy with changed form texts, by key; ``None`` means the default."""
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
