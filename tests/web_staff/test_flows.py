"""What the states of staff do with the use cases, on a real database."""
# ruff: noqa: ARG001, SLF001 - fixtures that only have to be there, and what a state keeps to itself is what these tests look at

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Action
from invo_booking.domain.errors import NotAllowedError
from invo_booking.settings.general import WHO_CAN
from invo_booking.usecases.staff import calendar
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.drag_state import DragState
from invo_booking.web.bookings.keys import KeyState
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.core import live, routes
from invo_booking.web.core.notice import NoticeState
from invo_booking.web.dashboard.state import DashboardState
from invo_booking.web.sign_in.state import SignInState
from tests.support.bank import at
from tests.web_staff.calendar_rows import events
from tests.web_staff.conftest import Client, book, run, see

HALF_HOUR = timedelta(minutes=30)


def test_bookings_page_shows_what_the_address_names(product, bank, ana, max_, sign_in):
    book(product, bank, max_, at(11), ana)
    client = sign_in(max_)

    run(client.send(BookingsState, "open_page"))

    board = see(client, BookingsState)
    assert board.grid.view == "resourceTimeGridDay"
    assert board.nav.title == "Monday 23 November"
    assert [lane.title for lane in board.lanes] == ["Unassigned", "Max (you)", "Ana"]
    (event,) = events(board)
    assert (event.title, event.time) == ("Rosa Delgado", "11:00\N{EN DASH}11:30")
    assert event.lane == str(ana.id)
    assert board.summary == "1 appointment"


def test_a_drop_moves_and_can_be_undone(product, bank, ana, max_, sign_in):
    made = book(product, bank, max_, at(11), ana)
    client = sign_in(max_)
    there = "2026-11-23T13:00", "2026-11-23T13:30"

    run(
        client.send(BookingsState, "open_page"),
        client.send(
            DragState, "move_appointment", str(made.id), made.version, *there, ""
        ),
    )
    drag = see(client, DragState)
    assert drag.problem == ""
    assert "13:00" in drag.done
    assert appointment_detail(product, max_, made.id).appointment.starts_at == at(13)

    run(client.send(DragState, "undo_drag"))
    assert appointment_detail(product, max_, made.id).appointment.starts_at == at(11)
    assert see(client, DragState).done == see(client, DragState).problem == ""

    run(client.send(DragState, "undo_drag"))
    assert "time to undo this is over" in see(client, DragState).problem


def test_a_refused_drop_says_why_and_draws_what_is_true(
    product, bank, ana, max_, sign_in
):
    made = book(product, bank, max_, at(11), ana)
    book(product, bank, max_, at(13), ana, name="Kevin Stroud")
    client = sign_in(max_)
    there = "2026-11-23T13:00", "2026-11-23T13:30"

    run(
        client.send(BookingsState, "open_page"),
        client.send(
            DragState, "move_appointment", str(made.id), made.version, *there, ""
        ),
    )

    drag = see(client, DragState)
    assert "13:00" in drag.problem
    assert drag.revision == 1
    starts = {event.title: event.at for event in events(see(client, BookingsState))}
    assert starts["Rosa Delgado"] == "11:00"


def test_a_drop_on_the_pool_un_assigns(product, bank, ana, max_, sign_in):
    made = book(product, bank, max_, at(11), ana)
    client = sign_in(max_)
    same = "2026-11-23T11:00", "2026-11-23T11:30"

    run(
        client.send(BookingsState, "open_page"),
        client.send(
            DragState,
            "move_appointment",
            str(made.id),
            made.version,
            *same,
            calendar.UNASSIGNED,
        ),
    )

    assert appointment_detail(product, max_, made.id).appointment.agent_id is None
    assert see(client, BookingsState).pool_count == 1


def test_openings_are_known_before_the_drop(product, bank, ana, max_, sign_in):
    made = book(product, bank, max_, at(11), ana)
    client = sign_in(max_)

    run(
        client.send(BookingsState, "open_page"),
        client.send(DragState, "show_openings", str(made.id)),
    )

    openings = see(client, DragState).openings
    assert openings[str(ana.id)] == [["2026-11-23T09:00", "2026-11-23T17:00"]]


