"""Show the status page: one card for all phases of an appointment."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.core.moment import refresh_timer
from invo_booking.web.customer.actions import visit_actions
from invo_booking.web.customer.phases import visit_join_checklist, visit_phase_part
from invo_booking.web.customer.state import StatusState
from invo_booking.web.customer.timeline import PointView
from invo_booking.web.customer.waiting import visit_link_card
from invo_booking.web.kit.browser import outcome_notice, take_over
from invo_booking.web.kit.failure import missing_link_card, purged_link_card
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, place_lines, skeleton
from invo_booking.web.kit.typed import Text, text_if

VIEW = StatusState.visit


def visit_content() -> rx.Component:
    """Return the card, or what to do if the link is not valid."""
    return rx.el.div(
        rx.cond(
            StatusState.is_missing,
            rx.fragment(
                rx.cond(StatusState.is_purged, purged_link_card(), missing_link_card()),
                take_over(),
            ),
            rx.cond(VIEW.phase, _visit_card(), skeleton(2)),
        ),
        class_name="one",
    )


def _visit_card() -> rx.Component:
    return rx.el.article(
        _card_head(),
        visit_phase_part(),
        rx.cond(
            ~VIEW.is_off,
            rx.fragment(
                rx.cond(VIEW.can_join, visit_join_checklist()),
                _details_section(),
                _timeline(),
                rx.cond(VIEW.place.name, _place_section()),
                rx.cond(VIEW.documents, _documents_section()),
            ),
            _timeline(),
        ),
        rx.cond(VIEW.can_keep_link, visit_link_card()),
        rx.cond(VIEW.can_act, visit_actions()),
        refresh_timer(VIEW.moment, on_due=StatusState.refresh_page),
        take_over(),
        class_name="pass card",
        aria_labelledby="h",
    )


def _card_head() -> rx.Component:
    return rx.el.header(
        rx.el.p(
            icon(VIEW.badge_icon),
            VIEW.badge,
            class_name="badge " + VIEW.badge_kind,
            role="status",
        ),
        rx.el.h1(VIEW.title, id="h"),
        rx.el.p(
            rx.cond(
                VIEW.title != VIEW.topic,
                rx.fragment(VIEW.topic, _with_agent(), rx.el.br()),
            ),
            rx.el.time(
                rx.el.b(VIEW.day, ", ", rx.el.span(VIEW.clocks, class_name="nb")),
                date_time=VIEW.iso,
                class_name=rx.cond(VIEW.is_off, "struck", ""),
            ),
            " ",
            rx.el.span(VIEW.zone, class_name="quiet nb"),
            class_name="at",
        ),
        rx.cond(VIEW.second_zone, rx.el.p(VIEW.second_zone, class_name="zone2")),
        outcome_notice(StatusState.notice, StatusState.notice_count),
        outcome_notice(
            text_if(StatusState.refused == "", StatusState.problem, ""),
            StatusState.notice_count,
            is_good=False,
        ),
        class_name=rx.cond(VIEW.can_join, "center", ""),
    )


def _with_agent() -> rx.Component:
    return rx.cond(
        VIEW.agent,
        rx.fragment(
            *weave("customer.head.with", agent=rx.el.span(VIEW.agent, class_name="nb"))
        ),
    )


def _details_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(say("customer.details.heading"), class_name="vh", id="who"),
        rx.el.dl(
            rx.el.div(
                rx.el.dt(say("public.with")), rx.el.dd(_agent_face(), _agent_name())
            ),
            _detail_row(say("public.how"), VIEW.channel_icon, VIEW.channel),
            _detail_row(say("public.language"), "speech", VIEW.language),
            class_name="trio",
        ),
        class_name="tight",
        aria_labelledby="who",
    )


def _place_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(say("public.where"), id="where"),
        place_lines(VIEW.place),
        class_name="tight where",
        aria_labelledby="where",
    )


def _agent_face() -> rx.Component:
    return rx.el.span(
        rx.cond(VIEW.agent, VIEW.initials, icon("user", 20)),
        class_name="disc face",
        aria_hidden="true",
    )


def _agent_name() -> rx.Component:
    return rx.el.span(
        rx.cond(VIEW.agent, VIEW.agent, say("customer.details.some_adviser"))
    )


def _detail_row(name: str, mark: Text, value: Text) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name), rx.el.dd(rx.el.span(icon(mark, 20), class_name="disc"), value)
    )


def _timeline() -> rx.Component:
    return rx.el.section(
        rx.el.h2(say("customer.progress.heading"), class_name="vh", id="line"),
        rx.el.ol(rx.foreach(VIEW.line, _timeline_point), class_name="line"),
        class_name="tight",
        aria_labelledby="line",
    )


def _timeline_point(point: PointView) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.match(
                point.kind,
                ("past", icon("tick", 20)),
                ("gone", icon("x", 20)),
                rx.fragment(),
            ),
            class_name="pin",
            aria_hidden="true",
        ),
        rx.el.b(point.name, hidden_text(point.spoken)),
        rx.el.span(point.when, class_name="num"),
        class_name=point.kind,
    )


def _documents_section() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(say("public.have_ready"), id="ready"),
            rx.el.ul(rx.foreach(VIEW.documents, rx.el.li), class_name="ticks"),
            class_name="ready",
        ),
        class_name="tight",
        aria_labelledby="ready",
    )
