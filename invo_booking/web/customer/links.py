"""Define expressions by which the browser builds URLs with an appointment's secret.

The secret in the page's URL is thus not stored in the page's state.
"""

import reflex as rx

from invo_booking.texts import in_language

_TOKEN = r"${globalThis.location?.pathname.match(/\/a\/([^/]+)/)?.[1]}"  # noqa: S105
"""The path segment after ``a``; there may be a language code before ``a``."""


def visit_room_address() -> rx.Var[str]:
    """Return the URL at which the customer enters the video call."""
    return rx.Var(f"`{in_language(f'/a/{_TOKEN}/room')}`").to(str)


def visit_calendar_file_address() -> rx.Var[str]:
    """Return the URL of the appointment's calendar file."""
    return rx.Var(f"`/api/v1/appointments/{_TOKEN}/calendar.ics`").to(str)


def visit_page_address() -> rx.Var[str]:
    """Return the URL of this page, without the query."""
    location = "globalThis.location"
    return rx.Var(f"`${{{location}?.origin}}${{{location}?.pathname}}`").to(str)
