"""Show the scheduler: the summary on the left, the current step on the right."""

import reflex as rx

from invo_booking.texts import in_language, say, weave
from invo_booking.web.core import routes
from invo_booking.web.kit.browser import headline
from invo_booking.web.kit.effort import proof_of_work
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import page_link, plain_link, submit_button
from invo_booking.web.kit.picker.parts import time_picker
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.kit.typed import part_by, text_if
from invo_booking.web.scheduler.choices import (
    scheduler_how_chips,
    scheduler_step_problem,
    scheduler_topic_step,
)
from invo_booking.web.scheduler.details import FORM, scheduler_details_step
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.summary import (
    IS_DETAILS,
    scheduler_summary_bar,
    scheduler_summary_card,
    scheduler_summary_line,
)
from invo_booking.web.scheduler.where import scheduler_where_step


def scheduler_content() -> rx.Component:
    """Return the scheduler, or a message while the public cannot book."""
    return rx.cond(
        ScheduleState.is_ready & ~ScheduleState.site.is_open,
        _closed_notice(),
        _step_part(),
    )


def scheduler_bar() -> rx.Component:
    """Return the bar that has the button of the last step on phones."""
    return rx.cond(
        ScheduleState.site.is_open & IS_DETAILS,
        scheduler_summary_bar(_request_button()),
    )


def _step_part() -> rx.Component:
    is_topic = ScheduleState.step == "topic"
    return rx.el.div(
        rx.cond(is_topic, rx.fragment(), scheduler_summary_card()),
        rx.el.section(
            part_by(
                ScheduleState.step,
                ("where", scheduler_where_step()),
                ("when", _when_step()),
                ("details", scheduler_details_step()),
                default=scheduler_topic_step(),
            ),
            rx.cond(IS_DETAILS, _proof_part()),
            rx.cond(is_topic, rx.fragment(), _step_actions()),
            class_name="work card",
            aria_labelledby="h",
        ),
        class_name=text_if(is_topic, "booker alone", "booker"),
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
        scheduler_summary_line(),
        time_picker(ScheduleState.take_start, scheduler_how_chips()),
    )


def _step_actions() -> rx.Component:
    back = page_link(
        icon("left", 20),
        say("public.back"),
        to=ScheduleState.previous,
        name="btn bare",
    )
    return rx.el.div(
        rx.cond(ScheduleState.previous, back),
        rx.cond(IS_DETAILS, _request_button()),
        class_name="acts",
    )


def _request_button() -> rx.Component:
    return submit_button(
        say("scheduler.details.request"),
        form=FORM,
        disabled=PickerState.view.picked == "",
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
