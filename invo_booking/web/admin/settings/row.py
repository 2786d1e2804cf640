"""One setting: label, help, previous value, and control."""

import reflex as rx
from reflex.event import EventCallback

from invo_booking.texts import say, weave
from invo_booking.web.admin.settings.controls import read_only_setting, setting_control
from invo_booking.web.admin.settings.history_state import SettingHistoryState
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.admin.settings.view import SettingGroupView, SettingRowView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, status_tag
from invo_booking.web.kit.typed import Text, part_by

GROUPED = ("cards", "roles")
"""Controls whose name comes from another element, not from a label of their own."""


def settings_part(view: SettingGroupView) -> rx.Component:
    """A group of settings."""
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
        rx.el.div(_setting_label(row), _setting_tags(row), class_name="t"),
        rx.el.p(row.help, id=f"{row.key}-h", class_name="h"),
        rx.el.div(
            rx.cond(
                row.editable,
                rx.fragment(setting_control(row), key=row.drawn),
                read_only_setting(row),
            ),
            rx.cond(row.hint != "", rx.el.p(row.hint, class_name="hint")),
            rx.cond(row.error != "", _error_line(row)),
            rx.cond(row.clash != "", _clash_notice(row)),
            rx.cond(row.was != "", _previous_value(row)),
            class_name="c",
        ),
        _small_print(row),
        rx.cond(row.notice != "", _notice_line(row.notice)),
        id=row.key,
        key=row.key,
        class_name=row.look,
    )


def _setting_label(row: SettingRowView) -> rx.Component:
    return part_by(
        row.control,
        (*GROUPED, rx.el.span(row.label, id=f"{row.key}-l")),
        default=rx.cond(
            row.editable,
            rx.el.label(row.label, html_for=f"{row.key}-i"),
            rx.el.span(row.label),
        ),
    )


def _setting_tags(row: SettingRowView) -> rx.Component:
    return rx.fragment(
        rx.cond(
            row.deprecated,
            status_tag("deprecated", "clock", say("settings.tag.deprecated")),
        ),
        rx.cond(
            row.error != "",
            status_tag("bad", "stop", say("settings.tag.refused")),
            rx.cond(
                row.differs, status_tag("changed", "pen", say("settings.tag.changed"))
            ),
        ),
    )


def _error_line(row: SettingRowView) -> rx.Component:
    return rx.el.p(
        icon("stop", 14),
        rx.el.span(row.error),
        id=f"{row.key}-e",
        class_name="msg bad",
        role="alert",
    )


def _notice_line(sentence: Text) -> rx.Component:
    return rx.el.p(icon("warn", 14), rx.el.span(sentence), class_name="msg warn n")


def _clash_notice(row: SettingRowView) -> rx.Component:
    return rx.el.div(
        rx.el.p(icon("warn", 14), rx.el.span(row.clash), class_name="msg warn"),
        rx.el.p(
            _row_button(say("settings.clash.keep"), row, SettingsState.keep_own_value),
            _row_button(say("settings.clash.take"), row, SettingsState.discard_change),
            class_name="was",
        ),
        role="alert",
    )


def _previous_value(row: SettingRowView) -> rx.Component:
    return rx.el.p(
        rx.el.span(row.was),
        rx.cond(
            row.clash == "",
            _row_button(say("settings.put_back"), row, SettingsState.discard_change),
        ),
        class_name="was",
    )


def _small_print(row: SettingRowView) -> rx.Component:
    return rx.el.div(
        rx.el.span(row.default),
        rx.cond(
            row.bounds != "",
            rx.el.span(*weave("settings.bounds_label", bounds=row.bounds)),
        ),
        rx.el.span(
            row.changed,
            rx.cond(
                row.history,
                _row_button(
                    say("settings.history.heading"),
                    row,
                    SettingHistoryState.open_history,
                ),
            ),
        ),
        rx.cond(
            row.resettable,
            rx.el.span(
                _row_button(say("settings.reset"), row, SettingsState.use_default),
                class_name="alone",
            ),
        ),
        class_name="m",
    )


def _row_button(
    words: str, row: SettingRowView, handler: EventCallback[str]
) -> rx.Component:
    return rx.el.button(
        words,
        hidden_text(*weave("settings.for_setting", setting=row.label)),
        type="button",
        class_name="link",
        on_click=handler(row.key),
    )
