"""The bar with unsaved changes at the bottom of a settings page."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.admin.settings.view import SettingDifferenceView, SettingLinkView
from invo_booking.web.kit.dialog import dialog
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    hidden_text,
    icon_button,
    plain_link,
    submit_button,
)
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text, has_items


def settings_save_bar() -> rx.Component:
    """The bar: the number of unsaved changes, or the result of saving."""
    return rx.el.div(
        rx.cond(
            SettingsState.count > 0,
            _pending_changes(),
            rx.cond(SettingsState.done != "", _saved_notice()),
        ),
        rx.cond(SettingsState.problem != "", _problem_line()),
        class_name="savebar",
        role="region",
        aria_label=say("settings.unsaved"),
    )


def settings_review() -> rx.Component:
    """The list of all changes, to be reviewed before they are saved."""
    return dialog(
        rx.el.h2(*weave("settings.review.heading", changes=SettingsState.counted)),
        rx.el.ul(each(SettingsState.review, _difference_row), class_name="diffs"),
        rx.el.form(
            rx.cond(SettingsState.word != "", _confirmation_field()),
            rx.el.div(
                submit_button(say("kit.save")),
                button(say("settings.go_on"), press=SettingsState.close_review),
                class_name="acts",
            ),
            on_submit=SettingsState.confirm_changes,
        ),
        open=SettingsState.is_reviewing,
        label=say("settings.review.open"),
        kind="ask roomy",
        on_close=SettingsState.close_review,
    )


def _confirmation_field() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            *weave("settings.confirm", word=rx.el.b(SettingsState.word)),
            html_for="word",
        ),
        rx.el.input(
            id="word",
            name="word",
            auto_complete="off",
            aria_describedby="word-e",
            max_length=40,
        ),
        rx.el.p(
            SettingsState.word_problem, id="word-e", class_name="msg bad", role="alert"
        ),
        class_name="field",
    )


def _pending_changes() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.strong(icon("pen"), SettingsState.counted),
            rx.cond(has_items(SettingsState.wrong), _error_links()),
            class_name="what",
            role="status",
        ),
        button(say("settings.review.open"), press=SettingsState.open_review),
        submit_button(say("kit.save"), form="settings"),
        button(
            say("settings.discard"), press=SettingsState.discard_changes, look="ghost"
        ),
    )


def _error_links() -> rx.Component:
    return rx.el.span(
        icon("stop"),
        rx.el.span(say("settings.correct_first")),
        rx.foreach(SettingsState.wrong, _error_link),
        class_name="fix",
    )


def _error_link(link: SettingLinkView) -> rx.Component:
    return plain_link(link.label, href=f"#{link.key}")


def _saved_notice() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(icon("check"), SettingsState.done, class_name="done"),
            rx.foreach(SettingsState.cautions, _caution_line),
            class_name="what",
            role="status",
        ),
        rx.cond(
            SettingsState.undoable,
            button(icon("undo"), say("kit.undo"), press=SettingsState.undo_save),
        ),
        icon_button("x", say("kit.close"), SettingsState.dismiss_notices),
    )


def _caution_line(sentence: Text) -> rx.Component:
    return rx.el.p(icon("warn"), rx.el.span(sentence), class_name="caution")


def _problem_line() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            icon("warn"),
            rx.el.span(SettingsState.problem),
            class_name="what fix",
            role="alert",
        ),
    )


def _difference_row(one: SettingDifferenceView) -> rx.Component:
    return rx.el.li(
        rx.el.b(one.label),
        rx.el.p(
            rx.el.del_(one.before),
            icon("arrow"),
            hidden_text(say("settings.review.becomes")),
            rx.el.ins(one.after),
            class_name="fromto",
        ),
        rx.cond(
            one.warning != "",
            rx.el.p(icon("warn", 14), rx.el.span(one.warning), class_name="msg warn"),
        ),
        key=one.key,
    )
