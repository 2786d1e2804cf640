"""Convert rows to dataclass instances and instances to columns, by field names."""

from collections.abc import Callable, Collection
from dataclasses import fields
from datetime import timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
MINUTE = timedelta(minutes=1)


def row_reader(
    kind: type[T], prefix: str = "", **exceptions: Callable[[Any], Any]
) -> Callable[[Any], T]:
    """Return a function that converts a row to a dataclass instance.

    Each field is read from the column with the field's name. Depending on the field's
    type, the stored value becomes an enumeration member, a tuple or a frozenset. If
    such a field is optional, an empty value becomes ``None``.

    Args:
        kind: A dataclass; at least two of its fields must be read by name.
        prefix: Prefix of the column names.
        exceptions: Functions for fields whose column has another name or form; each
            function reads one field from the row.
    """
    hints = get_type_hints(kind)
    names = [it.name for it in fields(cast("Any", kind)) if it.name not in exceptions]
    read = attrgetter(*(prefix + name for name in names))
    turns = [(name, turn) for name in names if (turn := _turn(hints[name]))]
    others = list(exceptions.items())

    def read_row(row: Any) -> T:
        values = dict(zip(names, read(row), strict=True))
        for name, turn in turns:
            values[name] = turn(values[name])
        for name, find in others:
            values[name] = find(row)
        return kind(**values)

    return read_row


def columns_of(value: Any, *others: str) -> dict[str, Any]:
    """Return the fields of a dataclass instance as columns, in their stored form.

    Enumeration members become text; frozensets become sorted lists; tuples become
    lists.

    Args:
        value: A dataclass instance.
        others: Names of fields that do not become columns.
    """
    return {
        it.name: _to_column(getattr(value, it.name))
        for it in fields(value)
        if it.name not in others
    }


def minutes_reader(column: str) -> Callable[[Any], timedelta]:
    """Return a function that reads a duration from a column of whole minutes."""
    read = attrgetter(column)
    return lambda row: _length(read(row))


@cache
def _length(whole: int) -> timedelta:
    return whole * MINUTE


def _turn(hint: Any) -> Callable[[Any], Any] | None:
    """Return a function that converts a stored value to a type, if needed."""
    origin = get_origin(hint)
    if origin is UnionType:
        turn = next(filter(None, map(_turn, get_args(hint))), None)
        return (lambda value: turn(value) if value else None) if turn else None
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {it.value: it for it in hint}.__getitem__  # faster than a call
    if origin not in {tuple, frozenset}:
        return None
    make, member = cast("Any", origin), _turn(get_args(hint)[0])
    return (lambda value: make(map(member, value))) if member else make


def _to_column(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset | tuple):
        members = map(_to_column, cast("Collection[Any]", value))
        return sorted(members) if isinstance(value, frozenset) else list(members)
    return value
