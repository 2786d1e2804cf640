"""The countdown to an appointment, ticking in the browser."""

import reflex as rx


class Countdown(rx.NoSSRComponent):
    """Time left on the server's clock.

    It also asks for a fresh look at the moment the page must change, every so many
    seconds while the tab is seen, and when the visitor comes back to it. Asking
    changes nothing.

    Attributes:
        until: What it counts to, as an ISO 8601 instant.
        now: The server's clock when the page was made, as an ISO 8601 instant.
        next: When ``on_moment`` must fire, as an ISO 8601 instant; empty for never.
        mode: ``clock`` in large figures, ``line`` within text, ``silent`` to show
            nothing.
        prefix: Words in front of a ``line``.
        said: Words in front of the minutes that are spoken when ten are left, and one.
        every: Seconds between two looks; 0 for none.
        labelled_by: Id of the element that names the timer.
    """

    library = "$/public" + rx.asset("countdown.jsx", shared=True)
    tag = "Countdown"

    until: rx.Var[str]
    now: rx.Var[str]
    next: rx.Var[str]
    mode: rx.Var[str]
    prefix: rx.Var[str]
    said: rx.Var[str]
    every: rx.Var[int]
    labelled_by: rx.Var[str]

    on_moment: rx.EventHandler[rx.event.no_args_event_spec]


countdown = Countdown.create
