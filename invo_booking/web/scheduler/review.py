"""Show the review before the request, and times in place of a lost one."""

import reflex as rx

from invo_booking.texts import say, weave
from invo_booking.web.kit.browser import headline
from invo_booking.web.kit.parts import alert, hidden_text
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Text
from invo_booking.web.scheduler.month_view import SlotView
from invo_booking.web.scheduler.picker_state import PickerState
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState


def scheduler_review_step() -> rx.Component:
    """Return the appointment in one sentence, then place and contact."""
    return rx.fragment(
        headline(say("scheduler.review.heading")),
        _problem_notice(),
        rx.cond(PickerState.view.picked, _review_sentence()),
        _details_list(),
        rx.cond(
            RequestState.contact.phone != "",
            rx.el.p(ScheduleState.phone_help, class_name="quiet small under"),
        ),
        rx.cond(
            (PickerState.view.picked != "") & (RequestState.contact.email != ""),
            rx.el.p(
                say("scheduler.review.hold"),
                class_name="quiet small under",
            ),
        ),
    )


def _review_sentence() -> rx.Component:
    return rx.el.p(
        *weave(
            "scheduler.review.sentence",
            topic=rx.el.b(ScheduleState.topic.title),
            how=ScheduleState.how,
            adviser=rx.cond(PickerState.adviser, _adviser_part()),
            start=rx.el.b(PickerState.view.picked),
            zone=PickerState.view.zone,
        ),
        class_name="say",
    )


def _adviser_part() -> rx.Component:
    return rx.fragment(
        *weave("scheduler.review.adviser", adviser=rx.el.b(PickerState.adviser))
    )


def _details_list() -> rx.Component:
    contact, place = RequestState.contact, PickerState.place
    return rx.el.dl(
        rx.cond(
            place.name,
            rx.el.div(
                rx.el.dt(say("public.where")),
                rx.el.dd(rx.el.b(place.name), rx.el.br(), place.address),
            ),
        ),
        _contact_row(
            say("scheduler.review.name"),
            contact.name,
            say("scheduler.review.change_name"),
        ),
        rx.cond(
            contact.email,
            _contact_row(
                say("scheduler.review.email"),
                contact.email,
                say("scheduler.review.change_email"),
            ),
        ),
        rx.cond(
            contact.phone,
            _contact_row(
                say("public.phone"), contact.phone, say("scheduler.review.change_phone")
            ),
        ),
        rx.cond(
            contact.notes,
            _contact_row(
                say("scheduler.review.notes"),
                contact.notes,
                say("scheduler.review.change_notes"),
            ),
        ),
        class_name="list",
    )


def _contact_row(name: str, value: Text, what: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name),
        rx.el.dd(value),
        rx.el.dd(
            rx.el.button(
                say("scheduler.change"),
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
    """Return the nearest times after another customer booked the picked one."""
    return alert(
        rx.el.p(rx.el.b(RequestState.problem)),
        rx.cond(
            PickerState.nearest,
            rx.fragment(
                rx.el.p(say("public.nearest")),
                rx.el.ul(each(PickerState.nearest, _nearest_slot), class_name="slots"),
            ),
        ),
        rx.el.button(
            say("scheduler.review.all_times"),
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
