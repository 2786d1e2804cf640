"""Who is told on which page that an agent's calendar cannot be read."""

from datetime import timedelta

import pytest

from invo_booking.settings.calendars import COMPUTE_AVAILABILITY
from invo_booking.usecases.calendars import poll
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import PASSWORD
from tests.support.connecting import register
from tests.web_admin.test_addon import Desk, deps, outlook, outlook_server
from tests.web_staff.conftest import run, see

__all__ = ["deps", "outlook", "outlook_server"]

ANA = "ana@bank.example"
INTERVAL = timedelta(minutes=5)


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


@pytest.fixture
def desk(sign_in, simone, product, bank, outlook, ana):
    """The panel of a bank whose calendars are read, Ana's in vain."""
    register(bank, outlook)
    bank.set(COMPUTE_AVAILABILITY, "on")
    bank.agent("Ben")
    assert ana.email == ANA
    desk = Desk(sign_in(simone), outlook)
    desk.connect(product, simone)
    outlook.mailbox_fails(ANA, "ErrorProxyRequestProcessingFailed")
    poll.poll_if_due(product, at_once=True)
    return desk


def test_panel_lists_name_sentence_code_and_since_when(desk):
    view = desk.look().view

    assert view.unread_heading == "1 agent cannot be read"
    [agent] = view.unread
    assert (agent.name, agent.mailbox) == ("Ana", ANA)
    assert agent.code == "ErrorProxyRequestProcessingFailed"
    assert "Exchange hybrid connection" in agent.sentence
    assert agent.since.startswith("since ")


def test_people_have_a_column_while_calendars_count(desk, bank):
    def look():
        run(desk.client.send(PeopleState, "open_page", at="/people"))
        page = see(desk.client, PeopleState)
        return page.counts_calendars, {it.name: it.calendar for it in page.rows}

    is_shown, calendars = look()
    assert is_shown
    assert calendars["Ana"].startswith("Not read since ")
    assert calendars["Ben"] == "Known"

    bank.set(COMPUTE_AVAILABILITY, "off")
    assert look() == (False, dict.fromkeys(calendars, ""))


def test_people_who_have_no_mailbox_there_are_named_so(desk, bank, product, outlook):
    outlook.unknown("cy@bank.example")
    bank.agent("Cy")
    poll.poll_if_due(product, at_once=True)

    run(desk.client.send(PeopleState, "open_page", at="/people"))
    rows = see(desk.client, PeopleState).rows
    assert {it.name: it.calendar for it in rows}["Cy"] == "Not known"


def test_agent_reads_it_on_the_dashboard_until_the_calendar_is_read(
    desk, sign_in, ana, product, outlook, clock
):
    client = sign_in(ana)

    def look():
        run(client.send(DashboardState, "open_page"))
        return see(client, DashboardState).calendar_problem

    told = look()
    assert told.startswith("Your own calendar has been unreadable since ")
    assert "you are not offered to customers" in told

    outlook.mailbox_works(ANA)
    clock.advance(INTERVAL)
    poll.poll_if_due(product)
    assert look() == ""
    assert desk.look().view.unread == []
