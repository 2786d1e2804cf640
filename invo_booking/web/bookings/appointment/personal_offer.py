"""Warn agents of own events before they assign an appointment to themselves."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.drawer_view import CandidateView, DetailView
from invo_booking.web.kit.calendar.personal import LIBRARY


class PersonalOffer(rx.NoSSRComponent):
    """Warning of an own event where agents may assign to themselves."""

    library = LIBRARY
    tag = "PersonalOffer"

    text: rx.Var[str]
    before: rx.Var[dict[str, str]]
    is_taken: rx.Var[bool]
    """Whether the person at the page may take it."""

    candidates: rx.Var[list[CandidateView]]
    """To whom the person at the page may assign it."""


def appointment_offer_warning(seen: DetailView) -> rx.Component:
    """Warn agents of an own event before they assign an appointment to themselves."""
    return PersonalOffer.create(
        text=say("bookings.personal.clash"),
        before={"day": seen.day, "starts": seen.starts, "ends": seen.ends},
        is_taken=seen.may_take,
        candidates=seen.candidates,
    )
