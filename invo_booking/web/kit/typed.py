"""Operations on Reflex vars, with the types that Reflex leaves out.

A var of a state class is annotated with the type of its value: ``PeopleState.name`` is
a ``str``. Components therefore accept both values and vars. For operations that only
vars have, components call the functions of this module.
"""

from collections.abc import Collection
from typing import Any, cast

import reflex as rx
from reflex.event import EventCallback
from reflex.vars import BooleanVar, NumberVar, StringVar

Text = str | rx.Var[str]
Flag = bool | rx.Var[bool]
Items = Collection[Any] | rx.Var[Any]


def length_of(items: Items) -> NumberVar[int]:
    """Return the number of items."""
    return cast("Any", rx.Var.create(items)).length()


def has_items(items: Items) -> BooleanVar:
    """Return whether there are any items."""
    return length_of(items) > 0


def has_item(items: Items, item: Text) -> BooleanVar:
    """Return whether an item, or a key of a mapping, is in the collection."""
    return cast("Any", rx.Var.create(items)).contains(item)


def negation(flag: Flag) -> BooleanVar:
    """Return the opposite of a flag."""
    return cast("BooleanVar", ~cast("BooleanVar", rx.Var.create(flag)))


def number_text(number: int | rx.Var[int]) -> StringVar[str]:
    """Return a number as text."""
    return cast("NumberVar[int]", rx.Var.create(number)).to_string()


def text_if(flag: Flag | Text, text: Text, other: Text) -> rx.Var[str]:
    """Return ``text`` if a flag is true or a text is not empty, else ``other``."""
    return cast("rx.Var[str]", rx.cond(flag, text, other))


def text_by(value: Text, *cases: tuple[str, Text], default: Text) -> rx.Var[str]:
    """Return the text that belongs to a value.

    Args:
        value: What is compared.
        *cases: Values, each with its text.
        default: Text of every other value.
    """
    return cast("rx.Var[str]", rx.match(value, *cases, default))


def part_by(
    value: Text, *cases: tuple[Any, ...], default: rx.Component
) -> rx.Component:
    """Return the component that belongs to a value.

    Args:
        value: What is compared.
        *cases: One or more values, then their component.
        default: Component for every other value.
    """
    return cast("rx.Component", rx.match(value, *cases, default))


def checkbox_trigger(handler: EventCallback[bool]) -> EventCallback[str]:
    """Return a handler for ``on_change`` of a checkbox, which sends its state."""
    return cast("EventCallback[str]", handler)
