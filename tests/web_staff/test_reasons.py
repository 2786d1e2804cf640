"""What staff are told of closed time, on lanes and in forms."""

# ruff: noqa: ARG001 - fixtures that only have to be there, and what a state keeps to itself is what these tests look at

from datetime import date

from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.appointment.starts_state import TimesState
from invo_booking.web.bookings.state import BookingsState
from tests.support.bank import at
from tests.web_staff.calendar_rows import bands as bands_of
from tests.web_staff.conftest import book, run, see


def test_form_offers_the_starts_of_the_day_and_takes_one(
    product, bank, ana, max_, sign_in
):
    book(product, bank, max_, at(11), ana)
    client = sign_in(max_)

    run(
        client.send(DraftState, "open_draft", "2026-11-23T11:00", "", str(ana.id)),
        client.send(DraftState, "choose_answer", str(bank.answer_id)),
    )
    times = see(client, TimesState)
    by_key = {one.key: one for one in times.starts}
    assert by_key["11:00"].why == "Ana: Has another appointment 11:00-11:30."
    assert by_key["11:00"].picked
    assert times.typed_why == by_key["11:00"].why
    assert (times.starts[0].key, times.starts[-1].key) == ("09:00", "16:30")

    run(client.send(TimesState, "pick_start", "11:00"))
    assert see(client, TimesState).clock == "11:00"
    run(client.send(TimesState, "pick_start", "11:30"))
    assert see(client, TimesState).clock == "11:30"
    assert see(client, TimesState).typed_why == ""
    run(client.send(TimesState, "change_field", "starts", "11:37"))
    assert "every 15 minutes" in see(client, TimesState).typed_why


def test_edited_appointment_keeps_its_length_when_another_start_is_taken(
    product, bank, ana, max_, sign_in
):
    made = book(product, bank, max_, at(11), ana)
    client = sign_in(max_)

    run(
        client.send(DrawerState, "open_appointment", str(made.id)),
        client.send(DrawerState, "switch_mode", "edit"),
        client.send(TimesState, "pick_start", "15:15"),
    )

    times = see(client, TimesState)
    assert (times.clock, times.until) == ("15:15", "15:45")
    assert [one.key for one in times.starts if one.picked] == ["15:15"]


def test_day_without_starts_says_why_in_the_form(bank, ana, max_, sign_in):
    client = sign_in(max_)

    run(
        client.send(DraftState, "open_draft", "2026-11-23T11:00", "", str(ana.id)),
        client.send(DraftState, "choose_answer", str(bank.answer_id)),
        client.send(TimesState, "change_field", "day", "2026-11-28"),
    )

    times = see(client, TimesState)
    assert times.starts == []
    assert times.note.startswith("Weekends are switched off.")


def test_fields_nobody_asked_about_change_nothing(bank, max_, sign_in):
    client = sign_in(max_)

    run(
        client.send(TimesState, "change_field", "day", "2026-11-28"),
        client.send(TimesState, "change_field", "__class__", "x"),
        client.send(TimesState, "pick_start", "11:00"),
    )

    times = see(client, TimesState)
    assert (times.clock, times.starts, times._fields) == ("", [], {})


def test_lanes_say_what_is_closed_and_why(product, bank, ana, max_, sign_in):
    bank.holiday(date(2026, 11, 26), "Thanksgiving")
    client = sign_in(max_)
    queues = "/bookings?scope=queues&view=week&date=2026-11-23"

    run(client.send(BookingsState, "open_page", at=queues))

    board = see(client, BookingsState)
    english = [band for band in bands_of(board) if band.lane.endswith(":en")]
    bands = {(band.start, band.kind): band for band in english if band.why}
    closed = bands["2026-11-26T00:00", "shut"]
    assert closed.label == "Thanksgiving"
    assert closed.why.splitlines()[0] == "Closed for Thanksgiving."
    assert (closed.start, closed.end) == ("2026-11-26T00:00", "2026-11-27T00:00")
    assert board.subjects[closed.lane] == (
        "Lending, English. For customers. Mortgage advice, 30 minutes."
    )
    assert board.holidays == {"2026-11-26": "Thanksgiving"}
    assert board.topics.links == []


def test_queue_with_several_topics_offers_them_and_shows_the_chosen_one(
    product, bank, ana, max_, sign_in
):
    longer = bank.topic("Estate planning", minutes=120)
    client = sign_in(max_)
    queues = "/bookings?scope=queues&view=day&date=2026-11-23"

    run(client.send(BookingsState, "open_page", at=queues))
    topics = see(client, BookingsState).topics
    assert [link.label for link in topics.links] == [
        "Lending: Mortgage advice, 30 min",
        "Lending: Estate planning, 120 min",
    ]
    run(client.send(BookingsState, "open_page", at=topics.links[1].href))

    board = see(client, BookingsState)
    assert board.topics.chosen == "Estate planning"
    assert f"topics={longer}" in topics.links[1].href
    assert "topics" not in board.topics.usual
    assert any("Estate planning, 120" in told for told in board.subjects.values())
