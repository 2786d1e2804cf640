"""What the pages do when somebody else changes what one looks at, drags or edits."""
# ruff: noqa: SLF001 - what a live update calls is private to the states

import asyncio

import pytest

from invo_booking.settings.general import SHOW_UNASSIGNED
from invo_booking.texts import say
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.drag_state import DragState
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import PASSWORD, at
from tests.web_staff.calendar_rows import events
from tests.web_staff.conftest import book, run, see

ONE, THREE = (
    ("2026-11-23T13:00", "2026-11-23T13:30"),
    ("2026-11-23T15:00", "2026-11-23T15:30"),
)


@pytest.fixture
def mia(bank):
    return bank.manager("Mia", password=PASSWORD)


@pytest.fixture
def made(product, bank, ana, max_):
    return book(product, bank, max_, at(11), ana)


@pytest.fixture
def theirs(product, mia, made):
    """Change the appointment as somebody else, whatever it is by now."""

    def change(**more):
        return appointments.change_appointment(
            product, mia, made.id, AppointmentChange(**more)
        )

    return change


def now(product, max_, made):
    return appointment_detail(product, max_, made.id).appointment


def hear(client, *states):
    """Let the client hear of a change, as live updates do."""

    async def all_of_them():
        for state in states:
            await client._bind("live", "/bookings")
            await (await client.see(state))._refresh()

    asyncio.run(all_of_them())


def editing(client, made, **typed):
    run(
        client.send(BookingsState, "open_page"),
        client.send(DrawerState, "open_appointment", str(made.id)),
        client.send(DrawerState, "switch_mode", "edit"),
    )
    seen = see(client, DrawerState).seen
    form = {"day": seen.day, "starts": seen.starts, "ends": seen.ends}
    form |= {"name": seen.name, "email": seen.email, "notes": seen.notes}
    return form | {"version": str(seen.version)} | typed


def test_of_two_drags_one_wins_and_the_other_is_told_and_sees_the_truth(
    product, made, max_, mia, sign_in
):
    first, second = sign_in(max_), sign_in(mia)
    run(
        first.send(BookingsState, "open_page"),
        second.send(BookingsState, "open_page"),
        first.send(DragState, "move_appointment", str(made.id), made.version, *ONE, ""),
        second.send(
            DragState, "move_appointment", str(made.id), made.version, *THREE, ""
        ),
    )

    drag = see(second, DragState)
    assert drag.problem.startswith("Max moved it to November 23, 13:00 (8:00).")
    assert (drag.done, drag.revision) == ("", 1)
    (event,) = events(see(second, BookingsState))
    assert event.at == "13:00"
    assert now(product, max_, made).starts_at == at(13)


def test_what_was_refreshed_while_it_was_dragged_is_not_overwritten(
    product, made, max_, theirs, sign_in
):
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page"))
    run(client.send(DragState, "show_openings", str(made.id)))
    theirs(starts_at=at(15), ends_at=at(15, 30))
    hear(client, BookingsState)

    run(
        client.send(DragState, "move_appointment", str(made.id), made.version, *ONE, "")
    )

    assert see(client, DragState).problem.startswith("Mia moved it")
    assert now(product, max_, made).starts_at == at(15)


def test_dropping_what_was_cancelled_meanwhile_says_so(
    product, made, max_, mia, sign_in
):
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page"))
    appointments.cancel_appointment(product, mia, made.id, "")
    hear(client, BookingsState)

    run(
        client.send(DragState, "move_appointment", str(made.id), made.version, *ONE, "")
    )

    assert see(client, DragState).problem.startswith("Mia cancelled it (8:00).")


def test_undo_is_offered_only_while_nothing_else_happens(
    product, made, max_, theirs, sign_in
):
    client = sign_in(max_)
    run(
        client.send(BookingsState, "open_page"),
        client.send(
            DragState, "move_appointment", str(made.id), made.version, *ONE, ""
        ),
    )
    hear(client, DragState)
    assert see(client, DragState).done

    theirs(notes="She calls back")
    hear(client, DragState)

    drag = see(client, DragState)
    assert (drag.done, drag._undo) == ("", None)
    assert drag.problem.startswith("Mia changed the notes (8:00).")
    run(client.send(DragState, "undo_drag"))
    assert now(product, max_, made).starts_at == at(13)


