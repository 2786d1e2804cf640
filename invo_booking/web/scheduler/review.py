"""The last look before the request, and what may have come in between."""

import reflex as rx

from invo_booking.web.kit.browser import headline
from invo_booking.web.kit.parts import alert, hidden_text
from invo_booking.web.kit.typed import Text
from invo_booking.web.scheduler.month_view import SlotView
from invo_booking.web.scheduler.picker_state import PickerState
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState


def review_step() -> rx.Component:
    """Everything in one sentence, then the contact."""
    return rx.fragment(
        headline("Is this right?"),
        _problem_notice(),
        rx.cond(PickerState.view.picked, _review_sentence()),
        _contact_list(),
        rx.cond(
            (PickerState.view.picked != "") & (RequestState.contact.email != ""),
            rx.el.p(
                "We hold this time for you and send you a mail. "
                "Press the button in it to confirm.",
                class_name="quiet small under",
            ),
        ),
    )


def _review_sentence() -> rx.Component:
    return rx.el.p(
        rx.el.b(ScheduleState.topic.title),
        ", ",
        ScheduleState.how,
        rx.cond(
            PickerState.adviser, rx.fragment(", with ", rx.el.b(PickerState.adviser))
        ),
        ", ",
        rx.el.b(PickerState.view.picked),
        ", ",
        PickerState.view.zone,
        ".",
        class_name="say",
    )


def _contact_list() -> rx.Component:
    contact = RequestState.contact
    return rx.el.dl(
        _contact_row("Name", contact.name, "the name"),
        rx.cond(
            contact.email, _contact_row("E-mail", contact.email, "the e-mail address")
        ),
        rx.cond(
            contact.phone, _contact_row("Phone", contact.phone, "the phone number")
        ),
        rx.cond(
            contact.notes, _contact_row("About", contact.notes, "what it is about")
        ),
        class_name="list",
    )


def _contact_row(name: str, value: Text, what: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name),
        rx.el.dd(value),
        rx.el.dd(
            rx.el.button(
                "Change",
                hidden_text(f" {what}"),
                type="button",
                class_name="linkish",
                on_click=ScheduleState.go_to_step("details"),
            )
        ),
    )


def _problem_notice() -> rx.Component:
    return rx.fragment(
        rx.cond(RequestState.was_lost, _lost_notice()),
        rx.cond(
            (RequestState.problem != "") & ~RequestState.was_lost,
            alert(rx.el.p(RequestState.problem)),
        ),
    )


def _lost_notice() -> rx.Component:
    """The time was booked by another customer: the nearest ones, one press away."""
    return alert(
        rx.el.p(rx.el.b(RequestState.problem)),
        rx.cond(
            PickerState.nearest,
            rx.fragment(
                rx.el.p("The nearest free times are:"),
                rx.el.ul(
                    rx.foreach(PickerState.nearest, _nearest_slot), class_name="slots"
                ),
            ),
        ),
        rx.el.button(
            "See all times",
            type="button",
            class_name="linkish",
            on_click=ScheduleState.go_to_step("when"),
        ),
    )


def _nearest_slot(slot: SlotView) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            slot.label,
            type="button",
            class_name="slot",
            on_click=RequestState.pick_nearest(slot.key),
        )
    )
