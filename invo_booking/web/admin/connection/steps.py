"""The steps that connect a provider, in order, each with its controls."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.admin.connection.host_kind import host_kind_step
from invo_booking.web.admin.connection.host_views import HostView
from invo_booking.web.admin.connection.state import AddonState
from invo_booking.web.admin.connection.step_parts import (
    connection_step,
    connection_step_light,
)
from invo_booking.web.admin.connection.view import (
    FindingView,
    PermissionView,
)
from invo_booking.web.kit.copying import copy_button
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import button, hidden_text, plain_link, submit_button
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text, has_items
from invo_booking.web.kit.unsaved import discard_attributes, question_attributes

VIEW = AddonState.view
WORDS = VIEW.words


def connection_steps() -> rx.Component:
    """The list of all steps."""
    return rx.el.ol(
        connection_step(
            WORDS.registered_heading,
            VIEW.registered,
            _fields_link(),
            _redirect_address(),
        ),
        rx.cond(has_items(VIEW.host_kinds), host_kind_step()),
        rx.cond(
            WORDS.is_server,
            connection_step(
                say("connection.server.heading"), VIEW.signed_in, _connect_button()
            ),
            rx.fragment(
                connection_step(
                    say("connection.signed_in.heading"),
                    VIEW.signed_in,
                    _sign_in_button(),
                ),
                connection_step(
                    say("connection.permissions.heading"),
                    VIEW.allowed,
                    _permission_list(),
                ),
            ),
        ),
        connection_step(
            WORDS.host_heading,
            VIEW.hosted,
            rx.cond(WORDS.is_host_given, rx.fragment(), _host_choice()),
        ),
        rx.el.li(
            connection_step_light(_test_light()),
            rx.el.div(rx.el.h3(say("connection.test.heading")), class_name="s-t"),
            rx.el.p(
                say("connection.test.lead"),
                class_name="s-d",
            ),
            _test_form(),
        ),
        class_name="steps",
    )


def connection_button_words(words: Text, name: str) -> rx.Component:
    """The text of a button, or a request to wait while the button's call is running."""
    return rx.cond(
        AddonState.doing == name,
        rx.fragment(say("connection.one_moment")),
        rx.fragment(words),
    )


def ask_provider_button(
    words: Text, name: str, press: rx.event.EventType[()], look: Text = ""
) -> rx.Component:
    """A button that calls the provider; disabled while any call is running."""
    return rx.el.button(
        connection_button_words(words, name),
        type="button",
        class_name=f"btn {look}",
        on_click=press,
        aria_disabled=rx.cond(AddonState.doing != "", "true", "false"),
    )


def _fields_link() -> rx.Component:
    return rx.cond(
        ~VIEW.is_ready,
        rx.el.p(
            plain_link(say("connection.registered.go"), href=WORDS.first_field),
            class_name="s-d",
        ),
    )


def _redirect_address() -> rx.Component:
    return rx.cond(
        VIEW.redirect != "",
        rx.el.div(
            rx.el.label(WORDS.redirect, html_for="redirect"),
            rx.el.div(
                rx.el.input(
                    id="redirect",
                    value=VIEW.redirect,
                    read_only=True,
                    class_name="copy",
                ),
                copy_button(
                    say("connection.redirect.copy"),
                    hidden_text(say("connection.redirect.copy_what")),
                    field_id="redirect",
                    name="btn sm",
                ),
                class_name="pair",
            ),
            class_name="s-x",
        ),
        rx.el.p(WORDS.redirect, class_name="s-d"),
    )


def _connect_button() -> rx.Component:
    """The button that checks and connects the account in the settings."""
    return rx.cond(
        VIEW.is_ready,
        rx.el.div(
            ask_provider_button(
                rx.cond(
                    VIEW.is_connected, say("connection.server.again"), WORDS.sign_in
                ),
                "sign in",
                AddonState.connect_account,
                rx.cond(VIEW.signed_in.light == "ok", "sm", "primary"),
            ),
            rx.cond(~VIEW.is_connected, rx.el.div(_finding_list(), role="status")),
            class_name="s-x",
        ),
    )


def _sign_in_button() -> rx.Component:
    return rx.cond(
        VIEW.is_ready,
        rx.el.div(
            rx.cond(
                VIEW.is_connected & (VIEW.signed_in.light == "ok"),
                ask_provider_button(
                    say("connection.state.reconnect"),
                    "sign in",
                    AddonState.begin_sign_in,
                    "sm",
                ),
                ask_provider_button(
                    WORDS.sign_in,
                    "sign in",
                    AddonState.begin_sign_in,
                    "primary",
                ),
            ),
            class_name="s-x",
        ),
    )


