"""The public scheduler."""

import reflex as rx

from invo_booking.web import routes
from invo_booking.web.components.public.browser import whereabouts
from invo_booking.web.components.public.frame import frame
from invo_booking.web.components.public.scheduler import scheduler, scheduler_bar
from invo_booking.web.components.public.steps import step_list
from invo_booking.web.states.picker import PickerState
from invo_booking.web.states.schedule import ScheduleState


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
