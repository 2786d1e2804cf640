"""Read the fields of a submitted form."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from invo_booking.domain.errors import InvalidInputError, InvoError
from invo_booking.web.kit.text import words

LONGEST_PASSWORD = 1_024
NO_FIELD = "id"
"""Field name of errors that concern no field of the form."""


def submit_key(form: Mapping[str, Any]) -> str:
    """Return the idempotency key of a form; empty if the form sent none."""
    return field_text(form, "submit_key")


def field_text(form: Mapping[str, Any], name: str) -> str:
    """Return a field as text; empty if the form did not send the field."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def form_entry_id(typed: str) -> UUID | None:
    """Return the id in a text; ``None`` if the text is not an id."""
    try:
        return UUID(typed)
    except ValueError:
        return None


def form_entry_ids(typed: Iterable[str]) -> frozenset[UUID]:
    """Return the ids in texts; texts that are not ids are left out."""
    return frozenset(filter(None, map(form_entry_id, typed)))


def ticked_form_values(form: Mapping[str, Any], prefix: str) -> list[str]:
    """Return the values of the ticked boxes whose names begin with ``prefix``."""
    return [name.removeprefix(prefix) for name in form if name.startswith(prefix)]


def password_of_form(form: Mapping[str, Any]) -> str:
    """Return the typed password, with its spaces; empty if the form did not send it."""
    value = form.get("password", "")
    return value[:LONGEST_PASSWORD] if isinstance(value, str) else ""


def form_version(form: Mapping[str, Any]) -> int:
    """Return the version in a form; without one, return 0, which never matches."""
    return words.version_of_form(field_text(form, "version"))


def field_errors(error: InvoError) -> dict[str, str]:
    """Return the error message to show beside each field at fault."""
    errors = error.fields if isinstance(error, InvalidInputError) else {}
    return {name: sentence for name, sentence in errors.items() if name != NO_FIELD}
