"""The days on which nobody works, on the institution's page."""

import reflex as rx

from invo_booking.web.admin.institution import view as presenter
from invo_booking.web.admin.institution.closures_state import ClosuresState
from invo_booking.web.admin.institution.view import ClosedDayView, HolidayView
from invo_booking.web.admin.parts import panel, refusal, review, save_bar
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import form, outcome
from invo_booking.web.kit.parts import button, hidden, tag
from invo_booking.web.kit.typed import has_items, length_of

ERRORS = ClosuresState.errors


def closed_days() -> rx.Component:
    """What is closed, and forms to close more."""
    return panel(
        "Closed days",
        "Nobody works and nothing can be booked on them.",
        rx.cond(
            has_items(ClosuresState.days),
            rx.el.ul(rx.foreach(ClosuresState.days, _day), class_name="lines"),
            rx.el.p("No day is closed within a year.", class_name="empty"),
        ),
        rx.cond(has_items(ClosuresState.later), _later()),
        outcome(ClosuresState),
        review(ClosuresState, "close"),
        _one_day(),
        key="closed",
    )


def _later() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            "Later ",
            rx.el.span(length_of(ClosuresState.later), class_name="count"),
        ),
        rx.el.ul(rx.foreach(ClosuresState.later, _day), class_name="lines"),
        class_name="more",
    )


def _day(view: ClosedDayView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(view.when), rx.el.p(view.name, class_name="m"), class_name="what"
        ),
        rx.el.div(
            button(
                "Open again",
                hidden(f" {view.when}"),
                press=ClosuresState.reopen(view.day),
                look="sm",
            ),
            class_name="acts",
        ),
    )


def _one_day() -> rx.Component:
    return form(
        fields.line("day", "Close a day", ERRORS, "", "date"),
        fields.line("day_name", "What for", ERRORS),
        rx.el.button("Close", hidden(" the day"), type="submit", class_name="btn"),
        submit=ClosuresState.submit,
        key=ClosuresState.key,
        class_name="form inline",
    )


def public_holidays() -> rx.Component:
    """Public holidays of a country to choose from."""
    return panel(
        "Public holidays",
        "Look them up, then tick the days on which you close.",
        _calendar(),
        rx.cond(
            has_items(ClosuresState.found),
            _choose(),
            rx.el.p("There is none left in that year.", class_name="empty"),
        ),
        key="public",
    )


def _calendar() -> rx.Component:
    return rx.el.div(
        fields.choice(
            "calendar",
            "Country",
            ERRORS,
            presenter.calendar_options(),
            value=ClosuresState.country,
            on_change=ClosuresState.choose_country,
        ),
        fields.choice(
            "part",
            "Part of it",
            ERRORS,
            ClosuresState.parts,
            rx.el.option("The whole country", value=""),
            value=ClosuresState.part,
            on_change=ClosuresState.choose_part,
        ),
        fields.choice(
            "year",
            "Year",
            ERRORS,
            ClosuresState.years,
            value=ClosuresState.year,
            on_change=ClosuresState.choose_year,
        ),
        class_name="form inline",
    )


def _choose() -> rx.Component:
    return form(
        rx.el.fieldset(
            rx.el.legend("Days to close", class_name="vh"),
            rx.el.ul(rx.foreach(ClosuresState.found, _holiday), class_name="lines"),
            refusal("holidays", ERRORS),
            class_name="field",
        ),
        rx.cond(ClosuresState.may_close, save_bar("Close on these days")),
        submit=ClosuresState.submit,
        key=ClosuresState.key,
        class_name="form",
    )


def _holiday(view: HolidayView) -> rx.Component:
    return rx.el.li(
        rx.cond(
            view.is_closed,
            rx.el.div(
                rx.el.h3(view.when),
                rx.el.p(view.name, class_name="m"),
                class_name="what",
            ),
            rx.el.label(
                rx.el.input(type="checkbox", name=view.field),
                rx.el.span(
                    rx.el.b(view.when), rx.el.span(view.name, class_name="hint")
                ),
                class_name="tick",
            ),
        ),
        rx.cond(view.is_closed, tag("done", "check", "Closed")),
    )
