"""Convert questions to a worker, and the answers, to text and back."""

import json
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from invo_booking.domain.calendars import outside, provider_errors
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval

_VALUES: dict[str, type[Any]] = {
    it.__name__: it
    for it in (
        Interval,
        outside.Availability,
        outside.ConnectionFinding,
        outside.EventDraft,
        outside.EventListing,
        outside.HostCalendar,
        outside.HostEvent,
        outside.Permission,
        outside.ServerAccount,
        outside.UnreadableEvent,
    )
}
_ERRORS: dict[str, type[ProviderError]] = {
    it.__name__: it
    for it in vars(provider_errors).values()
    if isinstance(it, type) and issubclass(it, ProviderError)
}
_KIND = "$"


def write_text(value: object) -> str:
    """Return a value as JSON text.

    ``read_text`` restores the value, with all sequences as tuples.

    Raises:
        TypeError: If the value has a type that no question or answer contains.
    """
    return json.dumps(value, default=_describe)


def read_text(text: str) -> Any:
    """Restore a value from the text that ``write_text`` returned."""
    return _tuples(json.loads(text, object_hook=_make))


def _describe(value: object) -> dict[str, object]:
    if isinstance(value, datetime):
        return {_KIND: "datetime", "text": value.isoformat()}
    if isinstance(value, timedelta):
        return {_KIND: "timedelta", "seconds": value.total_seconds()}
    if isinstance(value, UUID):
        return {_KIND: "UUID", "text": str(value)}
    if isinstance(value, ProviderError):
        kind = next(it for it in type(value).__mro__ if it.__name__ in _ERRORS)
        return {_KIND: kind.__name__, "sentence": str(value), "known": vars(value)}
    if is_dataclass(value) and type(value).__name__ in _VALUES:
        known = {it.name: getattr(value, it.name) for it in fields(value)}
        return {_KIND: type(value).__name__, "known": known}
    raise TypeError(f"{type(value).__name__} is not asked and not answered")


def _make(read: dict[str, Any]) -> Any:
    kind = read.get(_KIND, "")
    if kind == "datetime":
        return datetime.fromisoformat(read["text"])
    if kind == "timedelta":
        return timedelta(seconds=read["seconds"])
    if kind == "UUID":
        return UUID(read["text"])
    if kind in _ERRORS:
        error = _ERRORS[kind].__new__(_ERRORS[kind], read["sentence"])
        vars(error).update({name: _tuples(it) for name, it in read["known"].items()})
        return error
    if kind in _VALUES:
        known = {name: _tuples(it) for name, it in read["known"].items()}
        return _VALUES[kind](**known)
    return read


def _tuples(value: Any) -> Any:
    """Return a value in which all lists are tuples."""
    if isinstance(value, list):
        return tuple(_tuples(it) for it in value)  # pyright: ignore[reportUnknownVariableType]
    return value
