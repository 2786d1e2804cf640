"""The public scheduler."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.kit.browser import whereabouts
from invo_booking.web.kit.public_frame import frame
from invo_booking.web.scheduler.form import scheduler, scheduler_bar
from invo_booking.web.scheduler.picker_state import PickerState
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.steps import step_list


@rx.page(route=routes.SCHEDULE, title="Schedule a call", on_load=ScheduleState.open)
def schedule() -> rx.Component:
    """Topic to request, step by step."""
    return frame(
        ScheduleState.site,
        whereabouts(on_known=PickerState.know_browser),
        scheduler(),
        steps=rx.cond(
            ScheduleState.site.is_open | ~ScheduleState.is_ready, step_list()
        ),
        bottom=scheduler_bar(),
    )
