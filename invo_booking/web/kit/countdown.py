"""A countdown that runs in the browser."""

import reflex as rx

from invo_booking.web.scripts import script


class Countdown(rx.NoSSRComponent):
    """The remaining time on the server's clock; the browser's clock may be wrong.

    Attributes:
        until: ISO 8601 instant at which the countdown ends.
        now: ISO 8601 instant on the server's clock at which the page was made.
        seconds: Remaining seconds, if ``until`` is not set.
        stamp: If ``now`` is not set, a new value restarts the countdown.
        mode: ``clock`` for days to seconds in large figures, ``figures`` as in
            ``1:05:00``, ``line`` within text, ``seconds`` as in ``8 s``.
        prefix: Text before a ``line``.
        said: Text before the minutes in the announcements to screen readers, ten
            minutes and one minute before the end.
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
