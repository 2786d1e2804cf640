"""Lists of programs and tokens, and the forms for a new token."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.usecases.accounts.programs import LONGEST_CONTACT, LONGEST_NAME
from invo_booking.web.admin.parts import admin_fact_row, admin_group_error, admin_panel
from invo_booking.web.admin.programs.state import ProgramsState
from invo_booking.web.admin.programs.view import (
    DAYS_OPTIONS,
    OVERLAP_OPTIONS,
    SCOPE_OPTIONS,
    ProgramRowView,
    QueueBoxView,
)
from invo_booking.web.core import routes
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import browser_form
from invo_booking.web.kit.parts import (
    button,
    hidden_text,
    page_link,
    status_tag,
    submit_button,
)
from invo_booking.web.kit.tables import empty_card, empty_line, item_list
from invo_booking.web.kit.text.tokens import TokenView

FORM = ProgramsState.form
ERRORS = ProgramsState.errors


def program_list() -> rx.Component:
    """The programs, active programs first."""
    return rx.el.section(
        rx.el.h2(say("programs.heading"), id="p-programs", class_name="part"),
        item_list(
            ProgramsState.rows,
            _program_row,
            empty=empty_card(say("programs.none")),
            name="card lines",
        ),
        custom_attrs={"aria-labelledby": "p-programs"},
    )


def program_token_list() -> rx.Component:
    """The tokens with which programs act for people."""
    return admin_panel(
        say("programs.tokens.heading"),
        say("programs.tokens.lead"),
        item_list(
            ProgramsState.tokens,
            _token_row,
            empty=empty_line(say("programs.tokens.none")),
            name="lines",
        ),
        key="tokens",
    )


def program_form() -> rx.Component:
    """The form for a new program or a new token.

    The browser posts the form, so that the token does not pass through the websocket.
    """
    return browser_form(
        rx.cond(FORM.is_new, _program_fields(), _overlap_field()),
        fields.select_field(
            "days",
            say("programs.form.days"),
            ERRORS,
            DAYS_OPTIONS,
            default_value=FORM.days,
        ),
        fields.text_field(
            "password",
            say("programs.form.password"),
            ERRORS,
            kind="password",
            hint=say("programs.form.password_hint"),
            required=True,
        ),
        rx.el.footer(
            submit_button(say("programs.form.make")),
            page_link(say("admin.cancel"), to=routes.PROGRAMS, name="btn"),
            class_name="ends",
        ),
        action=FORM.action,
        makes=True,
        class_name="card form",
        key=FORM.heading,
    )


def _program_row(row: ProgramRowView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(row.name),
            rx.el.dl(
                admin_fact_row(say("programs.contact"), row.contact),
                admin_fact_row(say("programs.scope"), row.scope),
                admin_fact_row(say("programs.queues"), row.queues),
                admin_fact_row(say("programs.made"), row.made),
                rx.cond(
                    row.is_in_use, admin_fact_row(say("programs.token"), row.tokens)
                ),
                rx.cond(
                    row.is_in_use, admin_fact_row(say("programs.last_used"), row.used)
                ),
            ),
            class_name="what",
        ),
        rx.el.div(
            rx.cond(
                row.is_in_use,
                status_tag("ok", "check", say("programs.in_use")),
                status_tag("done", "stop", say("programs.revoked")),
            ),
            class_name="state",
        ),
        rx.cond(
            row.is_in_use,
            rx.cond(
                ProgramsState.asking == row.id, _revoke_question(row), _row_actions(row)
            ),
        ),
    )


def _row_actions(row: ProgramRowView) -> rx.Component:
    return rx.el.div(
        page_link(
            say("programs.renew"),
            hidden_text(say("programs.renew_of", name=row.name)),
            to=row.renewing,
            name="btn sm",
        ),
        button(
            say("tokens.revoke"),
            hidden_text(f" {row.name}"),
            press=ProgramsState.ask_to_revoke(row.id),
            look="sm danger",
        ),
        class_name="acts",
    )


def _revoke_question(row: ProgramRowView) -> rx.Component:
    return rx.el.div(
        rx.el.span(say("programs.revoke.question"), class_name="m"),
        rx.el.button(
            say("programs.revoke.confirm"),
            hidden_text(f" {row.name}"),
            type="button",
            class_name="btn sm danger",
            auto_focus=True,
            on_click=ProgramsState.revoke_program,
        ),
        button(
            say("programs.revoke.keep"),
            hidden_text(f" {row.name}"),
            press=ProgramsState.cancel_revoke,
            look="sm",
        ),
        class_name="acts",
        role="group",
        aria_label=say("programs.revoke.label", name=row.name),
    )


def _token_row(token: TokenView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(token.name),
            rx.el.dl(
                admin_fact_row(say("programs.owner"), token.owner),
                admin_fact_row(say("programs.scope"), token.scope),
                admin_fact_row(say("programs.use"), f"{token.made}, {token.used}"),
            ),
            class_name="what",
        ),
        rx.el.div(rx.el.span(token.until, class_name="m"), class_name="state"),
        rx.el.div(
            button(
                say("tokens.revoke"),
                hidden_text(
                    say("programs.tokens.which", token=token.name, owner=token.owner)
                ),
                press=ProgramsState.revoke_token(token.key),
                look="sm danger",
            ),
            class_name="acts",
        ),
    )


def _program_fields() -> rx.Component:
    return rx.fragment(
        fields.text_field(
            "name",
            say("programs.form.name"),
            ERRORS,
            FORM.name,
            hint=say("programs.form.name_hint"),
            required=True,
            max_length=LONGEST_NAME,
        ),
        fields.text_field(
            "contact",
            say("programs.contact"),
            ERRORS,
            FORM.contact,
            hint=say("programs.form.contact_hint"),
            required=True,
            max_length=LONGEST_CONTACT,
        ),
        fields.select_field(
            "scope",
            say("programs.scope"),
            ERRORS,
            SCOPE_OPTIONS,
            default_value=FORM.scope,
        ),
        rx.el.fieldset(
            rx.el.legend(say("programs.form.queues")),
            rx.el.p(say("programs.form.queues_hint"), class_name="hint"),
            _reach_choice("all", say("programs.form.queues_all")),
            _reach_choice("some", say("programs.form.queues_some")),
            rx.el.div(rx.foreach(FORM.queues, _queue_box), class_name="ticks"),
            admin_group_error("queues", ERRORS),
            class_name="field",
        ),
    )


def _overlap_field() -> rx.Component:
    return fields.select_field(
        "overlap",
        say("programs.form.overlap"),
        ERRORS,
        OVERLAP_OPTIONS,
        default_value=FORM.overlap,
    )


def _reach_choice(value: str, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="reach",
            value=value,
            default_checked=FORM.reach == value,
        ),
        rx.el.span(label),
        class_name="tick",
    )


def _queue_box(queue: QueueBoxView) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name="queue",
            value=queue.value,
            default_checked=queue.is_on,
        ),
        rx.el.span(queue.label),
        class_name="check",
    )
