"""Draw the cards of the dashboard."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.core import routes
from invo_booking.web.dashboard.state import DashboardState
from invo_booking.web.dashboard.view import AppointmentRowView, LateView, WaitView
from invo_booking.web.kit.calendar.personal import (
    personal_calendar_row_warning,
    personal_calendar_texts,
    personal_notices,
)
from invo_booking.web.kit.countdown import countdown
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    hidden_text,
    page_link,
    staff_room_link,
    status_tag,
    undo_bar,
)
from invo_booking.web.kit.tables import each, empty_line, item_list
from invo_booking.web.kit.typed import has_items, length_of

NEXT = DashboardState.next_up


def dashboard_calendar_bar() -> rx.Component:
    """The warning that the agent's own calendar cannot be read, with the reason."""
    return rx.el.section(
        icon("warn", 20),
        rx.el.p(DashboardState.calendar_problem),
        class_name="latebar",
        role="status",
    )


def dashboard_work_bar(sentence: str) -> rx.Component:
    """A warning about periodic work that is not done; for administrators."""
    return rx.el.section(
        icon("warn", 20), rx.el.p(sentence), class_name="latebar", role="status"
    )


def dashboard_late_bar(late: LateView) -> rx.Component:
    """A customer who has not come, with buttons to wait or to cancel."""
    return rx.el.section(
        icon("warn", 20),
        rx.el.div(
            rx.el.h2(
                *weave(
                    "dashboard.late.heading",
                    name=late.name,
                    late=rx.el.em(late.how_late),
                )
            ),
            rx.el.p(late.line),
        ),
        rx.cond(
            late.waits == "",
            _late_actions(late),
            rx.el.p(icon("clock", 14), late.waits, class_name="acts", role="status"),
        ),
        class_name="latebar",
    )


def _late_actions(late: LateView) -> rx.Component:
    return rx.el.div(
        button(
            say("late.keep_waiting"),
            hidden_text(say("late.keep_waiting_for", name=late.name)),
            press=DashboardState.keep_waiting(late.id, late.version),
        ),
        button(
            say("late.cancel"),
            hidden_text(f", {late.name}"),
            press=DashboardState.cancel_as_late(late.id, late.version),
            look="danger solid",
        ),
        class_name="acts",
    )


def dashboard_next_card() -> rx.Component:
    """The next appointment, with the time until it starts."""
    return rx.el.section(
        rx.cond(NEXT.id != "", _next_appointment(), _no_appointment()),
        class_name="card next",
        custom_attrs={"aria-labelledby": "next-title"},
    )


def _next_appointment() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.p(icon("clock"), say("dashboard.next.heading"), class_name="lab"),
            rx.el.h2(NEXT.name, id="next-title"),
            rx.el.p(NEXT.line),
            rx.el.p(
                rx.el.span(icon("globe", 14), NEXT.language),
                rx.el.span(icon("branch", 14), NEXT.queue),
                rx.el.span(icon("check", 14), NEXT.word),
                class_name="meta",
            ),
        ),
        rx.cond(
            NEXT.is_soon,
            countdown(seconds=NEXT.seconds, stamp=NEXT.stamp, mode="figures"),
            rx.el.p(rx.el.b(NEXT.begins), class_name="clock words"),
        ),
        rx.el.div(
            rx.cond(
                NEXT.join != "",
                rx.fragment(
                    staff_room_link(NEXT.join, name="btn primary lg"),
                    page_link(say("dashboard.next.open"), to=NEXT.href, name="btn lg"),
                ),
                page_link(
                    say("dashboard.next.open"), to=NEXT.href, name="btn primary lg"
                ),
            ),
            class_name="acts",
        ),
    )


def _no_appointment() -> rx.Component:
    return rx.el.div(
        rx.el.p(icon("clock"), say("dashboard.next.heading"), class_name="lab"),
        rx.el.h2(say("dashboard.next.none"), id="next-title"),
        rx.el.p(say("dashboard.next.none_lead"), class_name="muted"),
    )


def dashboard_today_card() -> rx.Component:
    """Today's appointments, earliest first."""
    return rx.el.section(
        rx.el.header(
            rx.el.h2(say("calendar.today"), id="today-title"),
            rx.el.span(
                length_of(DashboardState.today),
                hidden_text(say("dashboard.today.count")),
                class_name="count",
            ),
            rx.el.span(class_name="grow"),
            page_link(
                say("dashboard.today.open_calendar"),
                to=routes.BOOKINGS,
                name="link small",
            ),
        ),
        item_list(
            DashboardState.today,
            _today_row,
            empty=empty_line(say("dashboard.today.none")),
            name="rows",
            is_ordered=True,
        ),
        class_name="card",
        custom_attrs={"aria-labelledby": "today-title"},
    )


