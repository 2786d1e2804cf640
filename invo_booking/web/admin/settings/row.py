"""One setting: label, help, what it was, and its control."""

import reflex as rx
from reflex.event import EventCallback

from invo_booking.web.admin.settings.controls import control, read_only
from invo_booking.web.admin.settings.history_state import SettingHistoryState
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.admin.settings.view import SettingGroupView, SettingRowView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden, tag
from invo_booking.web.kit.typed import Text, part_by

GROUPED = ("cards", "roles")
"""Controls that are named by an element rather than by a label of theirs."""


def part(view: SettingGroupView) -> rx.Component:
    """Settings that belong together."""
    return rx.el.section(
        rx.el.div(rx.el.h2(view.title), rx.el.p(view.lead), class_name="group-head"),
        rx.el.div(rx.foreach(view.rows, setting_row), class_name="card"),
        class_name="group",
        aria_label=view.title,
        key=view.title,
    )


def setting_row(row: SettingRowView) -> rx.Component:
    """One setting."""
    return rx.el.div(
        rx.el.div(_name(row), _tags(row), class_name="t"),
        rx.el.p(row.help, id=f"{row.key}-h", class_name="h"),
        rx.el.div(
            rx.cond(
                row.editable,
                rx.fragment(control(row), key=row.drawn),
                read_only(row),
            ),
            rx.cond(row.hint != "", rx.el.p(row.hint, class_name="hint")),
            rx.cond(row.error != "", _error(row)),
            rx.cond(row.clash != "", _clash(row)),
            rx.cond(row.was != "", _was(row)),
            class_name="c",
        ),
        _small_print(row),
        rx.cond(row.notice != "", _notice(row.notice)),
        id=row.key,
        key=row.key,
        class_name=row.look,
    )


def _name(row: SettingRowView) -> rx.Component:
    return part_by(
        row.control,
        (*GROUPED, rx.el.span(row.label, id=f"{row.key}-l")),
        default=rx.cond(
            row.editable,
            rx.el.label(row.label, html_for=f"{row.key}-i"),
            rx.el.span(row.label),
        ),
    )


def _tags(row: SettingRowView) -> rx.Component:
    return rx.fragment(
        rx.cond(row.deprecated, tag("deprecated", "clock", "Deprecated")),
        rx.cond(
            row.error != "",
            tag("bad", "stop", "Not accepted"),
            rx.cond(row.differs, tag("changed", "pen", "Changed")),
        ),
    )


def _error(row: SettingRowView) -> rx.Component:
    return rx.el.p(
        icon("stop", 14),
        rx.el.span(row.error),
        id=f"{row.key}-e",
        class_name="msg bad",
        role="alert",
    )


def _notice(sentence: Text) -> rx.Component:
    return rx.el.p(icon("warn", 14), rx.el.span(sentence), class_name="msg warn n")


def _clash(row: SettingRowView) -> rx.Component:
    return rx.el.div(
        rx.el.p(icon("warn", 14), rx.el.span(row.clash), class_name="msg warn"),
        rx.el.p(
            _link("Keep mine", row, SettingsState.keep_mine),
            _link("Take theirs", row, SettingsState.put_back),
            class_name="was",
        ),
        role="alert",
    )


def _was(row: SettingRowView) -> rx.Component:
    return rx.el.p(
        rx.el.span(row.was),
        rx.cond(row.clash == "", _link("Put back", row, SettingsState.put_back)),
        class_name="was",
    )


def _small_print(row: SettingRowView) -> rx.Component:
    return rx.el.div(
        rx.el.span(row.default),
        rx.cond(row.bounds != "", rx.el.span("Allowed: ", row.bounds)),
        rx.el.span(
            row.changed,
            rx.cond(row.history, _link("History", row, SettingHistoryState.show)),
        ),
        rx.cond(
            row.resettable,
            rx.el.span(
                _link("Reset to default", row, SettingsState.use_default),
                class_name="alone",
            ),
        ),
        class_name="m",
    )


def _link(words: str, row: SettingRowView, handler: EventCallback[str]) -> rx.Component:
    return rx.el.button(
        words,
        hidden(" for ", row.label),
        type="button",
        class_name="link",
        on_click=handler(row.key),
    )
