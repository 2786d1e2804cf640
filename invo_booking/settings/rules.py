"""Define rules about combinations of settings."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from invo_booking.settings import calendars, calls, general, mailer, time
from invo_booking.settings.spec import Setting, Values
from invo_booking.texts import say

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SettingsRule:
    """A rule about a combination of settings.

    Attributes:
        among: The settings that the rule is about.
        check: Returns an error message if the rule is broken; empty if the rule is met.
    """

    among: tuple[Setting[Any], ...]
    check: Callable[[Values], str]


def setting_clashes(values: Values, changed: Collection[str]) -> dict[str, str]:
    """Return an error message, by key, for each changed setting that breaks a rule.

    Rules that concern none of the ``changed`` keys are not checked, so that a rule
    broken earlier does not prevent an unrelated change.
    """
    sentences: dict[str, str] = {}
    for rule in RULES:
        keys = [entry.key for entry in rule.among if entry.key in changed]
        sentence = rule.check(values) if keys else ""
        if sentence:
            sentences |= {key: sentences.get(key, sentence) for key in keys}
    return sentences


def _at_most(shorter: Setting[timedelta], longer: Setting[timedelta]) -> SettingsRule:
    def check(values: Values) -> str:
        if values[shorter] <= values[longer]:
            return ""
        return say(
            "settings.rules.longer_than",
            shorter=_describe(values, shorter),
            longer=_describe(values, longer),
        )

    return SettingsRule((shorter, longer), check)


def _some_length_on_the_grid(values: Values) -> str:
    step = values[time.INTERVAL]
    if values[time.MAX_DURATION] // step * step >= values[time.MIN_DURATION]:
        return ""
    return say(
        "settings.rules.no_length",
        shortest=_describe(values, time.MIN_DURATION),
        longest=_describe(values, time.MAX_DURATION),
        interval=_describe(values, time.INTERVAL),
    )


def _day_within_horizon(earliest: Setting[int]) -> SettingsRule:
    def check(values: Values) -> str:
        if values[earliest] <= values[time.HORIZON]:
            return ""
        return _too_late_sentence(values, earliest)

    return SettingsRule((earliest, time.HORIZON), check)


def _window_within_horizon(window: Setting[timedelta]) -> SettingsRule:
    def check(values: Values) -> str:
        if values[window] <= values[time.HORIZON] * DAY:
            return ""
        return _too_late_sentence(values, window)

    return SettingsRule((window, time.HORIZON), check)


def _too_late_sentence(values: Values, earliest: Setting[Any]) -> str:
    return say(
        "settings.rules.beyond_horizon",
        earliest=_describe(values, earliest),
        horizon=_describe(values, time.HORIZON),
    )


def _two_way_where_changes_are_followed(values: Values) -> str:
    provider = calendars.PRIMARY_PROVIDER
    if not values[calendars.TWO_WAY] or calendars.may_follow_changes(values[provider]):
        return ""
    labels = say("settings.rules.or").join(
        it.label
        for it in provider.field.choices
        if calendars.may_follow_changes(it.value)
    )
    return say(
        "settings.rules.works_only_with",
        label=calendars.TWO_WAY.label,
        labels=labels,
        provider=provider.label,
    )


def _password_on_a_protected_line(values: Values) -> str:
    if values[mailer.SECURITY] != mailer.UNPROTECTED or not values[mailer.USER]:
        return ""
    return say("settings.rules.unencrypted_password")


def _room_on_an_allowed_server(values: Values) -> str:
    return calls.room_problem(values, values[calls.ROOM])


def _describe(values: Values, entry: Setting[Any]) -> str:
    return f"{entry.label} ({values.text(entry)} {entry.field.unit})"


RULES = (
    _at_most(general.SESSION_IDLE, general.SESSION_LONGEST),
    _at_most(time.MIN_DURATION, time.DEFAULT_DURATION),
    _at_most(time.DEFAULT_DURATION, time.MAX_DURATION),
    _at_most(time.MIN_DURATION, time.MAX_DURATION),
    SettingsRule(
        (time.INTERVAL, time.MIN_DURATION, time.MAX_DURATION), _some_length_on_the_grid
    ),
    _day_within_horizon(time.AGENT_EARLIEST_DAY),
    _day_within_horizon(time.PUBLIC_EARLIEST_DAY),
    _window_within_horizon(time.AGENT_WINDOW),
    _window_within_horizon(time.PUBLIC_WINDOW),
    SettingsRule(
        (calendars.PRIMARY_PROVIDER, calendars.TWO_WAY),
        _two_way_where_changes_are_followed,
    ),
    SettingsRule((mailer.SECURITY, mailer.USER), _password_on_a_protected_line),
    SettingsRule(
        (calls.ROOM, calls.SERVERS, calls.TOKEN_SECRET), _room_on_an_allowed_server
    ),
)
