"""Components that run in the browser: time zone of the visitor, arrow keys, focus."""

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
    """Reports the browser's time zone and language to the server; shows nothing."""

    library = _LIBRARY
    tag = "Whereabouts"

    on_known: rx.EventHandler[_zone_and_locale]


class ArrowKeys(rx.Component):
    """Moves the focus between the days of a month by arrow keys.

    Page Up and Page Down fire ``on_turn`` with -1 or 1. If the times of a day are shown
    below the month, clicking a day scrolls to the times, the element with the id
    ``times``.
    """

    library = _LIBRARY
    tag = "ArrowKeys"

    on_turn: rx.EventHandler[rx.event.passthrough_event_spec(int)]


class SearchField(rx.Component):
    """A field with a list of suggestions.

    Fires ``on_choose`` when a suggestion is picked, or when the visitor leaves the
    field after typing.
    """

    library = _LIBRARY
    tag = "SearchField"

    value: rx.Var[str]
    field_id: rx.Var[str]
    list_id: rx.Var[str]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]

    on_choose: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class PageAhead(rx.Component):
    """Preloads the scripts of a page, so that the page opens without a request.

    Without these scripts, the router loads the whole page again. If the server cannot
    be reached at that moment, the browser shows its own error page.
    """

    library = "react-router"
    tag = "PrefetchPageLinks"

    page: rx.Var[str]


class Headline(rx.Component):
    """A heading that takes the focus when it replaces another heading."""

    library = _LIBRARY
    tag = "Headline"

    level: rx.Var[str]
    field_id: rx.Var[str]


class KeptFields(rx.Component):
    """Keeps the typed contents of a form in the browser's tab, and restores them.

    Attributes:
        form: Id of the form, which must be drawn before this component.
        fields: Names of the fields to keep.
        store: Key in the tab's session storage.
    """

    library = _LIBRARY
    tag = "KeptFields"

    form: rx.Var[str]
    fields: rx.Var[list[str]]
    store: rx.Var[str]


class TakeOver(rx.Component):
    """Shows nothing; once drawn, removes the HTML that the server wrote into the page.

    The HTML stays while the visitor is using it, for example typing into a field.
    """

    library = _LIBRARY
    tag = "TakeOver"


class Told(rx.Component):
    """A message area; each new message is announced and takes the focus.

    Attributes:
        words: The message; empty for none.
        count: Rises with each message, so that a repeated message is announced again.
    """

    library = _LIBRARY
    tag = "Told"

    words: rx.Var[str]
    count: rx.Var[int]


def headline(words: str) -> rx.Component:
    """The heading of a step; a new heading also scrolls the page to its top."""
    return Headline.create(words, level="h1", field_id="h", key=words)


def question_heading(words: str) -> rx.Component:
    """The heading of a question that must be answered before an action is done."""
    return Headline.create(words, level="h3", field_id="ask", key=words)


def outcome_notice(
    words: Text, count: int | rx.Var[int], *, is_good: bool = True
) -> rx.Component:
    """A message about the outcome of an action; each new message takes the focus.

    Args:
        words: The message; empty for none.
        count: Number of messages so far.
        is_good: Whether the action succeeded.
    """
    kind, mark = ("ok", "tick") if is_good else ("", "warn")
    box = alert(rx.el.p(words), kind=kind, mark=mark, role="")
    return Told.create(rx.cond(words != "", box), words=words, count=count)


take_over = TakeOver.create
whereabouts = Whereabouts.create
arrow_keys = ArrowKeys.create
search_field = SearchField.create
