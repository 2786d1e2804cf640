"""Define fields, which parse the text of a form or explain what is wrong with it."""

import re
from collections.abc import Mapping
from datetime import timedelta

from invo_booking.domain import contact
from invo_booking.domain.access.roles import Role
from invo_booking.settings.spec import Field, SettingChoice, SettingKind

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
MOST_DIGITS = 9
MOST_REMINDERS = 5
MINUTE = timedelta(minutes=1)
WEEK_IN_MINUTES = 7 * 24 * 60
_RAW = 400
"""Largest number of characters of a form text, including invisible characters, that are
read."""

ROLES = (
    SettingChoice(Role.AGENT.value, "Agents"),
    SettingChoice(Role.BOOKING_MANAGER.value, "Booking-managers"),
    SettingChoice(Role.MANAGER.value, "Managers"),
    SettingChoice(Role.ADMINISTRATOR.value, "Administrators"),
)
"""Roles that can be chosen in settings; super admins may always do everything."""


def whole_number_setting_field(
    minimum: int,
    maximum: int,
    *,
    unit: str = "",
    kind: SettingKind = SettingKind.NUMBER,
) -> Field[int]:
    """Return a field for whole numbers from ``minimum`` to ``maximum``."""

    def parse(text: str) -> int:
        return _whole(text, minimum, maximum)

    return Field(
        kind=kind,
        parse=parse,
        show=str,
        unit=unit,
        minimum=minimum,
        maximum=maximum,
    )


def days_setting_field(minimum: int, maximum: int) -> Field[int]:
    """Return a field for a number of days."""
    return whole_number_setting_field(
        minimum, maximum, unit="days", kind=SettingKind.DAYS
    )


def percent_setting_field() -> Field[int]:
    """Return a field for a percentage, from 0 to 100."""
    return whole_number_setting_field(0, 100, unit="percent", kind=SettingKind.PERCENT)


def minutes_setting_field(minimum: int, maximum: int) -> Field[timedelta]:
    """Return a field for a duration in whole minutes."""
    return Field(
        kind=SettingKind.MINUTES,
        parse=lambda text: _whole(text, minimum, maximum) * MINUTE,
        show=_minutes_text,
        unit="minutes",
        minimum=minimum,
        maximum=maximum,
    )


def grid_minutes_setting_field(minimum: int, maximum: int) -> Field[timedelta]:
    """Return a field for minutes that divide an hour, or are whole hours."""
    span = minutes_setting_field(minimum, maximum)
    allowed = [n for n in range(minimum, maximum + 1) if not (60 % n and n % 60)]

    def parse(text: str) -> timedelta:
        step = span.parse(text)
        if step // MINUTE not in allowed:
            listed = ", ".join(map(str, allowed))
            raise ValueError(f"Slots must start on the hour. Enter one of: {listed}.")
        return step

    return Field(
        kind=SettingKind.MINUTES,
        parse=parse,
        show=_minutes_text,
        unit="minutes",
        minimum=minimum,
        maximum=maximum,
    )


def reminder_times_setting_field() -> Field[tuple[timedelta, ...]]:
    """Return a field for reminders: comma-separated minutes before the appointment.

    ``0`` means no reminder.
    """
    return Field(
        kind=SettingKind.MINUTES_LIST,
        parse=_reminders,
        show=lambda times: ", ".join(map(_minutes_text, times)) or "0",
        unit="minutes",
        minimum=0,
        maximum=WEEK_IN_MINUTES,
    )


def switch_setting_field() -> Field[bool]:
    """Return a field that is ``"on"`` or ``"off"``."""
    return Field(
        kind=SettingKind.SWITCH,
        parse=_parse_switch,
        show=lambda on: "on" if on else "off",
    )


def choice_setting_field(choices: Mapping[str, str]) -> Field[str]:
    """Return a field for one of several values.

    Args:
        choices: Labels by value.
    """

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError("Choose one of: " + ", ".join(choices) + ".")
        return text

    listed = tuple(SettingChoice(value, label) for value, label in choices.items())
    return Field(kind=SettingKind.CHOICE, parse=parse, show=str, choices=listed)


def roles_setting_field() -> Field[frozenset[Role]]:
    """Return a field for comma-separated role names."""
    return Field(kind=SettingKind.ROLES, parse=_roles, show=_roles_text, choices=ROLES)


def color_setting_field() -> Field[str]:
    """Return a field for a color written as ``#rrggbb``."""
    return Field(kind=SettingKind.COLOR, parse=_colour, show=str)


def line_setting_field(most: int) -> Field[str]:
    """Return a field for one line of at most ``most`` characters."""
    return Field(kind=SettingKind.TEXT, parse=lambda text: _line(text, most), show=str)


def email_setting_field() -> Field[str]:
    """Return a field for an optional e-mail address."""
    return Field(
        kind=SettingKind.EMAIL,
        parse=contact.clean_optional_email,
        show=str,
    )


def secret_setting_field(most: int) -> Field[str]:
    """Return a field for a password or key, which is never shown again.

    Invisible characters, which pasted text may contain, are removed; the other
    characters stay.
    """

    def parse(typed: str) -> str:
        text = contact.without_marks(typed)
        if len(text) > most or not text.isprintable():
            raise ValueError(f"Enter at most {most} characters in one line.")
        return text

    return Field(kind=SettingKind.SECRET, parse=parse, show=str)


def _whole(text: str, minimum: int, maximum: int) -> int:
    digits = contact.plain_text(text[:_RAW])
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
    if not fits or not minimum <= int(digits) <= maximum:
        raise ValueError(f"Enter a whole number from {minimum} to {maximum}.")
    return int(digits)


def _minutes_text(span: timedelta) -> str:
    return str(span // MINUTE)


def _reminders(text: str) -> tuple[timedelta, ...]:
    typed = contact.plain_text(text[:_RAW]).split(",", 10 * MOST_REMINDERS)
    parts = [part for part in typed if part.strip()]
    values = {_whole(part, 0, WEEK_IN_MINUTES) for part in parts} - {0}
    if len(values) > MOST_REMINDERS:
        raise ValueError(f"Enter at most {MOST_REMINDERS} times.")
    return tuple(value * MINUTE for value in sorted(values))


def _parse_switch(text: str) -> bool:
    if text not in {"on", "off"}:
        raise ValueError("Choose on or off.")
    return text == "on"


def _roles(text: str) -> frozenset[Role]:
    allowed = [choice.value for choice in ROLES]
    names = {part.strip() for part in text.split(",") if part.strip()}
    if names - set(allowed):
        raise ValueError("Choose among: " + ", ".join(allowed) + ".")
    return frozenset(Role(name) for name in names)


def _roles_text(chosen: frozenset[Role]) -> str:
    return ", ".join(choice.value for choice in ROLES if Role(choice.value) in chosen)


def _colour(text: str) -> str:
    typed = contact.plain_text(text[:_RAW])
    if not COLOR.fullmatch(typed):
        raise ValueError("Enter # and six hexadecimal digits, such as #a7e3b5.")
    return typed.lower()


def _line(text: str, most: int) -> str:
    try:
        return contact.clean_text(text, limit=most)
    except ValueError as error:
        raise ValueError(f"Enter one line of at most {most} characters.") from error
