"""Show the choice so far: a card at the side, or a bar at the bottom on phones."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, place_lines
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text, has_item
from invo_booking.web.scheduler.picker_state import PickerState
from invo_booking.web.scheduler.state import ScheduleState

Words = rx.Component | Text


def scheduler_summary_card() -> rx.Component:
    """Return the card at the side of the scheduler."""
    return rx.el.aside(
        rx.el.h2(say("public.your_appointment"), id="sum"),
        scheduler_summary_facts(),
        rx.cond(ScheduleState.topic.documents, _documents_section()),
        class_name="summary card",
        aria_labelledby="sum",
    )


def scheduler_summary_bar(action: rx.Component) -> rx.Component:
    """Return the bar at the bottom on phones: the choice and the next button."""
    return rx.el.div(
        rx.el.details(
            rx.el.summary(
                rx.el.b(
                    rx.cond(
                        PickerState.view.picked,
                        PickerState.view.picked_brief,
                        say("public.your_appointment"),
                    )
                ),
                rx.el.span(
                    rx.cond(
                        ScheduleState.topic.title,
                        ScheduleState.topic.title + ", " + ScheduleState.topic.lasts,
                        say("scheduler.summary.nothing"),
                    )
                ),
                icon("up", 20),
            ),
            rx.el.div(scheduler_summary_facts(), class_name="sheet"),
        ),
        action,
        class_name="bar",
        role="region",
        aria_label=say("scheduler.summary.label"),
    )


def scheduler_summary_facts() -> rx.Component:
    """Return every choice with a button to change it."""
    topic = ScheduleState.topic
    return rx.el.dl(
        _fact_row(
            "topic",
            say("scheduler.summary.topic"),
            topic.title,
            "topic",
            say("scheduler.summary.change_topic"),
        ),
        _fact_row("clock", say("scheduler.summary.length"), topic.lasts),
        _fact_row(
            "speech",
            say("public.language"),
            ScheduleState.language,
            "how",
            say("scheduler.summary.change_language"),
        ),
        _fact_row(
            ScheduleState.channel_icon,
            say("public.how"),
            ScheduleState.channel,
            "how",
            say("scheduler.summary.change_channel"),
        ),
        rx.cond(PickerState.place.name, _place_row()),
        rx.cond(
            PickerState.advisers,
            _fact_row(
                "user",
                say("public.with"),
                rx.cond(
                    PickerState.adviser,
                    PickerState.adviser,
                    say("scheduler.adviser.any"),
                ),
                "when",
                say("scheduler.summary.change_adviser"),
            ),
        ),
        _time_row(),
        _fact_row(
            "globe",
            say("public.time_zone"),
            PickerState.view.zone,
            "when",
            say("scheduler.summary.change_zone"),
        ),
        class_name="facts",
    )


def _fact_row(
    mark: Text, name: str, value: Text, step: str = "", what: str = ""
) -> rx.Component:
    return rx.el.div(
        rx.el.dt(icon(mark, 20), name),
        rx.el.dd(
            rx.cond(value, value, _empty_value()),
            _change_button(step, what) if step else rx.fragment(),
        ),
    )


def _place_row() -> rx.Component:
    return rx.el.div(
        rx.el.dt(icon("branch", 20), say("public.where")),
        rx.el.dd(
            place_lines(PickerState.place),
            _change_button("where", say("scheduler.summary.change_branch")),
        ),
    )


def _time_row() -> rx.Component:
    view = PickerState.view
    return rx.el.div(
        rx.el.dt(icon("cal", 20), say("scheduler.summary.when")),
        rx.el.dd(
            rx.cond(
                view.picked,
                rx.el.span(view.picked_day, rx.el.br(), view.picked_times),
                _empty_value(),
            ),
            _change_button("when", say("scheduler.summary.change_time")),
        ),
        class_name=rx.cond(ScheduleState.step == "when", "fresh", ""),
    )


def _change_button(step: str, what: str) -> rx.Component:
    """Return a button that leads back to a past step."""
    way = rx.el.button(
        say("scheduler.change"),
        hidden_text(f" {what}"),
        type="button",
        class_name="edit",
        on_click=ScheduleState.go_to_step(step),
    )
    return rx.cond(has_item(ScheduleState.behind, step), way)


def _empty_value() -> rx.Component:
    return rx.el.span(say("scheduler.summary.empty"), class_name="quiet")


def _documents_section() -> rx.Component:
    return rx.el.div(
        rx.el.h3(say("public.have_ready")),
        rx.el.ul(
            each(ScheduleState.topic.documents, _document_row), class_name="ticks"
        ),
        class_name="bring",
    )


def _document_row(name: rx.Var[str]) -> rx.Component:
    return rx.el.li(name)
