"""Show a person's own account: data, sessions, password, tokens, colors."""

import reflex as rx

from invo_booking.texts import count, say, weave
from invo_booking.usecases.accounts.passwords import RULE
from invo_booking.usecases.accounts.tokens import LIFETIMES, LONGEST_NAME
from invo_booking.web.core import routes
from invo_booking.web.kit.form import browser_form
from invo_booking.web.kit.look import look_choice
from invo_booking.web.kit.parts import button, hidden_text, submit_button
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.tokens import TokenView
from invo_booking.web.kit.typed import Text
from invo_booking.web.profile.state import ProfileState
from invo_booking.web.profile.view import BrowserView

VIEW = ProfileState.view
FORM = ProfileState.form


def profile_card() -> rx.Component:
    """Return the data that administrators set, and the choice of light or dark mode."""
    return _profile_card(
        say("profile.person.heading"),
        rx.el.dl(
            *_fact_rows(say("profile.person.name"), VIEW.name),
            *_fact_rows(say("profile.person.email"), VIEW.email),
            *_fact_rows(say("profile.person.roles"), VIEW.roles),
            *_fact_rows(say("profile.person.queues"), VIEW.queues),
            *_fact_rows(say("profile.person.languages"), VIEW.languages),
            *_fact_rows(say("profile.person.time_zone"), VIEW.zone),
        ),
        rx.el.p(say("profile.person.wrong"), class_name="n"),
        look_choice(),
    )


def profile_browsers_card() -> rx.Component:
    """Return the list of sessions."""
    return _profile_card(
        say("profile.browsers.heading"),
        rx.el.ul(each(VIEW.browsers, _browser_row)),
        rx.cond(
            VIEW.others > 0,
            button(
                say("profile.browsers.sign_out_all"), press=ProfileState.sign_out_others
            ),
            rx.el.p(say("profile.browsers.none"), class_name="n"),
        ),
    )


def profile_password_card() -> rx.Component:
    """Return the form for a new password, which is not sent over the websocket."""
    return _profile_card(
        say("kit.password"),
        browser_form(
            rx.el.div(
                rx.el.input(
                    type="email",
                    default_value=VIEW.email,
                    read_only=True,
                    auto_complete="username",
                    tab_index=-1,
                ),
                class_name="vh",
                aria_hidden="true",
            ),
            _password_field(
                "current", say("profile.password.present"), "current-password"
            ),
            _password_field(
                "new", say("profile.password.new"), "new-password", help_=say(RULE)
            ),
            submit_button(say("profile.password.change"), look=""),
            action=routes.SESSION_PASSWORD,
        ),
        rx.el.p(
            say("profile.password.consequence"),
            class_name="n",
        ),
    )


def profile_tokens_card() -> rx.Component:
    """Return the person's API tokens, and the form for a new token."""
    return _profile_card(
        say("profile.tokens.heading"),
        rx.el.p(
            *weave("profile.tokens.lead", header=rx.el.code("Authorization: Bearer")),
            class_name="n",
        ),
        rx.cond(
            VIEW.tokens,
            rx.el.ul(each(VIEW.tokens, _token_row)),
            rx.el.p(say("profile.tokens.none")),
        ),
        browser_form(
            rx.el.div(
                rx.el.label(say("profile.tokens.name"), html_for="token-name"),
                rx.el.input(
                    id="token-name",
                    name="name",
                    default_value=FORM.name,
                    required=True,
                    max_length=LONGEST_NAME,
                    auto_complete="off",
                ),
                class_name="field",
            ),
            rx.el.div(
                rx.el.label(say("profile.tokens.lifetime"), html_for="token-days"),
                rx.el.select(
                    *(
                        rx.el.option(count("tokens.lifetime", n), value=str(n))
                        for n in LIFETIMES
                    ),
                    id="token-days",
                    name="days",
                    default_value=FORM.days,
                ),
                class_name="field",
            ),
            rx.el.div(
                rx.el.label(say("profile.tokens.scope"), html_for="token-scope"),
                rx.el.select(
                    rx.foreach(VIEW.scopes, _option),
                    id="token-scope",
                    name="scope",
                    default_value=FORM.scope,
                ),
                class_name="field",
            ),
            _password_field(
                "password",
                say("profile.password.present"),
                "current-password",
                prefix="token",
            ),
            submit_button(say("profile.tokens.make"), look=""),
            action=routes.SESSION_TOKENS,
            makes=True,
        ),
    )


def _profile_card(title: str, *content: rx.Component) -> rx.Component:
    name = title.lower().replace(" ", "-")
    return rx.el.section(
        rx.el.h2(title, id=name), *content, class_name="card", aria_labelledby=name
    )


def _fact_rows(name: str, value: Text) -> list[rx.Component]:
    return [rx.el.dt(name), rx.el.dd(value)]


def _browser_row(one: BrowserView) -> rx.Component:
    return rx.el.li(
        rx.el.span(rx.el.b(one.seen), rx.el.small(one.name)),
        rx.cond(
            ~one.is_this,
            rx.el.button(
                say("frame.sign_out"),
                hidden_text(*weave("profile.browsers.which", name=one.name)),
                type="button",
                class_name="btn sm",
                on_click=ProfileState.sign_out_browser(one.key),
            ),
        ),
    )


def _token_row(one: TokenView) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.b(one.name),
            rx.el.small(one.scope, ". ", one.until, ". ", one.made, ", ", one.used),
            class_name=rx.cond(one.is_over, "over", ""),
        ),
        rx.el.button(
            say("tokens.revoke"),
            hidden_text(*weave("tokens.which", name=one.name)),
            type="button",
            class_name="btn sm danger",
            on_click=ProfileState.revoke_token(one.key),
        ),
    )


def _option(option: OptionView) -> rx.Component:
    return rx.el.option(option.label, value=option.value)


def _password_field(
    name: str, label: str, fills: str, help_: str = "", prefix: str = ""
) -> rx.Component:
    field_id = f"{prefix or name}-password"
    return rx.el.div(
        rx.el.label(label, html_for=field_id),
        rx.el.small(help_, id=f"{field_id}-help") if help_ else rx.fragment(),
        rx.el.input(
            id=field_id,
            name=name,
            type="password",
            required=True,
            auto_complete=fills,
            aria_describedby=f"{field_id}-help" if help_ else "",
        ),
        class_name="field",
    )