def test_end_of_the_first_offer_to_undo_leaves_the_second(made, max_, sign_in):
    client, again = sign_in(max_), ("2026-11-23T13:00", "2026-11-23T13:30")
    drop = (DragState, "move_appointment", str(made.id))
    run(client.send(BookingsState, "open_page"))
    run(client.send(*drop, made.version, *again, ""))
    first = see(client, DragState).undo_number

    run(client.send(*drop, made.version + 1, *THREE, ""))
    second = see(client, DragState).undo_number
    run(client.send(DragState, "end_undo", first))

    assert see(client, DragState).done
    assert see(client, DragState)._undo
    run(client.send(DragState, "end_undo", second))
    assert see(client, DragState).done == ""
    assert see(client, DragState)._undo is None


def test_undo_that_comes_with_another_change_never_overwrites_it(
    product, made, max_, theirs, sign_in
):
    client = sign_in(max_)
    run(
        client.send(BookingsState, "open_page"),
        client.send(
            DragState, "move_appointment", str(made.id), made.version, *ONE, ""
        ),
    )
    theirs(starts_at=at(15), ends_at=at(15, 30))

    run(client.send(DragState, "undo_drag"))

    assert see(client, DragState).problem.startswith("Mia moved it")
    assert now(product, max_, made).starts_at == at(15)


def test_open_form_is_told_at_once_and_keeps_what_was_typed(
    product, made, max_, theirs, sign_in
):
    client = sign_in(max_)
    form = editing(client, made, name="Rosa Vega")

    theirs(notes="She calls back", starts_at=at(15), ends_at=at(15, 30))
    hear(client, DrawerState)

    drawer = see(client, DrawerState)
    assert (drawer.mode, drawer.base.name) == ("edit", "Rosa Delgado")
    assert drawer.meanwhile.startswith("Mia moved it")
    told = {one.field: (one.before, one.now) for one in drawer.differences}
    assert told["Notes"] == ("nothing", "She calls back")
    assert told["Time"][1].startswith("15:00")

    run(
        client.send(
            DrawerState,
            "save_appointment",
            form | {"version": str(drawer.seen.version)},
        )
    )
    stored = now(product, max_, made)
    assert (stored.customer.name, stored.notes) == ("Rosa Vega", "She calls back")
    assert stored.starts_at == at(15)


def test_form_that_was_sent_before_it_was_told_is_kept_and_told(
    product, made, max_, theirs, sign_in
):
    client = sign_in(max_)
    form = editing(client, made, name="Rosa Vega")
    theirs(notes="She calls back")

    run(client.send(DrawerState, "save_appointment", form))

    drawer = see(client, DrawerState)
    assert drawer.mode == "edit"
    assert drawer.problem.startswith("Mia changed the notes (8:00).")
    assert [one.field for one in drawer.differences] == ["Notes"]
    assert now(product, max_, made).customer.name == "Rosa Delgado"


def test_cancelled_meanwhile_is_shown_in_the_open_form_and_cannot_be_saved(
    product, made, max_, mia, sign_in
):
    client = sign_in(max_)
    form = editing(client, made, name="Rosa Vega")

    appointments.cancel_appointment(product, mia, made.id, "")
    hear(client, DrawerState)

    drawer = see(client, DrawerState)
    assert (drawer.mode, drawer.seen.word) == ("edit", "Cancelled")
    assert not drawer.seen.may_edit
    assert drawer.meanwhile.startswith("Mia cancelled it")
    run(
        client.send(
            DrawerState,
            "save_appointment",
            form | {"version": str(drawer.seen.version)},
        )
    )
    assert "cancelled" in see(client, DrawerState).problem
    assert now(product, max_, made).customer.name == "Rosa Delgado"


