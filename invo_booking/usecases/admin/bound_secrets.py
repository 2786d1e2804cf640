"""Make sure that a stored secret is only sent to the server it was entered for."""

from collections.abc import Mapping
from typing import Any

from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import registry
from invo_booking.settings.spec import Setting, Values
from invo_booking.texts import say


def require_secret_again(
    work: UnitOfWork, texts: Mapping[Setting[Any], str | None]
) -> None:
    """Refuse a change through which a stored secret would be sent to another server.

    A change to one of the settings in a secret's ``Setting.bound_to`` must also enter
    or remove the secret. Otherwise an attacker with an administrator's session could
    have the mail server's password sent to another server.

    Args:
        texts: The new form texts by setting; ``None`` resets a setting to its default.

    Raises:
        InvalidInputError: With an error message for each secret that must be entered
            again.
    """
    before = work.settings
    after = before.with_changes({entry.key: text for entry, text in texts.items()})
    missing = {
        entry.key: _sentence(entry, moved)
        for entry in registry.ENTRIES
        if before.is_set(entry)
        and entry not in texts
        and (moved := _labels_of_changes(entry, before, after))
    }
    if missing:
        raise InvalidInputError(missing)


def _labels_of_changes(entry: Setting[Any], before: Values, after: Values) -> str:
    """Return the labels of the changed settings to which a secret is bound."""
    moved = (bound for bound in entry.bound_to if before[bound] != after[bound])
    return ", ".join(f"“{bound.label}”" for bound in moved)


def _sentence(entry: Setting[Any], moved: str) -> str:
    return say(
        "admin.bound_secrets.enter_again",
        moved=moved,
        label=entry.label,
    )
