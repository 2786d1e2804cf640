"""What makes an open page look again at the moment the clock changes it."""

import reflex as rx
from reflex.event import EventCallback

from invo_booking.web.kit.text.moments import MomentView
from invo_booking.web.scripts import script


class Moment(rx.NoSSRComponent):
    """Shows nothing; fires once at the first of some moments, while the page is seen.

    At most once a second, whatever the moments are. A page that was hidden, or whose
    computer slept, fires as soon as it is seen again.

    Attributes:
        moments: One for each state the page shows.
        on_due: Reads the page again. Looking changes nothing and is no activity of
            the person in front of it; make it ``temporal``, for a page whose line
            comes back is read again anyway.
    """

    library = script(__name__, "moment.jsx")
    tag = "Moment"

    moments: rx.Var[list[MomentView]]

    on_due: rx.EventHandler[rx.event.no_args_event_spec]


def refresh_timer(*moments: MomentView, on_due: EventCallback[()]) -> rx.Component:
    """Read the page again by ``on_due`` when the first of some moments comes."""
    return Moment.create(moments=list(moments), on_due=on_due.temporal)
