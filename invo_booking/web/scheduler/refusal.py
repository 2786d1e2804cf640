"""Show why a request was refused, with times in place of a lost one."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.parts import alert, page_link
from invo_booking.web.scheduler.picker_state import PickerState
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from invo_booking.web.scheduler.when import scheduler_slot_buttons


def scheduler_refusal_notice() -> rx.Component:
    """Return the reason of a refusal; nothing before there is one."""
    return rx.fragment(
        rx.cond(RequestState.was_lost, _lost_notice()),
        rx.cond(
            (RequestState.problem != "") & ~RequestState.was_lost,
            alert(rx.el.p(RequestState.problem)),
        ),
    )


def _lost_notice() -> rx.Component:
    """Return the nearest times after another customer booked the picked one."""
    return alert(
        rx.el.p(rx.el.b(RequestState.problem)),
        rx.cond(
            PickerState.nearest,
            rx.fragment(
                rx.el.p(say("public.nearest")),
                scheduler_slot_buttons(PickerState.nearest, RequestState.take_nearest),
            ),
        ),
        page_link(
            say("scheduler.details.all_times"),
            to=ScheduleState.when_page,
            name="linkish",
        ),
    )
