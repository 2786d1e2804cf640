"""Show the topics, and the choices of language and channel."""

from collections.abc import Callable

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.browser import headline
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, page_link, skeleton
from invo_booking.web.kit.picker.choices import ChoiceView
from invo_booking.web.kit.tables import empty_line, item_list
from invo_booking.web.kit.typed import length_of
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.view import AnswerView

Chip = Callable[[ChoiceView], rx.Component]


def scheduler_topic_step() -> rx.Component:
    """Return all topics as cards, each of which is a link."""
    return rx.fragment(
        headline(say("scheduler.topic.heading")),
        scheduler_step_problem(),
        rx.cond(ScheduleState.is_ready, _topic_list(), skeleton(3)),
    )


def scheduler_how_chips() -> rx.Component:
    """Return the choices of channel and language; a single option is not shown."""
    return rx.el.div(
        _chips(say("scheduler.how.channel"), ScheduleState.channels, _channel_chip),
        _chips(say("public.language"), ScheduleState.languages, _language_chip),
        class_name="hows",
    )


def scheduler_step_problem() -> rx.Component:
    """Return the message about what prevents the next step, if anything does."""
    return rx.cond(ScheduleState.problem, alert(rx.el.p(ScheduleState.problem)))


def _topic_list() -> rx.Component:
    return item_list(
        ScheduleState.answers,
        _topic_card,
        empty=empty_line(say("scheduler.topic.none")),
        name="topics",
    )


def _topic_card(answer: AnswerView) -> rx.Component:
    return rx.el.li(
        page_link(
            rx.el.b(answer.title),
            rx.el.span(icon("clock"), answer.lasts, class_name="length"),
            rx.cond(
                answer.description,
                rx.el.span(answer.description, class_name="more"),
            ),
            rx.cond(answer.need, _need_line(answer)),
            to=answer.page,
            name="topic",
        )
    )


def _need_line(answer: AnswerView) -> rx.Component:
    return rx.el.span(
        rx.el.i(say("scheduler.topic.documents")), answer.need, class_name="need"
    )


def _chips(legend: str, choices: list[ChoiceView], chip: Chip) -> rx.Component:
    return rx.cond(
        length_of(choices) > 1,
        rx.el.fieldset(
            rx.el.legend(legend),
            rx.el.div(rx.foreach(choices, chip), class_name="chips"),
        ),
    )


def _language_chip(choice: ChoiceView) -> rx.Component:
    return rx.el.button(
        icon("tick", 20, look="tick"),
        icon(choice.icon, 20, look="kind"),
        choice.label,
        type="button",
        class_name="chip",
        lang=choice.code,
        aria_pressed=choice.picked,
        on_click=ScheduleState.choose_language(choice.key),
    )


def _channel_chip(choice: ChoiceView) -> rx.Component:
    return rx.el.button(
        icon("tick", 20, look="tick"),
        icon(choice.icon, 20, look="kind"),
        choice.label,
        type="button",
        class_name="chip",
        aria_pressed=choice.picked,
        on_click=ScheduleState.choose_channel(choice.key),
    )
