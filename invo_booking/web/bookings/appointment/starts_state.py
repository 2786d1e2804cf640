"""The starts offered in the form of a new or an edited appointment."""

from collections.abc import Sequence

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.staff import starts
from invo_booking.usecases.staff.calendar import StaffCatalogue
from invo_booking.web.bookings.appointment import forms
from invo_booking.web.bookings.appointment import starts_view as views
from invo_booking.web.bookings.appointment.starts_view import StartView
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.text.words import ViewerContext

FIELDS = frozenset(
    {
        *("day", "starts", "ends", "minutes", "answer", "queue", "language", "agent"),
        *("channel", "branch"),
    }
)
NAMES_START = frozenset({"day", "starts"})
LONGEST = 60
"""Maximum number of characters stored of a field; ids are the longest values."""


class TimesState(SessionState):
    """The time fields of the open form, and the starts that match the other fields."""

    clock: str = ""
    until: str = ""
    second: str = ""  # whether the start is the second of two equal wall times
    stamp: int = 0  # rises when the time fields must be drawn again
    starts: list[StartView] = []
    typed_why: str = ""
    note: str = ""

    _fields: dict[str, str] = {}

    @rx.event
    @allow(EventPolicy.STAFF)
    async def change_field(self, name: str, value: str) -> None:
        """Store the value of a field, and show the matching starts."""
        if name in FIELDS and self._fields:
            typed = {name: str(value)[:LONGEST]}
            is_other = name in NAMES_START and self._fields.get(name) != typed[name]
            await self._update_starts(typed | ({"second": ""} if is_other else {}))

    @rx.event
    @allow(EventPolicy.STAFF)
    async def pick_start(self, key: str) -> None:
        """Set the time fields to a start in the list; the length stays."""
        if not any(one.key == key and not one.why for one in self.starts):
            return
        catalogue, viewer = await self._catalogue_and_viewer()
        fields = self._fields | views.appointment_start_fields(key)
        minutes = fields.get("minutes", "")
        is_length = minutes.isdecimal() and int(minutes) <= forms.LONGEST
        self.clock, self.second = fields["starts"], fields["second"]
        self.until = (
            views.appointment_end_clock(fields, int(minutes), viewer)
            if is_length
            else ""
        )
        self.stamp += 1
        self._fields = fields | {"ends": self.until}
        await self._show_starts(catalogue, viewer)

    async def _update_starts(self, changed: dict[str, str]) -> None:
        catalogue, viewer = await self._catalogue_and_viewer()
        fields = self._fields | changed
        if fields.get("appointment"):
            span = views.minutes_of_appointment(fields, viewer)
            fields["minutes"] = span or fields.get("minutes", "")
        self._fields, self.second = fields, fields.get("second", "")
        await self._show_starts(catalogue, viewer)

    async def _show_starts(
        self, catalogue: StaffCatalogue, viewer: ViewerContext
    ) -> None:
        actor = await guard.actor_of_page(self)
        self.starts, self.typed_why, self.note = [], "", ""
        try:
            plan = views.appointment_plan_of(self._fields, catalogue, viewer)
            day = await ask(starts.staff_starts, actor, plan)
        except InvoError:
            return  # submitting the form will show the reason
        picked = views.appointment_start_key(
            self._fields.get("starts", ""), self.second
        )
        self.starts = views.appointment_start_views(day, picked, viewer)
        self.typed_why = views.closed_appointment_start_reason(day)
        self.note = views.no_appointment_starts_notice(day)

    async def _catalogue_and_viewer(self) -> tuple[StaffCatalogue, ViewerContext]:
        """Return the options of the form, and the reader of the page."""
        catalogue = await self._load_catalogue(await guard.actor_of_page(self))
        return catalogue, self._viewer(catalogue.time_zone)


async def begin_appointment_form(state: rx.State, fields: dict[str, str]) -> None:
    """Set the time fields to the initial values of the form on ``state``'s page."""
    times = await state.get_state(TimesState)
    times._fields = dict(fields)
    times.clock, times.until = fields.get("starts", ""), fields.get("ends", "")
    times.second = fields.get("second", "")
    times.stamp += 1
    await times._update_starts({})


async def change_appointment_topic(
    state: rx.State, changed: dict[str, str], languages: Sequence[str]
) -> None:
    """Show the starts of another topic.

    Args:
        state: A state of the page.
        changed: New values of fields.
        languages: The languages of the topic. If the current language is not among
            these, the first language is chosen.
    """
    times = await state.get_state(TimesState)
    is_spoken = times._fields.get("language", "") in languages
    first = {} if is_spoken else {"language": languages[0]}
    await times._update_starts(first | changed)