def _today_row(row: AppointmentRowView) -> rx.Component:
    return rx.el.li(
        rx.el.time(row.at, rx.el.span(f"\N{EN DASH}{row.until}", class_name="to")),
        rx.el.span(
            rx.el.b(page_link(row.name, to=row.href)),
            rx.el.span(row.line, class_name="m"),
        ),
        rx.cond(
            row.join != "",
            staff_room_link(row.join, name="btn sm"),
            status_tag(row.tag, row.icon, row.word),
        ),
        class_name=row.kind,
    )


def dashboard_waiting_card() -> rx.Component:
    """Unassigned appointments, each with a button to take it."""
    return rx.el.section(
        rx.el.header(
            rx.el.h2(say("unassigned.heading"), id="waiting-title"),
            rx.el.span(DashboardState.waiting_count, class_name="count u"),
            rx.el.span(class_name="grow"),
        ),
        undo_bar(
            DashboardState.done,
            number=DashboardState.undo_number,
            undo=DashboardState.undo_take,
            on_end=DashboardState.end_undo(DashboardState.undo_number),
            name="tookbar",
        ),
        personal_notices(
            shown=DashboardState.personal, texts=personal_calendar_texts()
        ),
        item_list(
            DashboardState.waiting,
            _unassigned_row,
            empty=empty_line(say("unassigned.none")),
            name="rows",
        ),
        rx.el.footer(
            page_link(
                say("dashboard.unassigned.all"),
                to=f"{routes.BOOKINGS}?scope=queues",
                name="link",
            )
        ),
        class_name="card take",
        custom_attrs={"aria-labelledby": "waiting-title"},
    )


def dashboard_unplaced_card() -> rx.Component:
    """Appointments that no agent can take, for roles that see all appointments."""
    return rx.cond(
        DashboardState.unplaced_count > 0,
        rx.el.section(
            rx.el.header(
                rx.el.h2(say("unplaced.heading"), id="unplaced-title"),
                rx.el.span(DashboardState.unplaced_count, class_name="count u"),
            ),
            empty_line(say("dashboard.unplaced.lead")),
            rx.el.ul(each(DashboardState.unplaced, _opened_row), class_name="rows"),
            class_name="card take",
            custom_attrs={"aria-labelledby": "unplaced-title"},
        ),
    )


def dashboard_undelivered_card() -> rx.Component:
    """Appointments whose customers did not get the last mail."""
    return rx.cond(
        has_items(DashboardState.undelivered),
        rx.el.section(
            rx.el.header(
                rx.el.h2(say("dashboard.undelivered.heading"), id="undelivered-title"),
                rx.el.span(length_of(DashboardState.undelivered), class_name="count u"),
            ),
            empty_line(say("dashboard.undelivered.lead")),
            rx.el.ul(each(DashboardState.undelivered, _opened_row), class_name="rows"),
            class_name="card take",
            custom_attrs={"aria-labelledby": "undelivered-title"},
        ),
    )


def _opened_row(wait: WaitView) -> rx.Component:
    return rx.fragment(
        rx.cond(
            wait.heading != "", rx.el.li(rx.el.h3(wait.heading), class_name="dayhead")
        ),
        rx.el.li(
            rx.el.time(wait.at),
            rx.el.span(rx.el.b(wait.topic), rx.el.span(wait.line, class_name="m")),
            page_link(
                say("calendar.open"),
                hidden_text(f" {wait.label}"),
                to=wait.href,
                name="btn sm",
            ),
        ),
    )


def _unassigned_row(wait: WaitView) -> rx.Component:
    return rx.fragment(
        rx.cond(
            wait.heading != "", rx.el.li(rx.el.h3(wait.heading), class_name="dayhead")
        ),
        rx.el.li(
            rx.el.time(wait.at),
            rx.el.span(
                rx.el.b(wait.topic),
                rx.el.span(wait.line, class_name="m"),
                rx.cond(wait.takeable, personal_calendar_row_warning(wait.times)),
            ),
            rx.cond(
                wait.takeable,
                button(
                    say("calendar.take"),
                    hidden_text(f" {wait.label}"),
                    press=DashboardState.take_appointment(wait.id, wait.version),
                    look="sm",
                ),
                page_link(
                    say("calendar.open"),
                    hidden_text(f" {wait.label}"),
                    to=wait.href,
                    name="btn sm",
                ),
            ),
        ),
    )
