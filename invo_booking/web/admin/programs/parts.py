"""Show programs and everybody's tokens, and the forms for a new token."""

import reflex as rx

from invo_booking.usecases.accounts.programs import LONGEST_CONTACT, LONGEST_NAME
from invo_booking.web.admin.parts import fact, nothing, panel, refusal
from invo_booking.web.admin.programs.state import ProgramsState
from invo_booking.web.admin.programs.view import (
    DAYS_OPTIONS,
    OVERLAP_OPTIONS,
    SCOPE_OPTIONS,
    ProgramRowView,
)
from invo_booking.web.core import routes
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import posted_form
from invo_booking.web.kit.names import OptionView
from invo_booking.web.kit.parts import button, go, hidden, tag
from invo_booking.web.kit.typed import has_items
from invo_booking.web.profile.view import TokenView

FORM = ProgramsState.form
ERRORS = ProgramsState.errors


def program_list() -> rx.Component:
    """The programs, those in use first."""
    return rx.el.section(
        rx.el.h2("Programs", id="p-programs", class_name="part"),
        rx.cond(
            has_items(ProgramsState.rows),
            rx.el.ul(rx.foreach(ProgramsState.rows, _row), class_name="card lines"),
            nothing(
                "There is no program yet. Make one for each digital channel, such as "
                "an app or a kiosk, that books appointments for customers."
            ),
        ),
        custom_attrs={"aria-labelledby": "p-programs"},
    )


def token_list() -> rx.Component:
    """The tokens that act for people."""
    return panel(
        "Tokens of people",
        "People make them on their profile page. A token never does more than its "
        "owner may, and ends with a new password, a lost role or the account.",
        rx.cond(
            has_items(ProgramsState.tokens),
            rx.el.ul(rx.foreach(ProgramsState.tokens, _token), class_name="lines"),
            rx.el.p("Nobody has a token.", class_name="last"),
        ),
        key="tokens",
    )


def program_form() -> rx.Component:
    """A new program, or a new token for one; the form goes past the websocket."""
    return posted_form(
        rx.cond(FORM.is_new, _about(), _renewal()),
        fields.choice(
            "days",
            "How long does the token work?",
            ERRORS,
            DAYS_OPTIONS,
            default_value=FORM.days,
        ),
        fields.line(
            "password",
            "Your present password",
            ERRORS,
            kind="password",
            hint="Asked again, since whoever has the token acts without a sign-in.",
            required=True,
        ),
        rx.el.footer(
            rx.el.button("Make the token", type="submit", class_name="btn primary"),
            go("Cancel", to=routes.PROGRAMS, name="btn"),
            class_name="ends",
        ),
        action=FORM.action,
        makes=True,
        class_name="card form",
        key=FORM.heading,
    )


def _row(row: ProgramRowView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(row.name),
            rx.el.dl(
                fact("Contact", row.contact),
                fact("Scope", row.scope),
                fact("Queues", row.queues),
                fact("Made", row.made),
                rx.cond(row.is_in_use, fact("Token", row.tokens)),
                rx.cond(row.is_in_use, fact("Last used", row.used)),
            ),
            class_name="what",
        ),
        rx.el.div(
            rx.cond(
                row.is_in_use,
                tag("ok", "check", "In use"),
                tag("done", "stop", "Revoked"),
            ),
            class_name="state",
        ),
        rx.cond(
            row.is_in_use,
            rx.cond(ProgramsState.asking == row.id, _asked_again(row), _acts(row)),
        ),
    )


def _acts(row: ProgramRowView) -> rx.Component:
    return rx.el.div(
        go("Renew token", hidden(f" of {row.name}"), to=row.renewing, name="btn sm"),
        button(
            "Revoke",
            hidden(f" {row.name}"),
            press=ProgramsState.ask_to_revoke(row.id),
            look="sm danger",
        ),
        class_name="acts",
    )


def _asked_again(row: ProgramRowView) -> rx.Component:
    return rx.el.div(
        rx.el.span("Revoke for good?", class_name="m"),
        rx.el.button(
            "Revoke now",
            hidden(f" {row.name}"),
            type="button",
            class_name="btn sm danger",
            auto_focus=True,
            on_click=ProgramsState.revoke,
        ),
        button("Keep", hidden(f" {row.name}"), press=ProgramsState.keep, look="sm"),
        class_name="acts",
        role="group",
        aria_label=f"Revoke {row.name}",
    )


def _token(token: TokenView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(token.name),
            rx.el.dl(
                fact("Owner", token.owner),
                fact("Scope", token.scope),
                fact("Use", f"{token.made}, {token.used}"),
            ),
            class_name="what",
        ),
        rx.el.div(rx.el.span(token.until, class_name="m"), class_name="state"),
        rx.el.div(
            button(
                "Revoke",
                hidden(f" the token {token.name} of {token.owner}"),
                press=ProgramsState.revoke_token(token.key),
                look="sm danger",
            ),
            class_name="acts",
        ),
    )


def _about() -> rx.Component:
    return rx.fragment(
        fields.line(
            "name",
            "Name",
            ERRORS,
            FORM.name,
            hint="Shown in the audit log, such as “Mobile app”.",
            required=True,
            max_length=LONGEST_NAME,
        ),
        fields.line(
            "contact",
            "Contact",
            ERRORS,
            FORM.contact,
            hint="The person or team who answers for it.",
            required=True,
            max_length=LONGEST_CONTACT,
        ),
        fields.choice(
            "scope", "Scope", ERRORS, SCOPE_OPTIONS, default_value=FORM.scope
        ),
        rx.el.fieldset(
            rx.el.legend("Queues it may book in"),
            rx.el.p("None ticked: all queues.", class_name="hint"),
            rx.el.div(rx.foreach(FORM.queues, _queue), class_name="ticks"),
            refusal("queues", ERRORS),
            class_name="field",
        ),
    )


def _renewal() -> rx.Component:
    return fields.choice(
        "overlap",
        "How long does the former token go on working?",
        ERRORS,
        OVERLAP_OPTIONS,
        default_value=OVERLAP_OPTIONS[2].value,
    )


def _queue(queue: OptionView) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name="queue", value=queue.value),
        rx.el.span(queue.label),
        class_name="check",
    )
