"""The form for a new appointment begins with the day in view."""

from datetime import date

import pytest
from babel import Locale

from invo_booking.usecases.staff.calendar import Scope
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.kit.calendar.place import (
    Period,
    Place,
    day_for_new_appointment,
)
from tests.web_staff.conftest import run, see

TODAY = date(2026, 11, 23)  # a Monday
WEEKEND = frozenset({5, 6})
AMERICAN, BRITISH = Locale.parse("en_US"), Locale.parse("en_GB")


def proposed(period, day, locale=AMERICAN):
    where = Place(scope=Scope.ME, period=period, day=day)
    return day_for_new_appointment(where, TODAY, locale, WEEKEND)


@pytest.mark.parametrize(
    ("period", "day", "expected"),
    [
        (Period.DAY, TODAY, TODAY),
        (Period.DAY, date(2026, 11, 26), date(2026, 11, 26)),
        (Period.DAY, date(2026, 11, 28), date(2026, 11, 28)),
        (Period.DAY, date(2026, 11, 20), TODAY),
        (Period.WEEK, date(2026, 11, 22), TODAY),
        (Period.WEEK, date(2026, 11, 27), TODAY),
        (Period.WEEK, date(2026, 11, 29), date(2026, 11, 30)),
        (Period.LIST, date(2026, 12, 9), date(2026, 12, 7)),
        (Period.WEEK, date(2026, 11, 4), TODAY),
        (Period.MONTH, date(2026, 11, 1), TODAY),
        (Period.MONTH, date(2026, 12, 1), date(2026, 12, 1)),
        (Period.MONTH, date(2027, 5, 1), date(2027, 5, 3)),
        (Period.MONTH, date(2026, 10, 1), TODAY),
    ],
)
def test_proposed_day_is_the_first_working_day_in_view_and_never_over(
    period, day, expected
):
    assert proposed(period, day) == expected


def test_week_begins_as_the_locale_says():
    assert proposed(Period.WEEK, date(2026, 12, 6)) == date(2026, 12, 7)
    assert proposed(Period.WEEK, date(2026, 12, 6), BRITISH) == date(2026, 11, 30)


def test_form_opens_with_the_day_in_view_and_the_next_step_from_now(ana, sign_in):
    address = "/bookings?scope=me&view=day&date=2026-12-03"
    client = sign_in(ana)
    run(client.open(at=address))

    run(client.send(DraftState, "open_draft", "", "", "", at=address))

    start = see(client, DraftState).start
    today = _started_today(sign_in, ana)
    assert (start.day, start.starts) == ("2026-12-03", today.starts)
    assert today.day == "2026-11-23"


def test_drawn_span_decides_whatever_day_is_in_view(ana, sign_in):
    client = sign_in(ana)
    run(client.open(at="/bookings?scope=me&view=week&date=2026-12-03"))
    span = ("2026-12-04T11:00", "2026-12-04T11:30")

    run(client.send(DraftState, "open_draft", *span, str(ana.id)))

    start = see(client, DraftState).start
    assert (start.day, start.starts) == ("2026-12-04", "11:00")


def _started_today(sign_in, ana):
    client = sign_in(ana)
    run(client.open(at="/bookings?scope=me&view=day&date=2026-11-23"))
    run(client.send(DraftState, "open_draft", "", "", ""))
    return see(client, DraftState).start
