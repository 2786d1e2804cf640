"""Send stored secrets only to the servers they were entered for."""

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
    """Refuse to send a stored secret to a destination its author did not name.

    A change of a setting that a secret is bound to (``Setting.bound_to``) must enter or
    remove the secret in the same step. Otherwise an attacker with an administrator's
    session could have the mail server's password sent to another server.

    Args:
        texts: The new texts; ``None`` resets to the default.

    Raises:
        InvalidInputError: With a sentence beside each secret that is missing.
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
    """Return the labels of changed settings that the secret is bound to."""
    moved = (bound for bound in entry.bound_to if before[bound] != after[bound])
    return ", ".join(f"“{bound.label}”" for bound in moved)


def _sentence(entry: Setting[Any], moved: str) -> str:
    return say(
        "admin.bound_secrets.enter_again",
        moved=moved,
        label=entry.label,
    )
