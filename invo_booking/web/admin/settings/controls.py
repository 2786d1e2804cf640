"""The control of a setting, by the type of its value."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.clientside import colour_field
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.admin.settings.view import SettingOptionView, SettingRowView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text
from invo_booking.web.kit.typed import checkbox_trigger, part_by


def setting_control(row: SettingRowView) -> rx.Component:
    """The field, switch or choice of a setting."""
    return part_by(
        row.control,
        ("switch", _switch_control(row)),
        ("choice", _choice_control(row)),
        ("cards", _card_control(row)),
        ("roles", _role_control(row)),
        ("color", _color_control(row)),
        ("secret", _secret_control(row)),
        ("number", _line_control(row, "ctl num", "numeric")),
        ("list", _line_control(row, "ctl num", "text")),
        default=_line_control(row, "ctl", "text"),
    )


def read_only_setting(row: SettingRowView) -> rx.Component:
    """The value of a setting, for people who are not allowed to change it."""
    return rx.el.div(
        rx.el.p(row.said, class_name="fixed"),
        rx.el.p(icon("lock", 14), say("settings.super_admin_only"), class_name="msg"),
    )


def _error_attributes(row: SettingRowView) -> dict[str, rx.Var[str]]:
    return {
        "aria-describedby": rx.Var.create(row.described_by),
        "aria-invalid": rx.cond(row.error != "", "true", "false"),
    }


def _line_control(row: SettingRowView, look: str, keys: str) -> rx.Component:
    return rx.el.div(
        rx.el.input(
            id=f"{row.key}-i",
            default_value=row.value,
            auto_complete="off",
            spell_check=False,
            on_change=SettingsState.edit_setting(row.key),
            custom_attrs={"inputMode": keys, **_error_attributes(row)},
        ),
        rx.cond(row.unit != "", rx.el.span(row.unit, class_name="unit")),
        class_name=look,
    )


def _secret_control(row: SettingRowView) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.input(
                id=f"{row.key}-i",
                type="password",
                default_value=row.value,
                placeholder=rx.cond(
                    row.stored,
                    say("settings.secret.replace"),
                    say("settings.secret.enter"),
                ),
                auto_complete="new-password",
                on_change=SettingsState.edit_setting(row.key),
                custom_attrs=_error_attributes(row),
            ),
            class_name="ctl",
        ),
        rx.cond(
            row.stored,
            rx.el.p(
                icon("lock", 14),
                rx.el.span(say("settings.secret.stored")),
                class_name="msg ok",
            ),
        ),
    )


def _switch_control(row: SettingRowView) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            role="switch",
            id=f"{row.key}-i",
            default_checked=row.value == "on",
            on_change=checkbox_trigger(SettingsState.switch_setting(row.key)),
            custom_attrs=_error_attributes(row),
        ),
        rx.el.span(say("settings.on"), class_name="on", aria_hidden="true"),
        rx.el.span(say("settings.off"), class_name="off", aria_hidden="true"),
        class_name="switch",
    )


def _choice_control(row: SettingRowView) -> rx.Component:
    return rx.el.div(
        rx.el.select(
            rx.foreach(row.options, _option),
            id=f"{row.key}-i",
            default_value=row.value,
            on_change=SettingsState.edit_setting(row.key),
            custom_attrs=_error_attributes(row),
        ),
        class_name="ctl sel",
    )


def _option(option: SettingOptionView) -> rx.Component:
    return rx.el.option(option.label, value=option.value)


def _card_control(row: SettingRowView) -> rx.Component:
    def card(option: SettingOptionView) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name=row.key,
                value=option.value,
                default_checked=option.chosen,
                on_change=SettingsState.edit_setting(row.key),
            ),
            rx.el.strong(option.label),
            hidden_text(": "),
            rx.el.small(option.note),
            class_name="prov",
        )

    return _choice_group(row, rx.foreach(row.options, card), "provs")


def _role_control(row: SettingRowView) -> rx.Component:
    def box(option: SettingOptionView) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                default_checked=option.chosen,
                on_change=checkbox_trigger(
                    SettingsState.tick_option(row.key, option.value)
                ),
            ),
            option.label,
            class_name="check",
        )

    return _choice_group(row, rx.foreach(row.options, box), "checks")


def _choice_group(
    row: SettingRowView, options: rx.Component, look: str
) -> rx.Component:
    named = {"aria-labelledby": f"{row.key}-l", "aria-describedby": row.described_by}
    return rx.el.div(options, role="group", class_name=look, custom_attrs=named)


def _color_control(row: SettingRowView) -> rx.Component:
    return colour_field(
        value=row.value,
        label=row.label,
        field_id=f"{row.key}-i",
        described_by=row.described_by,
        invalid=row.error != "",
        on_pick=SettingsState.edit_setting(row.key),
    )
