"""Send a page only those rows that have changed; ``rows.js`` puts them together.

A page gets a whole `RowsView` when it opens and a `RowsChange` after every change. The
whole is kept up to date on the server and sent again to a page that comes back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from invo_booking.web.scripts import script

script(__name__, "rows.js")  # imported as "../../kit/rows/rows.js"

Row = list[Any]
"""Values of one thing; which is which, the module that draws them knows."""

MOST_UNUSED = 500
"""Texts no row uses any more before everything is sent again."""


@dataclass
class RowsView:
    """Everything a page shows in rows.

    Attributes:
        number: Rises with every change.
        texts: Texts that rows refer to by their place in this list.
        rows: By a name of each that stays the same as long as it is shown.
    """

    number: int = 0
    texts: list[str] = field(default_factory=list[str])
    rows: dict[str, Row] = field(default_factory=dict[str, Row])


@dataclass
class RowsChange:
    """What leads from one `RowsView` to the next.

    Attributes:
        base: Number of the view that is changed; a page that has another one asks for
            the whole.
        number: Number of the view that comes of it.
        texts: Texts to append.
        rows: Rows that are new or different.
        gone: Names of rows that are shown no longer.
    """

    base: int = -1
    number: int = -1
    texts: list[str] = field(default_factory=list[str])
    rows: dict[str, Row] = field(default_factory=dict[str, Row])
    gone: list[str] = field(default_factory=list[str])


class Texts:
    """Texts that many rows share, each sent once."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self.all = list(known)
        self._places = {text: place for place, text in enumerate(self.all)}
        self._used = set[int]()

    def place(self, text: str) -> int:
        """Return where a text is in the list, which it joins if it is new."""
        place = self._places.setdefault(text, len(self.all))
        if place == len(self.all):
            self.all.append(text)
        self._used.add(place)
        return place

    @property
    def unused_count(self) -> int:
        """How many texts nobody has asked for."""
        return len(self.all) - len(self._used)


def change_rows(before: RowsView, texts: Texts, rows: Mapping[str, Row]) -> RowsChange:
    """Return what leads from a view to ``rows``.

    Args:
        before: What the page has.
        texts: Those of ``before`` and, after them, the new ones.
        rows: All that is to be shown.
    """
    return RowsChange(
        base=before.number,
        number=before.number + 1,
        texts=texts.all[len(before.texts) :],
        rows={name: row for name, row in rows.items() if before.rows.get(name) != row},
        gone=[name for name in before.rows if name not in rows],
    )


def show_rows(
    state: rx.State, whole: str, changes: str, texts: Texts, rows: dict[str, Row]
) -> None:
    """Show ``rows`` on a page, sending the smaller of all of them and what changed.

    Args:
        state: Has both vars.
        whole: Name of the var with the `RowsView`.
        changes: Name of the var with the `RowsChange`.
        texts: Those of the present view and the new ones, or none but the new ones.
        rows: All that is to be shown.
    """
    before: RowsView = state.get_value(whole)  # not wrapped, for speed
    known = before.texts
    difference = change_rows(before, texts, rows)
    after = RowsView(difference.number, texts.all, rows)
    is_continued = (
        texts.all[: len(known)] == known and texts.unused_count <= MOST_UNUSED
    )
    if not is_continued or 2 * (len(difference.rows) + len(difference.gone)) > len(
        rows
    ):
        setattr(state, whole, after)
    elif difference.rows or difference.gone:
        is_sent_whole = whole in state.dirty_vars
        setattr(state, whole, after)
        setattr(state, changes, difference)
        if not is_sent_whole:
            state.dirty_vars.discard(whole)


def show_changed(state: rx.State, **values: object) -> None:
    """Set the vars of a state that have another value; only these are sent."""
    for name, value in values.items():
        if state.get_value(name) != value:
            setattr(state, name, value)
