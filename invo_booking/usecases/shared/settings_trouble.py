"""Find settings whose stored values cannot be used or cause a warning."""

from invo_booking.config import Config
from invo_booking.settings import contrast, registry, rules
from invo_booking.settings.spec import Values
from invo_booking.texts import say
from invo_booking.usecases.shared.sealing import SealBrokenError, open_secret


def settings_trouble(config: Config, values: Values) -> dict[str, str]:
    """Return why stored values cannot be used, by key of the setting.

    The default applies instead of an unusable value; an unusable secret counts as not
    set.
    """
    for entry in registry.ENTRIES:
        values[entry]  # reading fills ``values.broken``
    return _unreadable_secrets(config, values) | {
        key: say("refusals.settings_trouble.unusable", reason=reason)
        for key, reason in values.broken.items()
    }


def settings_warnings(values: Values) -> dict[str, str]:
    """Return warnings about current values, by key of the setting."""
    return rules.setting_clashes(values, registry.BY_KEY) | contrast.contrast_warnings(
        values
    )


def _unreadable_secrets(config: Config, values: Values) -> dict[str, str]:
    problems: dict[str, str] = {}
    for entry in registry.ENTRIES:
        try:
            if entry.is_secret:
                open_secret(config, values, entry)
        except SealBrokenError as error:
            problems[entry.key] = say(
                "refusals.settings_trouble.unsealable", error=error
            )
    return problems
