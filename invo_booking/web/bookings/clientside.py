"""Two small things only a browser can do: count seconds and hear keys."""

import reflex as rx


class Countdown(rx.NoSSRComponent):
    """Time that is left, counted in the browser."""

    library = "$/public" + rx.asset("countdown.jsx", shared=True)
    tag = "Countdown"

    seconds: rx.Var[int]
    stamp: rx.Var[str]
    """Begins the count anew when it changes."""

    plain: rx.Var[bool]
    """Seconds alone, as in ``8 s``, instead of a clock."""

    on_done: rx.EventHandler[rx.event.no_args_event_spec]


class Shortcuts(rx.NoSSRComponent):
    """Keys that work anywhere on the page, except while somebody is typing."""

    library = "$/public" + rx.asset("shortcuts.jsx", shared=True)
    tag = "Shortcuts"

    keys: rx.Var[list[str]]
    on_key: rx.EventHandler[rx.event.passthrough_event_spec(str)]


countdown = Countdown.create
shortcuts = Shortcuts.create
