"""An agent's own calendars on staff pages; see the scripts beside this module.

The browser itself requests the events, so that they never enter a state.
"""

from typing import Any

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.calendar.personal_view import PersonalView
from invo_booking.web.kit.typed import Text
from invo_booking.web.scripts import script

for beside in ("personal_store.js", "personal_grid.js"):  # other scripts import them
    script(__name__, beside)

LIBRARY = script(__name__, "personal_panel.jsx")

_STORED = (
    (
        "bookings.personal.stored_grant_what",
        "bookings.personal.stored_grant_where",
        "bookings.personal.stored_grant_long",
    ),
    (
        "bookings.personal.stored_options_what",
        "bookings.personal.stored_options_where",
        "bookings.personal.stored_options_long",
    ),
    (
        "bookings.personal.stored_token_what",
        "bookings.personal.stored_token_where",
        "bookings.personal.stored_token_long",
    ),
    (
        "bookings.personal.stored_events_what",
        "bookings.personal.stored_events_where",
        "bookings.personal.stored_events_long",
    ),
    (
        "bookings.personal.stored_begun_what",
        "bookings.personal.stored_begun_where",
        "bookings.personal.stored_begun_long",
    ),
    (
        "bookings.personal.stored_ended_what",
        "bookings.personal.stored_ended_where",
        "bookings.personal.stored_ended_long",
    ),
)
"""Rows of text keys: what is stored, where, and for how long."""


class PersonalPanel(rx.NoSSRComponent):
    """The panel of personal calendars: accounts, options, and what is stored.

    Draws nothing while the panel is closed. Its children are drawn inside the close
    button.
    """

    library = LIBRARY
    tag = "PersonalPanel"

    stored: rx.Var[list[list[str]]]
    head: rx.Var[dict[str, str]]


class PersonalGear(rx.NoSSRComponent):
    """The button that opens and closes the panel, without a request to the server."""

    library = LIBRARY
    tag = "PersonalGear"


class PersonalNotices(rx.NoSSRComponent):
    """Messages about events that are not shown; passes the page's days to scripts."""

    library = LIBRARY
    tag = "PersonalNotices"

    shown: rx.Var[PersonalView]
    texts: rx.Var[dict[str, str]]


class PersonalWarning(rx.NoSSRComponent):
    """Warns of the agent's own events at the time in a form, if warnings are on."""

    library = LIBRARY
    tag = "PersonalWarning"

    stamp: rx.Var[str]
    """A new value each time the page, not the agent, changes the time in the form."""

    text: rx.Var[str]
    agent: rx.Var[str]
    """Id of the agent; without this value, the form's field ``agent`` has the id."""

    before: rx.Var[dict[str, str]]
    """Day, start and end of the stored appointment.

    The copy of this appointment in the agent's own calendar causes no warning.
    """


class PersonalRowWarning(rx.NoSSRComponent):
    """``PersonalWarning`` in a list, beside the button to take the appointment."""

    library = LIBRARY
    tag = "PersonalRowWarning"

    text: rx.Var[str]
    times: rx.Var[dict[str, str]]


class PersonalCount(rx.NoSSRComponent):
    """How many calendars an agent has signed in to."""

    library = LIBRARY
    tag = "PersonalCount"

    texts: rx.Var[dict[str, str]]


def personal_calendar_texts() -> dict[str, str]:
    """Return the texts of the scripts, with placeholders that the scripts fill in."""
    return {
        "google": say("bookings.personal.google"),
        "outlook": say("bookings.personal.outlook"),
        "private": say("bookings.personal.private"),
        "untitled": say("bookings.personal.untitled"),
        "allDay": say("bookings.personal.all_day"),
        "yours": say("bookings.personal.yours"),
        "opens": say("bookings.personal.opens"),
        "failed": say("bookings.personal.failed"),
        "offline": say("bookings.personal.offline"),
        "ended": say("bookings.personal.ended"),
        "unreadable": say("bookings.personal.unreadable"),
        "incomplete": say("bookings.personal.incomplete"),
        "again": say("bookings.personal.again"),
        "retry": say("bookings.personal.retry"),
        "dropped": say("bookings.personal.dropped"),
        "close": say("kit.close"),
        "reload": say("bookings.personal.reload"),
        "out": say("bookings.personal.out"),
        "signIn": say("bookings.personal.sign_in"),
        "none": say("bookings.personal.none"),
        "count": say("bookings.personal.count"),
        "unkept": say("bookings.personal.unkept"),
        "unrevoked": say("bookings.personal.unrevoked"),
        "shared": say("bookings.personal.shared"),
        **_option_texts(),
        **_stored_texts(),
    }


def _option_texts() -> dict[str, str]:
    return {
        "calendars": say("bookings.personal.calendars"),
        "color": say("bookings.personal.color"),
        "gray": say("bookings.personal.gray"),
        "blue": say("bookings.personal.blue"),
        "green": say("bookings.personal.green"),
        "orange": say("bookings.personal.orange"),
        "purple": say("bookings.personal.purple"),
        "team": say("bookings.personal.team"),
        "teamHelp": say("bookings.personal.team_help"),
        "recurring": say("bookings.personal.recurring"),
        "most": say("bookings.personal.most"),
        "least": say("bookings.personal.least"),
        "warn": say("bookings.personal.warn"),
    }


def _stored_texts() -> dict[str, str]:
    return {
        "stored": say("bookings.personal.stored"),
        "what": say("bookings.personal.stored_what"),
        "where": say("bookings.personal.stored_where"),
        "long": say("bookings.personal.stored_long"),
    }


def calendar_storage_rows() -> list[list[str]]:
    """Return rows for the panel: what is stored, where, and for how long."""
    return [[say(key) for key in row] for row in _STORED]


def personal_calendar_warning(stamp: Text, **stored: Any) -> rx.Component:
    """Warn of the agent's own events at the time in a form.

    Args:
        stamp: See ``PersonalWarning``.
        stored: ``agent`` and ``before`` of an appointment that is edited.
    """
    text = say("bookings.personal.clash")
    return PersonalWarning.create(stamp=stamp, text=text, **stored)


def personal_calendar_row_warning(times: dict[str, str]) -> rx.Component:
    """Warn of the agent's own events at the time of an appointment in a list.

    Args:
        times: Day, start and end of the appointment.
    """
    return PersonalRowWarning.create(text=say("bookings.personal.clash"), times=times)


personal_panel = PersonalPanel.create
personal_gear = PersonalGear.create
personal_notices = PersonalNotices.create
personal_count = PersonalCount.create
