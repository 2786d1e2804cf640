"""A preview of slots in the chosen colors, before the colors are saved."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.admin.settings.view import RatioView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import status_tag

TIMES = ("11:45", "12:15", "1:00", "1:30", "2:15", "3:45")
PICKED = "1:00"


def settings_slots_preview() -> rx.Component:
    """Slots as customers will see them, with the contrast of their text."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(say("settings.preview.heading")),
            rx.el.p(say("settings.preview.lead")),
            class_name="group-head",
        ),
        rx.el.div(
            rx.el.div(
                *(_slot_sample(time) for time in TIMES),
                class_name="pv-slots",
                style={
                    "--pv-text": SettingsState.slots.text,
                    "--pv-available": SettingsState.slots.available,
                    "--pv-selected": SettingsState.slots.selected,
                },
            ),
            rx.foreach(SettingsState.slots.ratios, _ratio_line),
            class_name="card",
        ),
        class_name="group",
        aria_label=say("settings.preview.heading"),
    )


def _slot_sample(time: str) -> rx.Component:
    if time == PICKED:
        return rx.el.span(icon("tick", 14), time, class_name="pv-slot is-picked")
    return rx.el.span(time, class_name="pv-slot")


def _ratio_line(one: RatioView) -> rx.Component:
    return rx.el.p(
        rx.el.span(one.name, ": ", rx.el.b(one.ratio)),
        rx.cond(
            one.reads_well,
            status_tag("ok", "check", say("settings.preview.reads_well")),
            status_tag("warn", "warn", say("settings.preview.hard_to_read")),
        ),
        class_name="ratio",
        role="status",
        key=one.name,
    )
