"""Warn agents of their own events before they assign an appointment to themselves."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.drawer_view import CandidateView, DetailView
from invo_booking.web.kit.calendar.personal import LIBRARY


class PersonalOffer(rx.NoSSRComponent):
    """Shows agents their own events before they take an appointment."""

    library = LIBRARY
    tag = "PersonalOffer"

    text: rx.Var[str]
    before: rx.Var[dict[str, str]]
    is_taken: rx.Var[bool]
    """Whether the signed-in person is allowed to take the appointment."""

    candidates: rx.Var[list[CandidateView]]
    """Agents to whom the signed-in person is allowed to assign the appointment."""


def appointment_offer_warning(seen: DetailView) -> rx.Component:
    """Return the warning for the appointment that the drawer shows."""
    return PersonalOffer.create(
        text=say("bookings.personal.clash"),
        before={"day": seen.day, "starts": seen.starts, "ends": seen.ends},
        is_taken=seen.may_take,
        candidates=seen.candidates,
    )
