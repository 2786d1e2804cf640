"""Show the list of steps at the top of the scheduler."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, page_link
from invo_booking.web.kit.typed import length_of
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.view import SchedulerStepView


def scheduler_step_list() -> rx.Component:
    """Return all steps; past steps are links, and phones show bars."""
    return rx.el.nav(
        rx.cond(ScheduleState.steps, _step_parts()),
        class_name="steps",
        aria_label=say("scheduler.steps.label"),
    )


def _step_parts() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            *weave(
                "scheduler.steps.at",
                number=ScheduleState.step_number,
                count=length_of(ScheduleState.steps),
                name=rx.el.b(ScheduleState.step_name),
            ),
            class_name="at-step",
        ),
        rx.el.ol(rx.foreach(ScheduleState.steps, _step_item)),
    )


def _step_item(step: SchedulerStepView) -> rx.Component:
    return rx.cond(step.is_past, _past_step(step), _step_ahead(step))


def _past_step(step: SchedulerStepView) -> rx.Component:
    return rx.el.li(
        page_link(
            rx.el.span(icon("tick", 20), class_name="no"),
            step.name,
            hidden_text(say("scheduler.steps.done")),
            to=step.page,
        ),
        class_name="past",
    )


def _step_ahead(step: SchedulerStepView) -> rx.Component:
    return rx.el.li(
        rx.el.span(step.number, class_name="no", aria_hidden="true"),
        rx.el.span(step.name, class_name="name"),
        custom_attrs={
            "aria-current": rx.cond(step.is_now, "step", rx.Var("undefined"))
        },
    )