def test_agent_cannot_move_what_the_settings_keep_from_agents(
    product, bank, ana, max_, sign_in
):
    made = book(product, bank, max_, at(11), ana)
    client = sign_in(ana)
    there = "2026-11-23T13:00", "2026-11-23T13:30"

    run(
        client.send(BookingsState, "open_page"),
        client.send(
            DragState, "move_appointment", str(made.id), made.version, *there, ""
        ),
    )

    assert "role" in see(client, DragState).problem
    assert appointment_detail(product, max_, made.id).appointment.starts_at == at(11)


def test_drawer_assigns_edits_and_cancels(product, bank, ana, max_, sign_in):
    made = book(product, bank, max_, at(11))
    client = sign_in(max_)
    form = {
        "day": "2026-11-23",
        "starts": "14:00",
        "ends": "14:30",
        "name": "Rosa Vega",
        "email": "rosa@example.com",
        "phone": "",
        "notes": "Brings the deed",
        "channel": "phone",
    }

    run(
        client.send(BookingsState, "open_page"),
        client.send(DrawerState, "open_appointment", str(made.id)),
        client.send(DrawerState, "assign_agent", str(ana.id), made.version),
        client.send(DrawerState, "switch_mode", "edit"),
    )
    shown = {"version": str(see(client, DrawerState).seen.version)}
    run(client.send(DrawerState, "save_appointment", form | shown))
    seen = see(client, DrawerState).seen
    assert (seen.agent, seen.name, seen.starts) == ("Ana", "Rosa Vega", "14:00")
    assert (seen.how, seen.notes) == ("Phone call", "Brings the deed")
    assert any("gave it to Ana" in line.sentence for line in seen.history)

    shown = {"version": str(seen.version)}
    run(
        client.send(DrawerState, "cancel_appointment", {"reason": "Ana is ill"} | shown)
    )
    seen = see(client, DrawerState).seen
    assert (seen.word, seen.reason) == ("Cancelled", "Ana is ill")
    assert not seen.may_cancel


def test_drawer_keeps_what_was_typed_when_it_is_refused(
    product, bank, ana, max_, sign_in
):
    made = book(product, bank, max_, at(11), ana)
    client = sign_in(max_)
    form = {"day": "2026-11-23", "starts": "14:00", "ends": "13:00"}

    run(
        client.send(DrawerState, "open_appointment", str(made.id)),
        client.send(DrawerState, "switch_mode", "edit"),
        client.send(DrawerState, "save_appointment", form),
    )

    drawer = see(client, DrawerState)
    assert drawer.mode == "edit"
    assert drawer.errors == {"ends_at": "The end must be after the start."}


@pytest.mark.parametrize("wanted", ["", "no id", "0" * 32])
def test_drawer_says_so_when_there_is_nothing_to_open(bank, ana, sign_in, wanted):
    client = sign_in(ana)

    run(client.send(DrawerState, "open_appointment", wanted))

    drawer = see(client, DrawerState)
    assert drawer.seen.id == ""
    assert drawer.problem


def test_new_appointment_is_made_from_a_drawn_span(product, bank, ana, max_, sign_in):
    client = sign_in(max_)
    span = "2026-11-23T15:00", "2026-11-23T15:45"

    run(client.send(DraftState, "open_draft", *span, str(ana.id)))
    start = see(client, DraftState).start
    assert (start.day, start.starts, start.minutes) == ("2026-11-23", "15:00", "45")
    assert start.agent == str(ana.id)

    form = {
        "answer": str(bank.answer_id),
        "language": "en",
        "channel": "video",
        "day": start.day,
        "starts": start.starts,
        "minutes": "30",
        "agent": start.agent,
        "name": "Lena Ott",
        "email": "lena@example.com",
    }
    run(client.send(DraftState, "submit_draft", form))

    assert not see(client, DraftState).is_open
    assert see(client, DrawerState).seen.name == "Lena Ott"
    assert appointment_detail(product, max_, _id(client)).appointment.agent_id == ana.id


def _id(client: Client):
    return see(client, DrawerState).seen.id


def test_form_says_what_is_missing_beside_the_field(bank, max_, sign_in):
    client = sign_in(max_)

    run(
        client.send(DraftState, "open_draft", "", "", ""),
        client.send(DraftState, "choose_answer", str(bank.answer_id)),
        client.send(
            DraftState, "submit_draft", {"day": "2026-11-23", "starts": "15:00"}
        ),
    )

    draft = see(client, DraftState)
    assert draft.is_open
    assert draft.problem
    assert draft.errors
    assert [option.label for option in draft.languages] == ["English", "Spanish"]


