"""The history of a setting, in a side sheet."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.settings.history_state import SettingHistoryState
from invo_booking.web.admin.settings.history_view import SettingChangeView
from invo_booking.web.kit.dialog import dialog
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, icon_button
from invo_booking.web.kit.tables import empty_line, item_list


def setting_history_panel() -> rx.Component:
    """All changes of one setting, each with a button that undoes it."""
    return dialog(
        rx.el.header(
            rx.el.div(
                rx.el.p(say("settings.history.of")),
                rx.el.h2(SettingHistoryState.label),
            ),
            icon_button("x", say("kit.close"), SettingHistoryState.close_history),
        ),
        rx.cond(
            SettingHistoryState.problem != "",
            rx.el.p(
                icon("warn", 14),
                rx.el.span(SettingHistoryState.problem),
                class_name="msg bad",
                role="alert",
            ),
        ),
        item_list(
            SettingHistoryState.changes,
            _change_row,
            empty=empty_line(say("settings.history.none")),
            name="log",
            is_ordered=True,
        ),
        rx.el.p(
            icon("lock", 14),
            rx.el.span(say("settings.history.note")),
            class_name="msg",
        ),
        open=SettingHistoryState.is_open,
        label=say("settings.history.heading"),
        kind="sheet",
        on_close=SettingHistoryState.close_history,
    )


def _change_row(change: SettingChangeView) -> rx.Component:
    return rx.el.li(
        rx.cond(
            change.after != "",
            rx.el.p(
                rx.el.span(change.before),
                icon("arrow"),
                hidden_text(say("settings.history.became")),
                rx.el.span(change.after),
                class_name="fromto",
            ),
        ),
        rx.el.p(rx.el.b(change.sentence), ", ", change.at),
        rx.cond(
            change.undo != "",
            rx.el.button(
                icon("undo"),
                change.undo,
                type="button",
                class_name="btn sm",
                on_click=SettingHistoryState.restore_value(change.number),
            ),
        ),
        key=change.number,
    )
