"""Make an open page reload its data when the passing of time changes the page."""

import reflex as rx
from reflex.event import EventCallback

from invo_booking.web.kit.text.moments import MomentView
from invo_booking.web.scripts import script


class Moment(rx.NoSSRComponent):
    """Invisible timer: fires at the earliest of several instants, on visible pages.

    Fires at most once a second. A page that was hidden, or whose computer slept, fires
    as soon as the page is visible again.

    Attributes:
        moments: One entry for each state that the page shows.
        on_due: Reloads the page's data. Must not change stored data, and must not count
            as activity. Should be ``temporal``, because a page that reconnects is
            reloaded anyway.
    """

    library = script(__name__, "moment.jsx")
    tag = "Moment"

    moments: rx.Var[list[MomentView]]

    on_due: rx.EventHandler[rx.event.no_args_event_spec]


def refresh_timer(*moments: MomentView, on_due: EventCallback[()]) -> rx.Component:
    """Return a timer that sends ``on_due`` at the earliest of several instants."""
    return Moment.create(moments=list(moments), on_due=on_due.temporal)
