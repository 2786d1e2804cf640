"""A stored secret goes where it was meant to go when it was entered, or nowhere."""

from collections.abc import Mapping
from typing import Any

from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import registry
from invo_booking.settings.spec import Setting, Values


def require_secret_again(
    work: UnitOfWork, texts: Mapping[Setting[Any], str | None]
) -> None:
    """Refuse to send a stored secret anywhere its author did not name.

    Whoever changes what a secret is bound to (``Setting.bound_to``) enters it again or
    removes it in the same step. Otherwise an administrator's stolen session would be
    enough to have the mail server's password sent to a server of the thief's.

    Args:
        work: The transaction that saves.
        texts: What is about to be stored; ``None`` puts a default back.

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
    """Return the labels of what the secret is bound to and what changes."""
    moved = (bound for bound in entry.bound_to if before[bound] != after[bound])
    return ", ".join(f"“{bound.label}”" for bound in moved)


def _sentence(entry: Setting[Any], moved: str) -> str:
    return (
        f"{moved} changed, and what is stored here was entered for the value before. "
        f"Enter “{entry.label}” again on the settings page, or remove it there."
    )
