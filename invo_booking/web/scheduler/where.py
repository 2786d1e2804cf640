"""Show the choice of a branch for a visit."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.usecases.slots.offers import ANY_BRANCH
from invo_booking.web.kit.browser import headline
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.tables import empty_line, item_list
from invo_booking.web.kit.typed import text_if
from invo_booking.web.scheduler.choices import (
    scheduler_how_chips,
    scheduler_step_problem,
)
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.where_view import BranchChoiceView

_FIELD = "find-branch"


def scheduler_where_step() -> rx.Component:
    """Return the option *any branch*, a search field, and the branches by name."""
    return rx.fragment(
        headline(say("scheduler.where.heading")),
        scheduler_step_problem(),
        scheduler_how_chips(),
        _any_branch_button(),
        _search_field(),
        item_list(
            ScheduleState.branches,
            _branch_card,
            empty=empty_line(say("scheduler.where.none")),
            name="topics",
        ),
    )


def _any_branch_button() -> rx.Component:
    return rx.el.button(
        icon("bolt", 20),
        rx.el.span(
            rx.el.b(say("scheduler.where.any")),
            rx.el.br(),
            say("scheduler.where.any_hint"),
            class_name="what",
        ),
        rx.el.span(say("scheduler.where.take"), class_name="pick"),
        type="button",
        class_name="next",
        on_click=ScheduleState.choose_branch(ANY_BRANCH),
    )


def _search_field() -> rx.Component:
    return rx.el.div(
        rx.el.label(say("scheduler.where.search"), html_for=_FIELD),
        rx.el.input(
            id=_FIELD,
            type="search",
            max_length=60,
            auto_complete="off",
            on_change=ScheduleState.search_branches,
        ),
        rx.el.p(ScheduleState.branches_found, class_name="hint", role="status"),
        class_name="field find",
    )


def _branch_card(branch: BranchChoiceView) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.b(branch.name),
            rx.el.span(branch.address, class_name="more"),
            rx.el.span(
                text_if(branch.hours, branch.hours, branch.zone), class_name="more"
            ),
            type="button",
            class_name="topic",
            aria_pressed=branch.picked,
            on_click=ScheduleState.choose_branch(branch.key),
        )
    )
