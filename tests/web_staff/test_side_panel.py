"""The side panel of the calendar: the small month and the filters."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

from invo_booking.usecases.staff.calendar import Scope
from invo_booking.web.bookings import side_view
from invo_booking.web.kit.calendar.place import Period, Place
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import ViewerContext

EYES = ViewerContext(
    ZoneInfo("America/Chicago"),
    times.locale_of("en-GB"),
    datetime(2026, 11, 24, 16, tzinfo=UTC),
)
TUESDAY = date(2026, 11, 24)
DAY = Place(scope=Scope.TEAM, period=Period.DAY, day=TUESDAY)


def test_small_month_marks_the_day_today_and_closed_days():
    thanksgiving = {date(2026, 11, 26): "Thanksgiving"}
    catalogue = SimpleNamespace(closed_weekdays=(5, 6), holidays=thanksgiving)

    month = side_view.mini_calendar_month(DAY, catalogue, EYES)
    days = [day for week in month.weeks for day in week.days]

    assert month.title == "November 2026"
    assert [day.label for day in month.weekdays][:2] == ["Mo", "Tu"]
    assert [day.number for day in days if day.current == "date"] == ["24"]
    assert [day.number for day in days if "is-now" in day.kind] == ["24"]
    assert {day.name.split()[0] for day in days if "we" in day.kind.split()} == {
        "Saturday",
        "Sunday",
    }
    (closed,) = [day for day in days if "hol" in day.kind.split()]
    assert closed.name == "Thursday 26 November, Thanksgiving, closed"


def test_filters_can_be_taken_off_one_by_one():
    queue = SimpleNamespace(id=uuid4(), name="Lending")
    harbor, pier = (SimpleNamespace(id=uuid4(), name=it) for it in ("Harbor", "Pier"))
    catalogue = SimpleNamespace(
        queues=(queue,), languages=("en", "es"), branches=(harbor, pier)
    )
    where = Place(
        scope=Scope.TEAM,
        period=Period.DAY,
        day=TUESDAY,
        queues=frozenset({queue.id}),
        languages=frozenset({"es"}),
        branches=frozenset({pier.id}),
    )

    first, second, third = side_view.calendar_filter_chips(where, catalogue)

    assert (first.label, first.value) == ("Queue", "Lending")
    assert "queues" not in first.href
    assert "languages=es" in first.href
    assert second.value == "Spanish"
    assert (third.label, third.value) == ("Branch", "Pier")
    assert "branches" not in third.href
    assert [
        link.label
        for group in side_view.calendar_filter_offers(where, catalogue)
        for link in group.links
    ] == ["English", "Harbor"]


def test_filter_is_found_by_its_name_else_by_a_part_of_it():
    branches = [SimpleNamespace(id=uuid4(), name=f"Branch {n}") for n in range(1, 41)]
    queue = SimpleNamespace(id=uuid4(), name="Branch loans")
    catalogue = SimpleNamespace(
        queues=(queue,), languages=("en", "es"), branches=branches
    )
    where = Place(scope=Scope.TEAM, period=Period.DAY, day=TUESDAY)
    offers = side_view.calendar_filter_offers(where, catalogue)

    found = {
        typed: side_view.calendar_filter_address(offers, typed)
        for typed in ("branch 1", " BRANCH  12 ", "loans", "span", "Oak", "  ")
    }

    assert side_view.has_many_calendar_filters(offers)
    assert not side_view.has_many_calendar_filters(offers[:2])
    assert str(branches[0].id) in found["branch 1"]
    assert str(branches[11].id) in found[" BRANCH  12 "]
    assert str(queue.id) in found["loans"]
    assert "languages=es" in found["span"]
    assert (found["Oak"], found["  "]) == ("", "")
