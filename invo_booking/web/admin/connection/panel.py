"""The panel of the connection to a provider, on the settings page *Calendars*."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.admin.connection.host_kind import host_switch_dialog
from invo_booking.web.admin.connection.state import AddonState
from invo_booking.web.admin.connection.steps import connection_steps
from invo_booking.web.admin.connection.switching import provider_switch_dialog
from invo_booking.web.admin.connection.switching_state import SwitchingState
from invo_booking.web.admin.connection.unread_view import UnreadAgentView
from invo_booking.web.admin.connection.view import ConnectionFactView
from invo_booking.web.core import routes
from invo_booking.web.kit.dialog import dialog
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, page_link, plain_link, status_tag
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text, has_items, length_of, text_by

VIEW = AddonState.view
WORDS = VIEW.words
LIGHTS = text_by(VIEW.light, ("ok", "check"), ("bad", "stop"), default="clock")


def calendar_connection_panel() -> rx.Component:
    """The panel; nothing unless the provider in use has a panel."""
    return rx.cond(
        VIEW.is_shown,
        rx.el.section(
            _panel_head(),
            connection_steps(),
            rx.cond(VIEW.is_connected, _connection_facts()),
            _disconnect_dialog(),
            provider_switch_dialog(),
            host_switch_dialog(),
            id="addon",
            class_name="card addon",
            custom_attrs={"aria-labelledby": "addon-t"},
        ),
    )


def calendar_connection_link() -> rx.Component:
    """A link to the panel further down the page; nothing if there is no panel."""
    return rx.cond(
        VIEW.is_shown,
        rx.el.p(
            icon(LIGHTS, 14),
            rx.el.span(
                *weave("connection.link.state", provider=WORDS.label, state=VIEW.word)
            ),
            plain_link(
                *weave("connection.link.go", panel=WORDS.heading), href="#addon"
            ),
            class_name=f"to-addon {VIEW.light}",
        ),
    )


def _panel_head() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2(WORDS.heading, id="addon-t"),
            status_tag(VIEW.light, LIGHTS, VIEW.word),
            class_name="title",
        ),
        rx.el.p(*weave("connection.lead", vendor=WORDS.vendor), " ", _guide_link()),
        rx.cond(VIEW.trouble != "", _message("warn", VIEW.trouble, "msg bad")),
        rx.cond(VIEW.warning != "", _message("clock", VIEW.warning, "msg warn")),
        rx.cond(VIEW.removals != "", _message("warn", VIEW.removals, "msg warn")),
        rx.el.div(
            rx.cond(
                AddonState.problem != "",
                _message("stop", AddonState.problem, "msg bad"),
            ),
            role="alert",
        ),
        rx.el.div(
            rx.cond(
                AddonState.done != "", _message("check", AddonState.done, "msg ok")
            ),
            role="status",
        ),
        class_name="addon-head",
    )


def _guide_link() -> rx.Component:
    return rx.el.a(
        *weave("connection.guide", provider=WORDS.label),
        href=f"{routes.GUIDES}{WORDS.provider}",
        target="_blank",
    )


def _message(picture: str, sentence: Text, kind: str) -> rx.Component:
    return rx.el.p(icon(picture, 14), rx.el.span(sentence), class_name=kind)


def _connection_facts() -> rx.Component:
    return rx.fragment(
        rx.el.dl(each(VIEW.facts, _fact_row), class_name="facts"),
        rx.cond(has_items(VIEW.unread), _unread_agents()),
        rx.cond(has_items(VIEW.unknown), _unknown_agents()),
        rx.el.div(
            button(say("connection.refresh"), press=AddonState.refresh_busy_times),
            button(
                say("connection.disconnect.open"),
                press=AddonState.ask_to_disconnect,
                look="danger",
            ),
            rx.cond(
                VIEW.may_switch,
                button(
                    say("connection.switch.open"), press=SwitchingState.ask_for_provider
                ),
            ),
            class_name="panel-acts",
        ),
    )


def _fact_row(fact: ConnectionFactView) -> rx.Component:
    return rx.fragment(rx.el.dt(fact.name), rx.el.dd(fact.said), key=fact.name)


def _unread_agents() -> rx.Component:
    return rx.el.details(
        rx.el.summary(icon("warn", 14), VIEW.unread_heading),
        rx.el.p(*weave("connection.unread.lead", vendor=WORDS.vendor)),
        rx.el.ul(each(VIEW.unread, _unread_agent)),
        class_name="unknown",
    )


def _unread_agent(one: UnreadAgentView) -> rx.Component:
    return rx.el.li(
        rx.el.strong(one.name),
        f" ({one.mailbox}), ",
        one.since,
        rx.el.span(one.sentence),
        rx.cond(one.code != "", rx.el.code(one.code)),
    )


def _unknown_agents() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("warn", 14),
            *weave(
                "connection.unknown.heading",
                count=length_of(VIEW.unknown),
                vendor=WORDS.vendor,
            ),
        ),
        rx.el.p(
            *weave(
                "connection.unknown.lead",
                provider=WORDS.label,
                page=page_link(say("menu.people"), to=routes.PEOPLE),
            )
        ),
        rx.el.ul(rx.foreach(VIEW.unknown, lambda who: rx.el.li(who, key=who))),
        class_name="unknown",
    )


def _disconnect_dialog() -> rx.Component:
    return dialog(
        rx.el.h2(*weave("connection.disconnect.heading", provider=WORDS.label)),
        rx.el.p(*weave("connection.disconnect.lead", vendor=WORDS.vendor)),
        rx.el.div(
            button(
                say("connection.disconnect.confirm"),
                press=AddonState.disconnect_provider,
                look="danger solid",
            ),
            button(say("connection.disconnect.keep"), press=AddonState.cancel_choice),
            class_name="acts",
        ),
        open=AddonState.is_leaving,
        label=say("connection.disconnect.name"),
        kind="ask",
        on_close=AddonState.cancel_choice,
    )
