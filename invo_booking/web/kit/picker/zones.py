"""Let a visitor search for the time zone in which times are shown."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.kit.browser import search_field
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.kit.text import zones


def zone_field() -> rx.Component:
    """Return the zone of the times: as text for a visit, otherwise as a field."""
    return rx.cond(
        PickerState.is_visit,
        rx.el.p(
            rx.cond(
                PickerState.view.has_zones,
                rx.el.span(PickerState.view.zone, "."),
                rx.el.span(
                    *weave(
                        "scheduler.zone.of_branch",
                        zone=rx.el.b(PickerState.view.zone),
                    )
                ),
            ),
            class_name="field zone",
        ),
        _zone_input(),
    )


def _zone_input() -> rx.Component:
    """Return a field with a list of time zones."""
    return rx.el.div(
        rx.el.label(say("public.time_zone"), html_for="zone"),
        rx.el.div(
            icon("globe", 20),
            search_field(
                value=PickerState.view.zone,
                field_id="zone",
                list_id="zones",
                invalid=PickerState.zone_problem != "",
                described_by="zone-problem",
                on_choose=PickerState.choose_zone,
            ),
            class_name="with-icon",
        ),
        rx.el.p(
            PickerState.zone_problem,
            id="zone-problem",
            class_name="err",
            role="status",
        ),
        _zone_options(),
        class_name="field zone",
    )


def _zone_options() -> rx.Component:
    options = [rx.el.option(value=label) for label in zones.zone_options()]
    return rx.el.datalist(*options, id="zones")
