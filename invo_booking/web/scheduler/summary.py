"""Show the current choices: a card at the side, or a line and a bar on phones."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, page_link, place_lines
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text
from invo_booking.web.scheduler.state import ScheduleState

TOPIC = ScheduleState.topic
VIEW = PickerState.view
IS_DETAILS = ScheduleState.step == "details"


def scheduler_summary_card() -> rx.Component:
    """Return the card at the side, which lists the current choices."""
    return rx.el.aside(
        rx.el.h2(say("public.your_appointment"), id="sum"),
        _facts_list(),
        rx.cond(TOPIC.documents, _documents_section()),
        class_name="summary card",
        aria_labelledby="sum",
    )


def scheduler_summary_line() -> rx.Component:
    """Return the topic in one line, for windows that are too narrow for the card."""
    return rx.el.p(
        rx.el.b(TOPIC.title),
        ", ",
        TOPIC.lasts,
        " ",
        _change_link(
            ScheduleState.topic_page, say("scheduler.summary.change_topic"), "linkish"
        ),
        class_name="so-far",
    )


def scheduler_summary_sentence() -> rx.Component:
    """Return the appointment in one sentence, for windows too narrow for the card."""
    return rx.el.p(
        *weave(
            "scheduler.details.sentence",
            topic=rx.el.b(TOPIC.title),
            how=ScheduleState.how,
            adviser=rx.cond(PickerState.adviser, _adviser_part()),
            place=rx.cond(PickerState.place.name, _place_part()),
            start=rx.el.b(VIEW.picked),
            zone=VIEW.zone,
        ),
        " ",
        _change_link(
            ScheduleState.when_page, say("scheduler.summary.change_time"), "linkish"
        ),
        class_name="say",
    )


def scheduler_summary_bar(action: rx.Component) -> rx.Component:
    """Return the bar at the bottom on phones: the time and the primary action."""
    return rx.el.div(
        rx.el.p(rx.el.b(VIEW.picked_brief), rx.el.span(TOPIC.title), class_name="what"),
        action,
        class_name="bar",
        role="region",
        aria_label=say("scheduler.summary.label"),
    )


def _facts_list() -> rx.Component:
    return rx.el.dl(
        _fact_row(
            "topic",
            say("scheduler.summary.topic"),
            rx.fragment(TOPIC.title, rx.el.br(), _quiet(TOPIC.lasts)),
            _change_link(
                ScheduleState.topic_page, say("scheduler.summary.change_topic")
            ),
        ),
        rx.cond(PickerState.place.name, _place_row()),
        rx.cond(IS_DETAILS, rx.fragment(_how_row(), _adviser_row(), _time_row())),
        class_name="facts",
    )


def _how_row() -> rx.Component:
    return _fact_row(
        ScheduleState.channel_icon,
        say("public.how"),
        rx.fragment(ScheduleState.channel, rx.el.br(), _quiet(ScheduleState.language)),
        _change_link(ScheduleState.when_page, say("scheduler.summary.change_how")),
    )


def _place_row() -> rx.Component:
    return _fact_row(
        "branch",
        say("public.where"),
        place_lines(PickerState.place),
        _change_link(ScheduleState.where_page, say("scheduler.summary.change_branch")),
    )


def _adviser_row() -> rx.Component:
    return rx.cond(
        PickerState.adviser,
        _fact_row(
            "user",
            say("public.with"),
            PickerState.adviser,
            _change_link(
                ScheduleState.when_page, say("scheduler.summary.change_adviser")
            ),
        ),
    )


def _time_row() -> rx.Component:
    return _fact_row(
        "cal",
        say("scheduler.summary.when"),
        rx.el.span(
            VIEW.picked_day,
            rx.el.br(),
            rx.el.b(VIEW.picked_times),
            rx.el.br(),
            _quiet(VIEW.zone),
            class_name="at",
        ),
        _change_link(ScheduleState.when_page, say("scheduler.summary.change_time")),
    )


def _fact_row(
    mark: Text, name: str, value: rx.Component | Text, change: rx.Component
) -> rx.Component:
    return rx.el.div(rx.el.dt(icon(mark, 20), name), rx.el.dd(value, change))


def _change_link(page: Text, what: str, name: str = "edit") -> rx.Component:
    """Return a link to a past step; nothing if the step is not past."""
    link = page_link(
        rx.el.span(say("scheduler.change"), aria_hidden="true"),
        hidden_text(what),
        to=page,
        name=name,
    )
    return rx.cond(page, link)


def _quiet(words: Text) -> rx.Component:
    return rx.el.span(words, class_name="quiet")


def _adviser_part() -> rx.Component:
    return rx.fragment(
        *weave("scheduler.details.adviser", adviser=rx.el.b(PickerState.adviser))
    )


def _place_part() -> rx.Component:
    return rx.fragment(
        *weave("scheduler.details.place", place=rx.el.b(PickerState.place.name))
    )


def _documents_section() -> rx.Component:
    return rx.el.div(
        rx.el.h3(say("public.have_ready")),
        rx.el.ul(each(TOPIC.documents, _document_row), class_name="ticks"),
        class_name="bring",
    )


def _document_row(name: rx.Var[str]) -> rx.Component:
    return rx.el.li(name)
