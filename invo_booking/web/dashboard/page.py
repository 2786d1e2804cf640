"""The dashboard of one agent."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.core.moment import refresh_timer
from invo_booking.web.dashboard.parts import (
    dashboard_calendar_bar,
    dashboard_late_bar,
    dashboard_next_card,
    dashboard_today_card,
    dashboard_undelivered_card,
    dashboard_unplaced_card,
    dashboard_waiting_card,
    dashboard_work_bar,
)
from invo_booking.web.dashboard.state import DashboardState
from invo_booking.web.kit import layout
from invo_booking.web.kit.calendar.conflicts import conflicts_card
from invo_booking.web.kit.calendar.conflicts_state import ConflictsState
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import page_link, problem_alert, skeleton
from invo_booking.web.kit.tables import each


@rx.page(
    route=routes.DASHBOARD,
    title=say("frame.dashboard"),
    on_load=[DashboardState.open_page, ConflictsState.open_page],
)
def dashboard_page() -> rx.Component:
    """Late customers, the next appointment, today's, and unassigned appointments."""
    return layout.staff_frame(
        rx.cond(DashboardState.is_ready, _day_part(), skeleton()),
        refresh_timer(DashboardState.moment, on_due=DashboardState.refresh_page),
        here=routes.DASHBOARD,
        skip=say("dashboard.skip"),
        kind="dash",
        action=rx.cond(
            DashboardState.may_create,
            page_link(
                icon("plus"),
                rx.el.span("New appointment"),
                to=f"{routes.BOOKINGS}?new=1",
                name="btn primary new",
            ),
        ),
    )


def _day_part() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(DashboardState.greeting),
            rx.el.p(DashboardState.today_line),
            class_name="hello",
        ),
        problem_alert(DashboardState.problem, DashboardState.dismiss_notices),
        rx.cond(DashboardState.calendar_problem != "", dashboard_calendar_bar()),
        each(DashboardState.work_trouble, dashboard_work_bar),
        each(DashboardState.late, dashboard_late_bar),
        conflicts_card(),
        rx.el.div(
            rx.el.div(
                dashboard_next_card(), dashboard_today_card(), class_name="stack"
            ),
            rx.el.div(
                dashboard_undelivered_card(),
                dashboard_unplaced_card(),
                dashboard_waiting_card(),
                class_name="stack",
            ),
            class_name="dcols",
        ),
        class_name="wrap",
    )