PRESSES = [
    ("assign_agent", ""),
    ("take_appointment",),
    ("cancel_as_late",),
    ("keep_waiting",),
]


@pytest.mark.parametrize("press", PRESSES)
def test_press_on_what_is_not_on_the_screen_any_more_does_nothing(
    product, made, max_, theirs, sign_in, press
):
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page"))
    run(client.send(DrawerState, "open_appointment", str(made.id)))
    changed = theirs(notes="She calls back")
    hear(client, DrawerState)

    run(client.send(DrawerState, *press, made.version))

    assert see(client, DrawerState).problem.startswith("Mia changed the notes")
    assert now(product, max_, made) == changed


@pytest.fixture
def lost(product, bank, made, max_):
    """Give Ana's appointment back, and do not show her what waits for an agent."""
    bank.set(SHOW_UNASSIGNED, "off")

    def take_away():
        appointments.assign_appointment(
            product, max_, made.id, None, version=made.version
        )

    return take_away


def test_drawer_of_what_was_taken_from_somebody_stays_and_says_so(
    made, ana, sign_in, lost
):
    client = sign_in(ana)
    run(client.send(DrawerState, "open_appointment", str(made.id)))

    lost()
    hear(client, DrawerState)

    drawer = see(client, DrawerState)
    assert (drawer.mode, drawer.seen.id, drawer.seen.name) == ("view", "", "")
    assert drawer.problem == say("drawer.gone")


def test_form_of_what_was_taken_from_somebody_stays_and_says_so(
    made, ana, sign_in, lost
):
    client = sign_in(ana)
    editing(client, made)

    lost()
    hear(client, DrawerState)

    drawer = see(client, DrawerState)
    assert (drawer.mode, drawer.seen.may_edit) == ("edit", False)
    assert drawer.meanwhile == say("drawer.gone")


def test_reason_of_a_refused_press_outlives_the_appointment(made, ana, sign_in, lost):
    client = sign_in(ana)
    run(client.send(DrawerState, "open_appointment", str(made.id)))
    see(client, DrawerState).problem = "Mia moved it."

    lost()
    hear(client, DrawerState)

    assert see(client, DrawerState).problem == f"Mia moved it. {say('drawer.gone')}"


def test_message_is_put_away_and_the_form_stays(made, max_, sign_in):
    client = sign_in(max_)
    form = editing(client, made, ends="09:00")
    run(client.send(DrawerState, "save_appointment", form))
    assert see(client, DrawerState).problem

    run(client.send(DrawerState, "dismiss_notices"))

    assert (see(client, DrawerState).mode, see(client, DrawerState).problem) == (
        "edit",
        "",
    )


def test_taken_from_an_old_dashboard_says_what_happened(
    product, bank, ana, max_, mia, sign_in
):
    assert ana
    waiting = book(product, bank, max_, at(11))
    client = sign_in(max_)
    run(client.send(DashboardState, "open_page"))
    appointments.change_appointment(
        product, mia, waiting.id, AppointmentChange(starts_at=at(12))
    )

    run(
        client.send(
            DashboardState, "take_appointment", str(waiting.id), waiting.version
        )
    )

    assert see(client, DashboardState).problem.startswith("Mia moved it")


def test_what_is_made_for_nobody_is_made_though_its_maker_may_not_open_it(
    bank, ana, sign_in
):
    bank.set(SHOW_UNASSIGNED, "off")
    client = sign_in(ana)
    run(client.send(BookingsState, "open_page"))
    run(client.send(DraftState, "open_draft", "", "", ""))
    form = {
        "answer": str(bank.answer_id),
        "language": "en",
        "channel": "video",
        "day": "2026-11-23",
        "starts": "15:00",
        "minutes": "30",
        "agent": "",
        "name": "Lena Ott",
        "email": "lena@example.com",
    }

    run(client.send(DraftState, "submit_draft", form))

    drawer = see(client, DrawerState)
    assert drawer.problem == ""
    assert "and the customer gets a mail" in drawer.done
    assert "waits for an agent" in drawer.done
