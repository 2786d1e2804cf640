"""Show the scheduler: the summary on the left, the current step on the right."""

import reflex as rx

from invo_booking.texts import in_language, say, weave
from invo_booking.web.core import routes
from invo_booking.web.kit.browser import headline
from invo_booking.web.kit.effort import proof_of_work
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import plain_link
from invo_booking.web.kit.typed import part_by
from invo_booking.web.scheduler.choices import (
    scheduler_how_step,
    scheduler_step_problem,
    scheduler_topic_step,
)
from invo_booking.web.scheduler.details import FORM, scheduler_details_step
from invo_booking.web.scheduler.picker_state import PickerState
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.review import scheduler_review_step
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.summary import (
    scheduler_summary_bar,
    scheduler_summary_card,
)
from invo_booking.web.scheduler.when import scheduler_time_picker
from invo_booking.web.scheduler.where import scheduler_where_step


def scheduler_content() -> rx.Component:
    """Return the scheduler, or a sentence while the public cannot book."""
    return rx.cond(
        ScheduleState.is_ready & ~ScheduleState.site.is_open,
        _closed_notice(),
        _step_part(),
    )


def scheduler_bar() -> rx.Component:
    """Return the bar that replaces the summary and the buttons on phones."""
    return rx.cond(
        ScheduleState.site.is_open & (ScheduleState.step != "topic"),
        scheduler_summary_bar(_next_button()),
    )


def _step_part() -> rx.Component:
    return rx.el.div(
        scheduler_summary_card(),
        rx.el.section(
            rx.match(
                ScheduleState.step,
                ("how", scheduler_how_step()),
                ("where", scheduler_where_step()),
                ("when", _when_step()),
                ("details", scheduler_details_step()),
                ("review", scheduler_review_step()),
                scheduler_topic_step(),
            ),
            rx.cond(
                (ScheduleState.step == "details") | (ScheduleState.step == "review"),
                _proof_part(),
            ),
            rx.cond(ScheduleState.step != "topic", _step_actions()),
            class_name="work card",
            aria_labelledby="h",
        ),
        class_name="booker",
    )


def _proof_part() -> rx.Component:
    """Return the part that computes the proof of work while the customer types."""
    return proof_of_work(
        RequestState, ScheduleState.site, on_begin=RequestState.begin_effort
    )


def _when_step() -> rx.Component:
    return rx.fragment(
        headline(say("scheduler.when.heading")),
        scheduler_step_problem(),
        scheduler_time_picker(),
    )


def _step_actions() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("left", 20),
            say("public.back"),
            type="button",
            class_name="btn bare",
            on_click=ScheduleState.go_to_previous,
        ),
        rx.cond(
            (ScheduleState.step == "when") & (PickerState.view.picked != ""),
            rx.el.p(rx.el.b(PickerState.view.picked_short), class_name="chosen"),
        ),
        _next_button(),
        class_name="acts",
    )


def _next_button() -> rx.Component:
    """Return the button that leads to the next step; each step has its own."""
    return part_by(
        ScheduleState.step,
        ("topic", rx.fragment()),
        ("where", rx.fragment()),
        (
            "details",
            rx.el.button(
                say("public.continue"),
                type="submit",
                form=FORM,
                class_name="btn primary",
            ),
        ),
        (
            "review",
            rx.el.button(
                rx.el.span(
                    say("scheduler.review.request"),
                    rx.el.span(say("scheduler.review.request_more"), class_name="long"),
                ),
                type="button",
                class_name="btn primary",
                disabled=PickerState.view.picked == "",
                on_click=RequestState.submit_request,
            ),
        ),
        default=rx.el.button(
            say("public.continue"),
            type="button",
            class_name="btn primary",
            on_click=ScheduleState.go_to_next,
        ),
    )


def _closed_notice() -> rx.Component:
    site = ScheduleState.site
    return rx.el.div(
        rx.el.section(
            rx.el.h1(say("scheduler.closed.heading"), id="h"),
            rx.el.p(
                say("scheduler.closed.lead"),
                class_name="lede",
            ),
            rx.el.div(
                rx.cond(
                    site.phone,
                    plain_link(
                        icon("phone", 20),
                        *weave("scheduler.closed.call", phone=site.phone),
                        href=site.phone_url,
                        class_name="btn primary",
                    ),
                ),
                rx.el.a(
                    say("public.start_page"),
                    href=in_language(routes.LANDING),
                    class_name="btn bare",
                ),
                class_name="onward ways",
            ),
            class_name="work card",
            aria_labelledby="h",
        ),
        class_name="one",
    )