def _permission_list() -> rx.Component:
    return rx.fragment(
        rx.cond(
            has_items(VIEW.permissions),
            rx.el.ul(each(VIEW.permissions, _permission_row), class_name="perms"),
        ),
        rx.cond(
            VIEW.consent != "",
            rx.el.div(
                plain_link(
                    *weave("connection.permissions.grant", vendor=WORDS.vendor),
                    href=VIEW.consent,
                    class_name=rx.cond(VIEW.is_connected, "btn primary", "btn"),
                ),
                class_name="s-x",
            ),
        ),
    )


def _permission_row(one: PermissionView) -> rx.Component:
    return rx.el.li(
        connection_step_light(one.light),
        rx.el.span(one.purpose, rx.el.code(one.name)),
        rx.el.span(one.word, class_name=one.light),
        class_name=f"perm {one.light}",
        key=one.name,
    )


def _host_choice() -> rx.Component:
    return rx.cond(
        VIEW.is_connected,
        rx.cond(
            AddonState.is_choosing,
            rx.fragment(_host_form(), _new_host_form()),
            rx.el.div(
                ask_provider_button(
                    rx.cond(
                        VIEW.host != "",
                        WORDS.host_another,
                        WORDS.host_choose,
                    ),
                    "look for hosts",
                    AddonState.look_for_hosts,
                    rx.cond(VIEW.host != "", "sm", "primary"),
                ),
                class_name="s-x",
            ),
        ),
    )


def _host_form() -> rx.Component:
    return rx.cond(
        has_items(AddonState.hosts),
        staff_form(
            rx.el.label(WORDS.host_label, html_for="host"),
            rx.el.div(
                rx.el.div(
                    rx.el.select(
                        rx.foreach(AddonState.hosts, _host_option),
                        id="host",
                        name="host",
                        default_value=VIEW.host,
                    ),
                    class_name="ctl sel",
                ),
                submit_button(
                    connection_button_words(say("connection.host.use"), "choose")
                ),
                class_name="pair",
            ),
            submit=AddonState.choose_host,
            class_name="s-x",
        ),
        rx.el.p(WORDS.host_none, class_name="s-d"),
    )


def _host_option(one: HostView) -> rx.Component:
    return rx.el.option(one.label, value=one.id, key=one.id)


def _new_host_form() -> rx.Component:
    return staff_form(
        rx.el.label(WORDS.host_create, html_for="new-host"),
        rx.el.div(
            rx.el.div(
                rx.el.input(
                    id="new-host",
                    name="name",
                    default_value=say("connection.host.default_name"),
                    max_length=120,
                ),
                class_name="ctl",
            ),
            submit_button(
                connection_button_words(say("connection.host.create"), "create"),
                look="",
            ),
            class_name="pair",
        ),
        button(
            say("connection.host.leave"),
            press=AddonState.cancel_choice,
            look="ghost sm",
            custom_attrs=discard_attributes(),
        ),
        submit=AddonState.create_host,
        makes=True,
        class_name="s-x",
    )


def _test_light() -> rx.Var[str]:
    return rx.cond(
        AddonState.tested == "", "wait", rx.cond(AddonState.failed, "bad", "ok")
    )


def _test_form() -> rx.Component:
    return rx.cond(
        VIEW.is_connected,
        rx.el.form(
            rx.el.label(say("connection.test.mailbox"), html_for="probe"),
            rx.el.div(
                rx.el.input(
                    id="probe",
                    name="probe",
                    type="email",
                    placeholder=say("connection.test.mailbox_example"),
                    auto_complete="off",
                ),
                class_name="ctl",
            ),
            rx.el.div(
                submit_button(
                    connection_button_words(say("connection.test.connection"), "test"),
                    look="",
                ),
                ask_provider_button(
                    say("connection.test.appointment"),
                    "write",
                    AddonState.send_test_appointment(AddonState.submit_key),
                ),
                class_name="acts",
            ),
            rx.el.div(_finding_list(), role="status"),
            on_submit=AddonState.test_connection,
            no_validate=True,
            custom_attrs=question_attributes(),
            class_name="s-x",
        ),
    )


def _finding_list() -> rx.Component:
    return rx.cond(
        AddonState.tested != "",
        rx.fragment(
            rx.el.p(
                AddonState.tested,
                class_name=rx.cond(AddonState.failed, "msg bad", "msg ok"),
            ),
            rx.el.ul(each(AddonState.findings, _finding_row), class_name="perms"),
        ),
    )


def _finding_row(one: FindingView) -> rx.Component:
    return rx.el.li(
        connection_step_light(one.light),
        rx.el.span(one.name, rx.el.small(one.sentence)),
        rx.el.span(one.word, class_name=one.light),
        class_name=f"perm {one.light}",
        key=one.name,
    )
