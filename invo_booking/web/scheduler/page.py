"""Register the public scheduler."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.core.pages import public_page
from invo_booking.web.kit.browser import whereabouts
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.kit.public_frame import public_frame
from invo_booking.web.scheduler.form import scheduler_bar, scheduler_content
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.steps import scheduler_step_list


@public_page(
    route=routes.SCHEDULE,
    title_key="public.schedule",
    on_load=[ScheduleState.open_page, RequestState.open_form],
)
def schedule_page() -> rx.Component:
    """Return the page of the scheduler."""
    return public_frame(
        ScheduleState.site,
        whereabouts(on_known=PickerState.adopt_browser),
        scheduler_content(),
        steps=rx.cond(
            ScheduleState.site.is_open | ~ScheduleState.is_ready, scheduler_step_list()
        ),
        bottom=scheduler_bar(),
        here=routes.SCHEDULE,
    )
