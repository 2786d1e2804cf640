"""Show the part of the status page that depends on the phase."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.core import theme
from invo_booking.web.core.routes import Done
from invo_booking.web.customer.links import visit_room_address
from invo_booking.web.customer.state import StatusState
from invo_booking.web.customer.waiting import (
    visit_hold_notice,
    visit_mail_instructions,
    visit_refusal,
)
from invo_booking.web.kit.countdown import countdown
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import plain_link
from invo_booking.web.kit.typed import part_by

VIEW = StatusState.visit


def visit_phase_part() -> rx.Component:
    """Return the instructions for the current phase."""
    return part_by(
        VIEW.phase,
        (
            "requested",
            rx.cond(
                VIEW.over_limit,
                _limit_notice(),
                rx.cond(VIEW.is_waiting, visit_mail_instructions(), _confirm_card()),
            ),
        ),
        ("upcoming", _countdown_card()),
        ("joinable", _meeting_part()),
        ("late", _meeting_part()),
        ("in_call", _meeting_part()),
        default=_aftermath(),
    )


def _limit_notice() -> rx.Component:
    """Return the notice to open the mailed link and cancel another appointment first.

    Only the owner of the mailbox is allowed to see the other appointments.
    """
    return rx.el.div(
        rx.el.h2(say("customer.limit.heading")),
        rx.el.p(*weave("customer.limit.lead", address=rx.el.b(VIEW.mailed_to))),
        visit_hold_notice(),
        class_name="todo",
    )


def _confirm_card() -> rx.Component:
    return rx.el.div(
        rx.el.h2(say("customer.confirm.heading")),
        visit_hold_notice(),
        rx.el.button(
            icon("tick", 20),
            say("public.confirm_appointment"),
            type="button",
            class_name="btn primary big",
            on_click=StatusState.confirm_appointment,
        ),
        visit_refusal(Done.CONFIRMED),
        class_name="todo",
    )


def _countdown_card() -> rx.Component:
    return rx.el.div(
        rx.el.p(say("customer.countdown.heading"), class_name="label", id="in"),
        countdown(
            until=VIEW.starts_at,
            now=VIEW.seen_at,
            mode="clock",
            labelled_by="in",
        ),
        rx.cond(
            VIEW.has_room,
            rx.el.p(
                *weave(
                    "customer.countdown.join_from",
                    time=rx.el.b(VIEW.joinable_from, class_name="num"),
                )
            ),
            rx.el.p(VIEW.note),
        ),
        class_name="count",
    )


def _meeting_part() -> rx.Component:
    return rx.cond(VIEW.can_join, _join_card(), _meeting_note())


def _join_card() -> rx.Component:
    return rx.el.div(
        plain_link(
            rx.el.img(src=theme.JOIN_IMAGE, alt=say("customer.join.button")),
            href=visit_room_address(),
            class_name="join-button",
        ),
        _start_countdown(),
        rx.cond(VIEW.note, rx.el.p(VIEW.note, class_name="soon")),
        rx.cond(
            VIEW.is_before_start,
            rx.el.p(
                say("customer.join.early"),
                class_name="quiet small",
            ),
        ),
        class_name="join",
    )


def visit_join_checklist() -> rx.Component:
    """Return the checklist before a call."""
    return rx.el.section(
        rx.el.h2(say("customer.checklist.heading"), class_name="vh", id="check"),
        rx.el.ul(
            _checklist_item("mic", say("customer.checklist.devices")),
            _checklist_item("sound", say("customer.checklist.place")),
            rx.cond(
                VIEW.documents,
                _checklist_item("card", say("customer.checklist.papers")),
            ),
            class_name="checks",
        ),
        class_name="tight",
        aria_labelledby="check",
    )


def _checklist_item(mark: str, words: str) -> rx.Component:
    return rx.el.li(rx.el.span(icon(mark, 20), class_name="disc"), rx.el.span(words))


def _start_countdown() -> rx.Component:
    return rx.cond(
        VIEW.is_before_start,
        countdown(
            until=VIEW.starts_at,
            now=VIEW.seen_at,
            mode="line",
            prefix=say("customer.countdown.heading"),
        ),
    )


def _meeting_note() -> rx.Component:
    return rx.el.div(
        rx.el.h2(VIEW.note),
        _start_countdown(),
        class_name="count",
    )


def _aftermath() -> rx.Component:
    return rx.el.div(
        rx.el.p(VIEW.note),
        rx.el.a(say("customer.book_again"), href=VIEW.again, class_name="btn primary"),
        class_name="after",
    )
