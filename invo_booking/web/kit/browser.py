"""What only the browser knows or does: the visitor's zone, arrow keys, the focus."""

import reflex as rx

from invo_booking.web.kit.parts import alert
from invo_booking.web.kit.typed import Text
from invo_booking.web.scripts import script

_LIBRARY = script(__name__, "browser.jsx")
script(__name__, "storage.js")  # other scripts import it


def _zone_and_locale(
    zone: rx.Var[str], locale: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str]]:
    return zone, locale


class Whereabouts(rx.NoSSRComponent):
    """Tells once which time zone and language the browser is set to; shows nothing."""

    library = _LIBRARY
    tag = "Whereabouts"

    on_known: rx.EventHandler[_zone_and_locale]


class ArrowKeys(rx.Component):
    """Moves focus between the buttons of a table of seven columns by arrow keys.

    Page Up and Page Down fire ``on_turn`` with -1 or 1. Where the times of a day are
    below the month, pressing a day leads to their heading, ``times``.
    """

    library = _LIBRARY
    tag = "ArrowKeys"

    on_turn: rx.EventHandler[rx.event.passthrough_event_spec(int)]


class SearchField(rx.Component):
    """A field with a list; what is picked, or typed and left, fires ``on_choose``."""

    library = _LIBRARY
    tag = "SearchField"

    value: rx.Var[str]
    field_id: rx.Var[str]
    list_id: rx.Var[str]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]

    on_choose: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Headline(rx.Component):
    """A heading that takes the focus when it comes in place of another one."""

    library = _LIBRARY
    tag = "Headline"

    level: rx.Var[str]
    field_id: rx.Var[str]


class KeptFields(rx.Component):
    """Keeps what is typed into a form in the browser's tab, and fills it in again.

    Attributes:
        form: Id of the form, which is drawn before.
        fields: Names of its fields to keep.
        store: Name in the storage of the tab.
    """

    library = _LIBRARY
    tag = "KeptFields"

    form: rx.Var[str]
    fields: rx.Var[list[str]]
    store: rx.Var[str]


class TakeOver(rx.Component):
    """Shows nothing; removes what the server wrote, once this is drawn."""

    library = _LIBRARY
    tag = "TakeOver"


class Told(rx.Component):
    """A place that is spoken and focused when something is said in it.

    Attributes:
        words: What is said; empty for nothing.
        count: Rises with each thing that is said, so that the same is said again.
    """

    library = _LIBRARY
    tag = "Told"

    words: rx.Var[str]
    count: rx.Var[int]


def headline(words: str) -> rx.Component:
    """The heading of a step; the page also goes back to its top."""
    return Headline.create(words, level="h1", field_id="h", key=words)


def question_heading(words: str) -> rx.Component:
    """The heading of something that asks before it is done."""
    return Headline.create(words, level="h3", field_id="ask", key=words)


def outcome_notice(
    words: Text, count: int | rx.Var[int], *, is_good: bool = True
) -> rx.Component:
    """The place of a sentence about what was done, or why it could not be.

    Args:
        words: The sentence; empty for nothing.
        count: How many there were so far.
        is_good: Whether it is about what was done.
    """
    kind, mark = ("ok", "tick") if is_good else ("", "warn")
    box = alert(rx.el.p(words), kind=kind, mark=mark, role="")
    return Told.create(rx.cond(words != "", box), words=words, count=count)


take_over = TakeOver.create
whereabouts = Whereabouts.create
arrow_keys = ArrowKeys.create
search_field = SearchField.create
