"""An administrator's page that gets a new socket keeps what was typed on it."""

import asyncio
from uuid import UUID

import pytest

from invo_booking.domain.access.scopes import TokenScope
from invo_booking.settings import time
from invo_booking.settings.spec import Page
from invo_booking.usecases.accounts import programs
from invo_booking.usecases.accounts.programs import ProgramDraft
from invo_booking.usecases.admin.catalogue import answers
from invo_booking.web.admin.answers.state import AnswersState
from invo_booking.web.admin.branches.state import BranchesState
from invo_booking.web.admin.closures.state import ClosuresState
from invo_booking.web.admin.connection.state import AddonState
from invo_booking.web.admin.institution.state import InstitutionState
from invo_booking.web.admin.opening_state import OpeningState
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.admin.programs.state import ProgramsState
from invo_booking.web.admin.queues.languages_state import LanguagesState
from invo_booking.web.admin.queues.state import QueuesState
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.core import routes
from tests.support.bank import PASSWORD

TIME = routes.settings_route(Page.TIME.slug)
CALENDARS = routes.settings_route(Page.CALENDARS.slug)


class Desk:
    """An administrator at a page."""

    def __init__(self, client, address) -> None:
        self.client, self.address = client, address
        asyncio.run(client.open(at=address))

    def do(self, state, name, *arguments):
        return asyncio.run(self.client.send(state, name, *arguments, at=self.address))

    def see(self, state):
        return asyncio.run(self.client.see(state))

    def reconnect(self) -> None:
        """Lose the socket, and get another."""
        asyncio.run(self.client.connect(at=self.address))

    def load_again(self) -> None:
        """Load the document again."""
        asyncio.run(self.client.open(at=self.address))


@pytest.fixture
def desk_at(client):
    return lambda address: Desk(client, address)


FORMS = [
    pytest.param(AnswersState, "/answers?new=1", id="answers"),
    pytest.param(QueuesState, "/queues?new=1", id="queues"),
    pytest.param(BranchesState, "/branches?new=1", id="branches"),
    pytest.param(InstitutionState, "/institution", id="institution"),
    pytest.param(PersonState, "/people?new=1", id="people"),
]


@pytest.mark.parametrize(("state", "address"), FORMS)
def test_form_is_not_drawn_again_and_keeps_its_refusal(desk_at, state, address):
    desk = desk_at(address)
    desk.do(state, "submit_form", {})
    before = desk.see(state)
    key, problem, errors = before.form.key, before.problem, dict(before.errors)
    assert problem

    desk.reconnect()

    after = desk.see(state)
    assert (after.form.key, after.problem, after.errors) == (key, problem, errors)
    desk.load_again()
    assert desk.see(state).problem == ""


@pytest.mark.parametrize(
    "address", ["/queues?new=1", "/branches?new=1", "/institution"]
)
def test_drawn_opening_hours_stay(desk_at, address):
    desk = desk_at(address)
    desk.do(OpeningState, "draw_period", "6", "0", "10:00", "12:00")
    drawn = desk.see(OpeningState).days
    assert desk.see(OpeningState).is_changed

    desk.reconnect()

    assert desk.see(OpeningState).is_changed
    assert desk.see(OpeningState).days == drawn


def test_drawn_working_hours_stay(desk_at):
    desk = desk_at("/people?new=1")
    desk.do(WeekState, "draw_period", "6", "0", "10:00", "12:00")

    desk.reconnect()

    assert desk.see(WeekState).is_changed


def test_lists_around_an_open_form_are_brought_up_to_date(bank, desk_at, grace):
    desk = desk_at("/answers?new=1")
    kept = desk.see(AnswersState).form.key
    row = desk.see(AnswersState).rows[0]
    answers.archive_answer(bank.deps, grace, UUID(row.id), version=row.version)

    desk.reconnect()

    page = desk.see(AnswersState)
    assert (page.form.key, page.rows, len(page.archived)) == (kept, [], 1)


def test_unsaved_settings_stay(desk_at):
    desk = desk_at(TIME)
    desk.do(SettingsState, "edit_setting", time.MAX_WAIT.key, "25")
    desk.do(SettingsState, "open_review")

    desk.reconnect()

    page = desk.see(SettingsState)
    assert (page.count, page.is_reviewing) == (1, True)
    desk.load_again()
    assert desk.see(SettingsState).count == 0


def test_chosen_year_and_a_day_that_is_edited_stay(desk_at):
    desk = desk_at("/institution")
    year = desk.see(ClosuresState).years[-1].value
    desk.do(ClosuresState, "choose_year", year)
    key = desk.see(ClosuresState).form.key

    desk.reconnect()

    page = desk.see(ClosuresState)
    assert (page.year, page.form.key) == (year, key)


def test_language_that_is_renamed_stays_open(desk_at):
    desk = desk_at("/queues")
    desk.do(LanguagesState, "open_rename", "en")

    desk.reconnect()

    assert desk.see(LanguagesState).renaming == "en"


def test_filters_of_people_stay(desk_at):
    desk = desk_at("/people")
    desk.do(PeopleState, "find_people", "Simone")
    cleared = desk.see(PeopleState).cleared

    desk.reconnect()

    people = desk.see(PeopleState)
    assert (people.name, people.cleared) == ("Simone", cleared)


def test_question_about_a_program_stays(bank, grace, desk_at):
    draft = ProgramDraft(
        name="Kiosk", contact="Digital", scope=TokenScope.WRITE, all_queues=True
    )
    made = programs.make_program(bank.deps, grace, draft, PASSWORD).program
    desk = desk_at("/programs")
    desk.do(ProgramsState, "ask_to_revoke", str(made.id))

    desk.reconnect()

    assert desk.see(ProgramsState).asking == str(made.id)


def test_results_of_a_test_of_the_connection_stay(desk_at):
    desk = desk_at(CALENDARS)
    page = desk.see(AddonState)
    page.tested, page.is_choosing = "All is well.", True

    desk.reconnect()

    page = desk.see(AddonState)
    assert (page.tested, page.is_choosing) == ("All is well.", True)
