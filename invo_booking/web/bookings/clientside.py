"""What only a browser can do: hear keys."""

import reflex as rx


class Shortcuts(rx.NoSSRComponent):
    """Keys that work anywhere on the page, except while a person is typing."""

    library = "$/public" + rx.asset("shortcuts.jsx", shared=True)
    tag = "Shortcuts"

    keys: rx.Var[list[str]]
    on_key: rx.EventHandler[rx.event.passthrough_event_spec(str)]


shortcuts = Shortcuts.create
