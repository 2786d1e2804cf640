"""The countdown to an appointment, ticking in the browser."""

import reflex as rx


class Countdown(rx.NoSSRComponent):
    """Time left on the server's clock.

    Attributes:
        until: What it counts to, as an ISO 8601 instant.
        now: The server's clock when the page was made, as an ISO 8601 instant.
        mode: ``clock`` in large figures, ``line`` within text.
        prefix: Words in front of a ``line``.
        said: Words in front of the minutes that are spoken when ten are left, and one.
        labelled_by: Id of the element that names the timer.
    """

    library = "$/public" + rx.asset("countdown.jsx", shared=True)
    tag = "Countdown"

    until: rx.Var[str]
    now: rx.Var[str]
    mode: rx.Var[str]
    prefix: rx.Var[str]
    said: rx.Var[str]
    labelled_by: rx.Var[str]


countdown = Countdown.create
