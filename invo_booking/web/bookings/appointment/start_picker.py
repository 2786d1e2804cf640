"""The list of a day's starts in staff forms; see ``starts.jsx``."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.starts_state import TimesState
from invo_booking.web.bookings.appointment.starts_view import StartView
from invo_booking.web.kit.icons import icon
from invo_booking.web.scripts import script


class StartPicker(rx.NoSSRComponent):
    """A list of starts; a closed start can be focused to read why it is closed."""

    library = script(__name__, "starts.jsx")
    tag = "StartPicker"

    starts: rx.Var[list[StartView]]
    label: rx.Var[str]
    texts: rx.Var[dict[str, str]]
    on_pick: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def appointment_start_picker() -> rx.Component:
    """The starts of the chosen day, and the reason why a typed time is closed."""
    return rx.el.div(
        rx.el.input(type="hidden", name="second", value=TimesState.second),
        rx.cond(
            TimesState.typed_why != "",
            rx.el.p(icon("warn", 14), TimesState.typed_why, class_name="err"),
        ),
        StartPicker.create(
            starts=TimesState.starts,
            label=say("drawer.starts"),
            texts={
                "closed": say("drawer.start_picker.closed"),
                "hint": say("drawer.start_picker.hint"),
                "why": say("drawer.start_picker.why", time="{time}"),
            },
            on_pick=TimesState.pick_start,
        ),
        rx.cond(
            TimesState.note != "",
            rx.el.p(TimesState.note, class_name="note"),
        ),
        class_name="pickstart",
        role="status",
    )