def test_form_that_somebody_may_not_open_says_so_until_it_is_left_or_dismissed(
    product, bank, ana, sign_in
):
    del product
    bank.set(WHO_CAN[Action.CREATE], "manager")
    client = sign_in(ana)

    run(client.send(DraftState, "open_from_address", at="/bookings?new=1"))
    draft = see(client, DraftState)
    assert not draft.is_open
    assert draft.problem == str(NotAllowedError())

    run(client.send(DraftState, "open_from_address"))
    assert see(client, DraftState).problem == ""
    run(client.send(DraftState, "open_draft", "", "", ""))
    assert see(client, DraftState).problem == str(NotAllowedError())
    run(client.send(DraftState, "dismiss_notices"))
    assert see(client, DraftState).problem == ""


def test_another_page_ends_what_the_first_one_watched(bank, ana, sign_in):
    client = sign_in(ana)

    run(client.send(BookingsState, "open_page"))
    assert live._watching[client.token] == (routes.BOOKINGS, {BookingsState})

    run(client.send(DashboardState, "open_page"))
    assert live._watching[client.token] == (routes.DASHBOARD, {DashboardState})


def test_keys_close_and_begin(bank, max_, sign_in):
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page"))

    closing, beginning, nothing = run(
        client.send(KeyState, "handle_key", "Escape"),
        client.send(KeyState, "handle_key", "n"),
        client.send(KeyState, "handle_key", "q"),
    )

    assert len(closing) == 2
    assert beginning is not None
    assert nothing is None


@pytest.mark.parametrize(
    ("address", "sentence", "after"),
    [
        ("/sign-in", "", routes.DASHBOARD),
        ("/sign-in?error=wrong&next=/bookings?a=1", "not right", "/bookings?a=1"),
        ("/sign-in?next=https://evil.example/bookings", "", routes.DASHBOARD),
        ("/sign-in?next=//evil.example&error=<b>", "", routes.DASHBOARD),
    ],
)
def test_sign_in_page_reads_only_what_it_knows(product, bank, address, sentence, after):
    client = Client()

    run(client.send(SignInState, "open_page", at=address))

    page = see(client, SignInState)
    assert page.institution == "Test Bank"
    assert sentence in page.sentence
    assert (page.after, bool(page.sentence)) == (after, bool(sentence))


def test_unexpected_failure_is_told_with_a_reference_and_nothing_else():
    client, tell = Client(), "show_failure"

    run(client.send(NoticeState, tell, "<b>Your account is blocked, call 555</b>"))
    assert see(client, NoticeState).sentence == ""
    run(client.send(NoticeState, tell, "0a1b2c3d"))
    assert "0a1b2c3d" in see(client, NoticeState).sentence


def test_a_double_click_makes_one_appointment_and_the_next_form_another(
    product, bank, clock, ana, max_, sign_in
):
    client = sign_in(max_)
    form = {
        "answer": str(bank.answer_id),
        "language": "en",
        "channel": "video",
        "agent": str(ana.id),
        "day": "2026-11-24",
        "starts": "10:00",
        "minutes": "30",
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
    }
    run(client.send(BookingsState, "open_page"))
    run(client.send(DraftState, "open_draft", "", "", ""))
    form["submit_key"] = see(client, DraftState).submit_key
    answered = see(client, DraftState).answered

    for _ in range(2):
        run(client.send(DraftState, "submit_draft", dict(form)))

    state = see(client, DraftState)
    assert state.problem == ""
    assert state.answered == answered + 2
    assert form["submit_key"] not in {"", state.submit_key}
    next_form = form | {"starts": "11:00", "submit_key": state.submit_key}
    run(client.send(DraftState, "submit_draft", next_form))
    with product.unit_of_work() as work:
        rows = work.session.connection().exec_driver_sql(
            "SELECT (SELECT count(*) FROM appointment), (SELECT count(*) FROM outbox)"
        )
        assert tuple(rows.one()) == (2, 2)


def test_filter_is_added_by_its_name_or_there_is_said_to_be_none(sign_in, max_):
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page"))

    (unknown,) = run(client.send(BookingsState, "add_filter", "Xyz"))
    assert unknown is None
    assert see(client, BookingsState).filter_problem == "No filter has this name."

    (found,) = run(client.send(BookingsState, "add_filter", "engl"))
    assert "languages=en" in str(found.args)
    assert see(client, BookingsState).filter_problem == ""
