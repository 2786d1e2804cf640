"""Values of any frozen class, filled by the types and places of its fields."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.interval import Interval

_DAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
_MADE = {
    bool: lambda place: place % 2 == 0,
    int: lambda place: place,
    float: lambda place: place + 0.5,
    str: lambda place: f"text {place}",
    datetime: lambda place: _DAY + timedelta(minutes=place),
    date: lambda place: _DAY.date() + timedelta(days=place),
    time: lambda place: time(8 + place % 12, 15),
    timedelta: lambda place: timedelta(minutes=5 * place),
    UUID: lambda place: UUID(int=place),
    ZoneInfo: lambda place: ZoneInfo(("America/Chicago", "Asia/Tokyo")[place % 2]),
    Interval: lambda place: Interval(_DAY, _DAY + timedelta(minutes=place)),
    Any: lambda place: f"anything {place}",
}
_EMPTY = {bool: False, int: 0, str: ""}
_PERIOD = (time, time)


def filled(kind: Any, *, bare: bool = False, place: int = 1) -> Any:
    """Return a value of a type; equal for equal types and places.

    Args:
        kind: A dataclass, or the type of one of its fields.
        bare: Whether everything that may be empty is.
        place: Which field or member it is, from 1.
    """
    if bare and kind in _EMPTY:
        return _EMPTY[kind]
    if kind in _MADE:
        return _MADE[kind](place)
    if is_dataclass(kind):
        return _dataclass(kind, bare=bare, place=place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[place % len(kind)]
    return _generic(kind, bare=bare, place=place)


def _dataclass(kind: Any, *, bare: bool, place: int) -> Any:
    hints = get_type_hints(kind)
    return kind(
        **{
            field.name: filled(hints[field.name], bare=bare, place=place + number)
            for number, field in enumerate(fields(kind))
            if field.init
        }
    )


def _generic(kind: Any, *, bare: bool, place: int) -> Any:
    origin, members = get_origin(kind), get_args(kind)
    if origin is Literal:
        return members[place % len(members)]
    if isinstance(kind, types.UnionType):
        return None if bare else filled(members[0], place=place)
    if members == _PERIOD:
        return time(8, place % 60), time(0 if place % 2 else 17)
    if origin is tuple and members[-1] is not Ellipsis:
        return tuple(filled(it, place=place + n) for n, it in enumerate(members))
    return _collection(origin, members, () if bare else (place + 1, place))


def _collection(origin: Any, members: tuple[Any, ...], places: tuple[int, ...]) -> Any:
    if origin in {dict, Mapping}:
        key, value = members
        return {filled(key, place=n): filled(value, place=n) for n in places}
    return origin(filled(members[0], place=n) for n in places)
