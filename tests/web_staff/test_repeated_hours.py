"""The night in which clocks go back, and show one hour twice."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from invo_booking.persistence.tables.core import WorkingHoursRow
from invo_booking.settings.time import WEEKENDS_OFF
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.appointment.starts_state import TimesState
from invo_booking.web.bookings.drag_state import DragState
from invo_booking.web.bookings.state import BookingsState
from tests.support.bank import PASSWORD
from tests.web_staff.calendar_rows import events
from tests.web_staff.conftest import book, run, see
from tests.web_staff.test_nights import opened


@pytest.fixture
def nora(product, bank, clock):
    """A manager in New York who also works in the night in which clocks go back."""
    with product.unit_of_work() as work:
        work.session.execute(text("UPDATE person SET time_zone = 'America/New_York'"))
        work.session.execute(
            text("UPDATE institution SET time_zone = 'America/New_York'")
        )
        work.publish_roster_change()
    bank.set(WEEKENDS_OFF, "off")
    clock.now = datetime(2026, 10, 31, 14, tzinfo=UTC)
    nora = bank.manager("Nora", password=PASSWORD)
    with product.unit_of_work() as work:
        work.session.add(
            WorkingHoursRow(
                person_id=nora.id,
                weekday=6,
                starts_time=time(0),
                ends_time=time(6),
            )
        )
        work.session.execute(text("UPDATE person SET time_zone = 'America/New_York'"))
        work.publish_roster_change()
    return nora


SECOND = datetime(2026, 11, 1, 6, 15, tzinfo=UTC)
"""When clocks in New York show 1:15 for the second time that night."""


def test_second_of_two_hours_is_dragged_and_put_back_as_the_second(
    product, bank, nora, sign_in
):
    made = book(product, bank, nora, SECOND, nora)
    client = sign_in(nora)
    (view,) = events(opened(client, "me", "week", date(2026, 11, 1)))
    drop = str(made.id), made.version, "2026-11-01T01:30", "2026-11-01T02:00", ""

    run(client.send(DragState, "move_appointment", *drop))
    moved, drag = (
        appointment_detail(product, nora, made.id).appointment,
        see(client, DragState),
    )
    problem, done = drag.problem, drag.done
    run(client.send(DragState, "undo_drag"))

    assert view.start == "2026-11-01T01:15"
    assert (problem, moved.starts_at) == ("", SECOND + timedelta(minutes=15))
    assert "1:30 EST\N{EN DASH}2:00" in done
    assert appointment_detail(product, nora, made.id).appointment.period == made.period


def test_second_of_two_starts_stays_chosen_until_another_is_typed(bank, nora, sign_in):
    client = sign_in(nora)
    run(client.send(BookingsState, "open_page"))
    run(
        client.send(
            DraftState, "open_draft", "2026-11-01T01:15", "2026-11-01T01:45", ""
        )
    )

    run(client.send(TimesState, "pick_start", "01:15 again"))
    run(client.send(TimesState, "change_field", "starts", "01:15"))
    picked = see(client, TimesState)
    told = picked.clock, picked.second, [it.label for it in picked.starts if it.picked]
    form = {
        "queue": str(bank.queue_id),
        "language": "en",
        "channel": "video",
        "day": "2026-11-01",
        "starts": picked.clock,
        "second": picked.second,
        "minutes": "30",
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
    }
    run(client.send(DraftState, "submit_draft", form))
    made = see(client, DrawerState).seen
    run(client.send(DrawerState, "switch_mode", "edit"))
    kept = see(client, TimesState).second
    run(client.send(TimesState, "change_field", "starts", "03:00"))

    assert told == ("01:15", "1", ["1:15 EST"])
    assert made.span == "1:15 EST\N{EN DASH}1:45 EST"
    assert (kept, see(client, TimesState).second) == ("1", "")
