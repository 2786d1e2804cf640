"""Send a page only those rows that have changed; ``rows.js`` merges them.

A page receives a complete `RowsView` when it opens, and a `RowsChange` after every
change. The server keeps the complete view up to date and sends it again to a page that
reconnects.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from invo_booking.web.scripts import script

script(__name__, "rows.js")  # imported as "../../kit/rows/rows.js"

Row = list[Any]
"""Values of one row; only the module that draws the row knows their order."""

MOST_UNUSED = 500
"""Maximum number of unused texts; if there are more, all rows and texts are sent."""


@dataclass
class RowsView:
    """All rows that a page shows.

    Attributes:
        number: Rises with every change.
        texts: Texts to which rows refer by index.
        rows: Rows by a name that stays the same as long as a row is shown.
    """

    number: int = 0
    texts: list[str] = field(default_factory=list[str])
    rows: dict[str, Row] = field(default_factory=dict[str, Row])


@dataclass
class RowsChange:
    """The difference between one `RowsView` and the next.

    Attributes:
        base: Number of the view to change; a page with another view requests the
            complete view.
        number: Number of the view after the change.
        texts: Texts to append.
        rows: Rows that are new or different.
        gone: Names of rows to remove.
    """

    base: int = -1
    number: int = -1
    texts: list[str] = field(default_factory=list[str])
    rows: dict[str, Row] = field(default_factory=dict[str, Row])
    gone: list[str] = field(default_factory=list[str])


class Texts:
    """Texts that many rows share; each is sent once."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self.all = list(known)
        self._places = {text: place for place, text in enumerate(self.all)}
        self._used = set[int]()

    def place(self, text: str) -> int:
        """Return the index of a text in the list; a new text is appended."""
        place = self._places.setdefault(text, len(self.all))
        if place == len(self.all):
            self.all.append(text)
        self._used.add(place)
        return place

    @property
    def unused_count(self) -> int:
        """Number of texts in the list that no current row uses."""
        return len(self.all) - len(self._used)


def change_rows(before: RowsView, texts: Texts, rows: Mapping[str, Row]) -> RowsChange:
    """Return the difference between a view and ``rows``.

    Args:
        before: The view that the page has.
        texts: The texts of ``before``, followed by new texts.
        rows: All rows to show.
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
    """Show ``rows`` on a page; send all rows or only the changes, whichever is smaller.

    Args:
        state: State with both vars.
        whole: Name of the var with the `RowsView`.
        changes: Name of the var with the `RowsChange`.
        texts: The texts of the current view, followed by new texts; or new texts only,
            which sends all rows.
        rows: All rows to show.
    """
    before: RowsView = state.get_value(whole)  # without Reflex's proxy, for speed
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
    """Set those vars of a state whose values differ; only these reach the page."""
    for name, value in values.items():
        if state.get_value(name) != value:
            setattr(state, name, value)
