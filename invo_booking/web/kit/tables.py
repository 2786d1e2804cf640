"""Tables and lists of all pages, with a message when they are empty."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import reflex as rx

from invo_booking.web.kit.typed import Items, Text, has_items

Row = Callable[[Any], rx.Component]
IDENTITIES = ("id", "key", "number", "code")
"""Names of the fields that identify an item within a list."""


def each(items: Items, row: Row) -> rx.Component:
    """Return a row for each item, bound to the item if the item has an identity.

    Without an identity, the browser keeps the row at each position and changes only its
    text. If the list changes during a click, the click then reaches a different item.
    """

    def row_with_key(item: Any) -> rx.Component:
        component = row(item)
        name = next((name for name in IDENTITIES if hasattr(item, name)), None)
        if name and component.key is None:
            component.key = getattr(item, name)
        return component

    return rx.foreach(items, row_with_key)


def data_table(
    caption: str,
    heads: Sequence[str | rx.Component],
    items: Items,
    row: Row,
    *,
    empty: str,
    name: str = "",
) -> rx.Component:
    """A card with a table, or with a message if there are no items.

    Args:
        caption: What the table lists, for screen readers.
        heads: Texts of the header cells, or whole cells.
        items: The items to list.
        row: Makes a ``tr`` of an item; its header cell has ``scope="row"``.
        empty: Message if there are no items: what to do.
        name: Class name of this table.
    """
    table = rx.el.table(
        rx.el.caption(caption, class_name="vh"),
        rx.el.thead(rx.el.tr(*map(_head_cell, heads))),
        rx.el.tbody(each(items, row)),
        class_name=f"table {name}".strip(),
    )
    return rx.cond(
        has_items(items), rx.el.div(table, class_name="card"), empty_card(empty)
    )


def _head_cell(head: str | rx.Component) -> rx.Component:
    return rx.el.th(head, scope="col") if isinstance(head, str) else head


def month_table(
    weekdays: Collection[Any],
    weekday: Row,
    weeks: Collection[Any],
    week: Row,
    *,
    labelled_by: str,
    name: str = "",
) -> rx.Component:
    """A table of the days of a month, with one row for each week.

    Args:
        weekdays: The seven weekdays in the reader's order.
        weekday: Makes the header cell of a weekday.
        weeks: The weeks of the month.
        week: Makes the row of a week.
        labelled_by: Id of the element that names the month.
        name: Class name.
    """
    return rx.el.table(
        rx.el.thead(rx.el.tr(rx.foreach(weekdays, weekday))),
        rx.el.tbody(rx.foreach(weeks, week)),
        class_name=name,
        custom_attrs={"aria-labelledby": labelled_by},
    )


def item_list(
    items: Items, row: Row, *, empty: rx.Component, name: str, is_ordered: bool = False
) -> rx.Component:
    """A list, or a message in its place if there are no items.

    Args:
        items: The items to list.
        row: Makes an ``li`` of an item.
        empty: The message: an ``empty_line`` or an ``empty_card``.
        name: Class name of the list.
        is_ordered: Whether the order of the items has a meaning.
    """
    make = rx.el.ol if is_ordered else rx.el.ul
    return rx.cond(has_items(items), make(each(items, row), class_name=name), empty)


def empty_line(sentence: Text) -> rx.Component:
    """The message of an empty list within a card: why, and what to do next."""
    return rx.el.p(sentence, class_name="empty")


def empty_card(sentence: Text) -> rx.Component:
    """The message of a page's empty list: the list's purpose, and what to do next."""
    return rx.el.div(rx.el.p(sentence), class_name="card nothing")
