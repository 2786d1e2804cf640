"""Time left, counted in the browser."""

import reflex as rx

from invo_booking.web.scripts import script


class Countdown(rx.NoSSRComponent):
    """Time left on the server's clock; a wrong clock in the browser does no harm.

    Attributes:
        until: What it counts to, as an ISO 8601 instant.
        now: The server's clock when the page was made, as an ISO 8601 instant.
        seconds: How many are left, where there is no ``until``.
        stamp: Restarts the count when it changes, where there is no ``now``.
        mode: ``clock`` for days to seconds in large figures, ``figures`` as in
            ``1:05:00``, ``line`` within text, ``seconds`` as in ``8 s``.
        prefix: Words in front of a ``line``.
        said: Words before the minutes, which are announced at ten minutes and at one.
        labelled_by: Id of the element that names a ``clock``.
    """

    library = script(__name__, "countdown.jsx")
    tag = "Countdown"

    until: rx.Var[str]
    now: rx.Var[str]
    seconds: rx.Var[int]
    stamp: rx.Var[str]
    mode: rx.Var[str]
    prefix: rx.Var[str]
    said: rx.Var[str]
    labelled_by: rx.Var[str]

    on_done: rx.EventHandler[rx.event.no_args_event_spec]


countdown = Countdown.create
