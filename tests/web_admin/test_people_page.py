"""What the page of people does with its use cases, on a real database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking import bootstrap
from invo_booking.domain.access.roles import Role
from invo_booking.settings import calls
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.admin import people, staffing
from invo_booking.usecases.staff import appointments
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.core.session import SessionState
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import PASSWORD, at
from tests.support.drafts import staff_draft

LIST = "/people"


@pytest.fixture
def ada(bank):
    return bank.agent(
        "Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD
    )


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


class Desk:
    """An administrator at the page of people."""

    def __init__(self, client, address=LIST) -> None:
        self.client, self.address = client, address

    def send(self, state, name, *arguments):
        return asyncio.run(self.client.send(state, name, *arguments, at=self.address))

    def see(self, state):
        return asyncio.run(self.client.see(state))


@pytest.fixture
def desk(ada, sign_in):
    return Desk(sign_in(ada))


@pytest.fixture
def open_person(ada, sign_in):
    def open_(person) -> Desk:
        found = Desk(sign_in(ada), f"{LIST}?edit={person.id}")
        found.send(PersonState, "open_page")
        return found

    return open_


def typed(bank, **more):
    form = {
        "name": "Ana",
        "email": "ana@bank.example",
        "time_zone": "Chicago time",
        "role-agent": "on",
        f"queue-{bank.queue_id}": "on",
        "language-en": "on",
    }
    return form | more


def book(bank, agent):
    draft = staff_draft(bank, at(11), agent_id=agent.id)
    boss = bank.agent("Boss", roles=(Role.MANAGER,), languages=())
    return appointments.create_appointment(bank.deps, boss, draft)


def stored(bank, ada, person):
    return staffing.person_file(bank.deps, ada, person.id)


def test_the_list_says_what_people_do_today_and_obeys_its_filters(bank, desk, ana):
    bank.agent("Max", roles=(Role.MANAGER,), languages=("es",))

    desk.send(PeopleState, "open_page")
    rows = {row.name: row for row in desk.see(PeopleState).rows}
    assert (rows["Ana"].today, rows["Ana"].queues) == ("09:00 to 17:00", "Lending")
    assert rows["Ana"].href == f"{LIST}?edit={ana.id}"

    desk.send(PeopleState, "choose_filter", "role", "manager")
    assert [row.name for row in desk.see(PeopleState).rows] == ["Max"]
    desk.send(PeopleState, "clear_filters")
    desk.send(PeopleState, "find_people", "ANA@")
    assert [row.name for row in desk.see(PeopleState).rows] == ["Ana"]
    assert desk.see(PeopleState).summary == "1 of 3 people"


def test_the_address_keeps_the_filters_and_a_form_leaves_them(bank, desk, ana):
    bank.agent("Max", roles=(Role.MANAGER,), languages=("es",))
    desk.send(PeopleState, "open_page")
    desk.send(PeopleState, "choose_filter", "account", "any")
    desk.send(PeopleState, "choose_filter", "role", "agent")
    desk.send(PeopleState, "find_people", "an a&b")
    kept = desk.see(PeopleState).address
    assert kept == f"{LIST}?name=an+a%26b&role=agent&account=any"

    desk.address = f"{LIST}?edit={ana.id}"
    desk.send(PeopleState, "open_page")
    assert desk.see(PeopleState).address == kept
    desk.address = f"{LIST}?role=manager"
    desk.send(PeopleState, "open_page")
    page = desk.see(PeopleState)
    assert (page.address, page.name, page.cleared) == (desk.address, "", 1)
    assert [row.name for row in page.rows] == ["Max"]
    desk.address = LIST
    desk.send(PeopleState, "open_page")
    assert len(desk.see(PeopleState).rows) == 3


@pytest.mark.parametrize("odd", ["role=king", "queue=x", "name=%00", "account=x"])
def test_an_address_with_odd_filters_still_shows_a_list(desk, odd):
    desk.address = f"{LIST}?{odd}"

    desk.send(PeopleState, "open_page")

    assert desk.see(PeopleState).summary.endswith("of 1 people")


def test_hours_are_drawn_copied_put_back_and_removed(ana, open_person):
    page = open_person(ana)

    page.send(WeekState, "draw_period", "0", "0", "10:00", "12:00")
    page.send(WeekState, "draw_period", "0", "1", "13:00", "15:00")
    page.send(WeekState, "copy_day", "0", "1")
    days = page.see(WeekState).days
    assert [(it.begins, it.ends) for it in days[1].periods] == [
        ("10:00", "12:00"),
        ("13:00", "15:00"),
    ]
    assert days[0].was == "09:00-17:00"
    assert page.see(WeekState).is_changed

    page.send(WeekState, "restore_day", "0")
    page.send(WeekState, "draw_period", "1", "0", "", "")
    page.send(WeekState, "draw_period", "1", "0", "", "")
    days = page.see(WeekState).days
    assert (days[0].was, days[1].periods) == ("", [])


def test_one_edge_of_a_period_is_typed_and_the_other_stays(ana, open_person):
    page = open_person(ana)

    page.send(WeekState, "type_edge", "0", "0", "ends", "00:00")
    page.send(WeekState, "type_edge", "0", "0", "begins", "20:30")

    (period,) = page.see(WeekState).days[0].periods
    assert (period.begins, period.ends, period.until) == ("20:30", "24:00", "00:00")


def test_hours_that_cannot_be_are_refused_in_a_sentence_and_change_nothing(
    ana, open_person
):
    page = open_person(ana)
    before = page.see(WeekState).days

    page.send(WeekState, "draw_period", "0", "0", "17:00", "09:00")

    assert "ends before it begins" in page.see(WeekState).errors["hours"]
    assert page.see(WeekState).days == before
    page.send(WeekState, "draw_period", "9", "0", "09:00", "10:00")
    page.send(WeekState, "draw_period", "0", "x", "09:00", "10:00")
    page.send(WeekState, "draw_period", "0", "0", "9 o'clock", "10:00")
    page.send(WeekState, "type_edge", "0", "0", "begins", "18:00")
    page.send(WeekState, "type_edge", "0", "7", "begins", "18:00")
    assert page.see(WeekState).days == before


def test_what_was_drawn_and_typed_is_saved_together(bank, ada, ana, open_person):
    page = open_person(ana)
    page.send(WeekState, "draw_period", "5", "0", "22:00", "02:00")
    page.send(WeekState, "add_exception", {"day": "2026-12-24", "kind": "off"})
    page.send(
        WeekState,
        "add_time_off",
        {"first": "2026-12-28", "last": "2026-12-30", "note": "Sea"},
    )

    page.send(PersonState, "submit_form", typed(bank, name="Ana Ruiz"))

    file = stored(bank, ada, ana)
    assert file.person.name == page.see(PersonState).form.heading == "Ana Ruiz"
    assert file.draft.week[-2:][0][0] == 5
    assert file.draft.week[-1][0] == 6
    assert file.draft.exceptions[0][1] == ()
    assert file.absences[0].note == "Sea"
    assert file.absences[0].ends_at - file.absences[0].starts_at == timedelta(days=3)
    assert [it.what for it in page.see(WeekState).offs] == [
        "Off that day",
        "Time off: Sea",
    ]
    assert not page.see(WeekState).is_changed


def test_a_field_that_cannot_be_used_is_named_and_nothing_saved(
    bank, ada, ana, open_person
):
    page = open_person(ana)

    page.send(
        PersonState, "submit_form", typed(bank, time_zone="Olympus Mons", email="ana")
    )

    assert set(page.see(PersonState).errors) == {"time_zone", "email"}
    assert stored(bank, ada, ana).person.version == 1


def test_effects_are_shown_and_each_is_decided(bank, ada, ana, open_person):
    bank.agent("Ben")
    booked, page = book(bank, ana), open_person(ana)
    page.send(WeekState, "draw_period", "0", "0", "13:00", "17:00")

    page.send(PersonState, "submit_form", typed(bank))
    (shown,) = page.see(PersonState).affected
    assert (shown.why, shown.instead) == (
        "Ana does not work then.",
        "Ben is free and takes it.",
    )
    assert stored(bank, ada, ana).person.version == 1
    page.send(PersonState, "decide_appointment", str(booked.id), "yes")
    page.send(PersonState, "save_decisions")

    assert page.see(PersonState).done == "Ana is saved."
    assert page.see(PersonState).affected == []
    with bank.deps.unit_of_work() as work:
        holder = work.appointments.get(booked.id).agent_id
        assert work.roster.person_name(holder) == "Ben"


def test_appointment_of_which_only_a_mail_is_outdated_has_nothing_to_decide(
    bank, ada, ana, open_person
):
    bank.set(calls.ROOM, "")
    booked, page = book(bank, ana), open_person(ana)
    room = "https://meet.bank.example/{appointment}"

    page.send(PersonState, "submit_form", typed(bank, room=room))
    state = page.see(PersonState)
    assert [(it.id, it.instead) for it in state.affected] == [(str(booked.id), "")]
    assert state.affected_review.save == "Save and mail the customers"
    assert not state.affected_review.can_hand_over
    page.send(PersonState, "decide_appointment", "all", "yes")
    assert not page.see(PersonState).affected[0].moves
    page.send(PersonState, "save_decisions")

    assert page.see(PersonState).done == "Ana is saved."
    assert stored(bank, ada, ana).person.room == room


def test_disabling_lists_appointments_keeps_them_and_ends_sessions(
    bank, ada, ana, open_person, sign_in
):
    booked, page, theirs = book(bank, ana), open_person(ana), sign_in(ana)

    page.send(PersonState, "toggle_account")
    assert [it.id for it in page.see(PersonState).affected] == [str(booked.id)]
    page.send(PersonState, "save_decisions")

    assert not stored(bank, ada, ana).person.active
    assert not page.see(PersonState).form.is_active
    token = theirs.cookie.partition("=")[2]
    assert sessions.actor_of_session(bank.deps, token) is None
    page.send(PersonState, "toggle_account")
    assert not stored(bank, ada, ana).person.active
    page.send(PersonState, "submit_own_password", {"password": PASSWORD})
    assert stored(bank, ada, ana).person.active


def test_somebody_disabled_is_shown_nothing_of_before_when_they_come_back(
    bank, ana, sign_in
):
    book(bank, ana)
    theirs = Desk(sign_in(ana), "/dashboard")
    theirs.send(DashboardState, "open_page")
    assert theirs.see(SessionState).person == "Ana"
    assert "Rosa Delgado" in str(theirs.see(DashboardState).dict())
    people.disable_person(bank.deps, ana.email)

    asyncio.run(theirs.client.connect(at="/dashboard"))

    assert theirs.see(SessionState).person == ""
    assert "Rosa Delgado" not in str(theirs.see(DashboardState).dict())


def take_on_ben(desk, bank, ada):
    """Take somebody on at the page; return what is shown of them then."""
    desk.address = f"{LIST}?new=1"
    desk.send(PersonState, "open_page")
    desk.send(WeekState, "add_period", "0")

    desk.send(
        PersonState, "submit_form", typed(bank, name="Ben", email="ben@bank.example")
    )
    leads = desk.send(PersonState, "submit_own_password", {"password": PASSWORD})

    made = next(
        it for it in staffing.people_overview(bank.deps, ada).people if it.name == "Ben"
    )
    assert f"edit={made.id}" in str(leads)
    desk.address = f"{LIST}?edit={made.id}"
    desk.send(PersonState, "open_page")
    return desk.see(PersonState)


def test_a_press_that_arrives_twice_takes_one_person_on(bank, ada, desk):
    desk.address = f"{LIST}?new=1"
    desk.send(PersonState, "open_page")
    desk.send(WeekState, "add_period", "0")
    form = typed(bank, name="Ben", email="ben@bank.example", submit_key="k" * 32)

    for _ in range(2):
        desk.send(PersonState, "submit_form", form)
        desk.send(PersonState, "submit_own_password", {"password": PASSWORD})

    seen = desk.see(PersonState)
    assert (seen.problem, seen.errors) == ("", {})
    found = staffing.people_overview(bank.deps, ada).people
    assert [it.name for it in found].count("Ben") == 1


def test_a_new_person_is_invited_by_mail_and_nothing_secret_reaches_the_page(
    bank, ada, desk
):
    seen = take_on_ben(desk, bank, ada)

    assert "A mail with a link to set a password is sent" in seen.done
    assert seen.form.can_mail
    assert "set-password" not in str(seen.dict())


def test_a_new_person_is_taken_on_and_nothing_secret_reaches_the_page(bank, ada, desk):
    nothing = {"smtp_host": ""}
    bare = replace(bank.deps, config=bank.deps.config.model_copy(update=nothing))
    bootstrap.use_deps(bare)

    seen = take_on_ben(desk, bank, ada)

    assert "No mail server is set up" in seen.done
    assert seen.form.access.startswith("Cannot sign in yet")
    assert not seen.form.can_mail
    assert "set-password" not in str(seen.dict())


def test_a_collision_is_told_and_overwrites_nothing(bank, ada, ana, open_person):
    bea = bank.agent("Bea", roles=(Role.ADMINISTRATOR,))
    page = open_person(ana)
    staffing.set_person_active(bank.deps, bea, ana.id, active=False, version=1)

    page.send(PersonState, "submit_form", typed(bank, name="Ana Ruiz"))

    assert page.see(PersonState).problem.startswith("Bea changed Ana in the meantime.")
    assert not stored(bank, ada, ana).person.active


def test_a_super_admin_can_be_looked_at_but_not_changed(bank, open_person):
    root = bank.agent("Root", roles=(Role.SUPER_ADMIN,))

    page = open_person(root)
    page.send(PersonState, "send_link", "press")

    seen = page.see(PersonState)
    assert "Only a super admin" in seen.form.bars
    assert "Only a super admin" in seen.problem


def test_somebody_who_is_not_there_is_said_to_be_gone(bank, ada, sign_in):
    page = Desk(sign_in(ada), f"{LIST}?edit={bank.queue_id}")

    page.send(PersonState, "open_page")

    assert page.see(PersonState).problem == "This person does not work here."
    assert not page.see(PersonState).is_editing
