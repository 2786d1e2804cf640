"""The Outlook Add-on panel, against the fake Microsoft."""

import json
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.settings.calendars import OUTLOOK, PRIMARY_PROVIDER, TWO_WAY
from invo_booking.settings.providers import OUTLOOK_HOST, OUTLOOK_SECRET_ENDS
from invo_booking.usecases.calendars import checks, connections
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.web.admin.connection.host_kind_state import HostKindState
from invo_booking.web.admin.connection.state import CALENDARS, AddonState
from invo_booking.web.admin.connection.switching_state import SwitchingState
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import PASSWORD
from tests.support.connecting import ACCOUNT, reaching, register, stored
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.web_staff.conftest import run, see

__all__ = ["outlook", "outlook_server"]


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


class Desk:
    """Somebody at the panel."""

    def __init__(self, client, outlook) -> None:
        self.client, self.outlook = client, outlook

    def do(self, name, *arguments, state=AddonState):
        (answer,) = run(self.client.send(state, name, *arguments, at=CALENDARS))
        return answer

    def look(self):
        self.do("open_page")
        return self.see(AddonState)

    def see(self, state):
        return see(self.client, state)

    def send_trial(self) -> None:
        """Press the button that sends a test appointment."""
        self.do("send_test_appointment", self.see(AddonState).submit_key)

    def connect(self, product, actor) -> None:
        """Press the button, sign in at Microsoft, and come back."""
        self.look()
        sent = {str(name): value for name, value in self.do("begin_sign_in").args}
        address = json.loads(str(sent["path"]))
        answer = self.outlook.approve(address, email=ACCOUNT)
        session = hash_secret(self.client.cookie.partition("=")[2])
        connections.finish_connection_sign_in(product, actor, session, answer, OUTLOOK)


@pytest.fixture
def desk(sign_in, simone, outlook):
    return Desk(sign_in(simone), outlook)


@pytest.fixture
def connected(desk, product, bank, outlook, simone):
    """The panel of a bank that is connected."""
    register(bank, outlook)
    desk.connect(product, simone)
    desk.look()
    return desk


def light(step):
    return step.light, step.word


def test_panel_is_for_those_who_chose_outlook(desk):
    assert not desk.look().view.is_shown


def test_first_step_names_what_is_missing(desk, bank):
    bank.set(PRIMARY_PROVIDER, OUTLOOK)

    view = desk.look().view

    assert view.is_shown
    assert light(view.registered) == ("bad", "Missing")
    assert "client secret" in view.registered.sentence
    assert view.redirect.endswith("/outlook")
    assert light(view.signed_in) == ("wait", "Waiting")


def test_signing_in_leads_to_microsoft_and_passes_its_step(connected):
    view = connected.look().view

    assert (view.light, view.word) == ("ok", "Connected")
    assert light(view.signed_in) == ("ok", "Passed")
    assert light(view.allowed) == ("ok", "Passed")
    assert light(view.hosted) == ("bad", "Missing")
    assert {fact.name: fact.said for fact in view.facts}["Busy times read"] == "not yet"


def test_missing_permission_is_named_with_the_way_to_grant_it(
    desk, product, bank, outlook, simone
):
    register(bank, outlook)
    outlook.granted = {"User.Read", "Calendars.ReadBasic", "Group.Read.All"}
    desk.connect(product, simone)

    view = desk.look().view

    missing = [one.name for one in view.permissions if one.light == "bad"]
    assert missing == ["Group.ReadWrite.All"]
    assert (
        view.allowed.word == f"{len(view.permissions) - 1} of {len(view.permissions)}"
    )
    assert outlook.url in view.consent


def test_group_is_created_chosen_and_tested(connected):
    connected.do("create_host", {"name": "Video appointments"})
    told = connected.see(AddonState)
    assert "Video appointments was created" in told.done
    assert light(told.view.hosted) == ("ok", "Passed")
    assert "on behalf of Video appointments" in told.view.hosted.sentence

    connected.do("look_for_hosts")
    seen = connected.see(AddonState)
    assert seen.is_choosing
    assert len(seen.hosts) == 1
    connected.do("choose_host", {"host": seen.hosts[0].id})
    assert not connected.see(AddonState).is_choosing

    connected.do("test_connection", {"probe": "ana@bank.example"})
    tested = connected.see(AddonState)
    assert tested.tested.startswith("All ")
    assert not tested.failed
    connected.send_trial()
    assert connected.see(AddonState).tested == "It works."


def test_page_says_when_a_test_appointment_may_be_sent_again(connected):
    connected.do("create_host", {"name": "Video appointments"})
    for _ in range(checks.MOST_TRIALS):
        connected.send_trial()
    assert connected.see(AddonState).problem == ""

    connected.send_trial()

    found = connected.see(AddonState)
    assert found.problem.endswith("Try again in 60 minutes.")
    assert found.doing == ""


def test_press_that_arrives_again_sends_no_other_test_appointment(connected):
    connected.do("create_host", {"name": "Video appointments"})
    key = connected.see(AddonState).submit_key

    for _ in range(checks.MOST_TRIALS + 1):
        connected.do("send_test_appointment", key)
        found = connected.see(AddonState)
        assert (found.problem, found.tested) == ("", "It works.")

    assert found.submit_key != key


def test_failed_check_says_what_to_do(connected, outlook):
    outlook.no_access("ana@bank.example")

    connected.do("test_connection", {"probe": "ana@bank.example"})

    found = connected.see(AddonState)
    assert found.failed
    assert "Each says what to do" in found.tested
    bad = [one.sentence for one in found.findings if one.light == "bad"]
    assert any("ana@bank.example" in sentence for sentence in bad)


def test_refusal_is_a_sentence_and_the_buttons_work_again(connected):
    connected.do("choose_host", {"host": "no such group"})

    found = connected.see(AddonState)
    assert "does not see this calendar" in found.problem
    assert found.doing == ""


def test_one_thing_is_asked_at_a_time(connected, outlook):
    found = connected.see(AddonState)
    found.doing = "test"
    before = len(outlook.calls)

    connected.do("look_for_hosts")

    assert len(outlook.calls) == before


def test_end_of_the_secret_is_a_warning_in_time(connected, bank, product):
    day = (product.now() + timedelta(days=20)).date()
    bank.set(OUTLOOK_SECRET_ENDS, day.isoformat())

    assert "ends in 20 days" in connected.look().view.warning

    bank.set(OUTLOOK_SECRET_ENDS, (day + timedelta(days=90)).isoformat())
    assert connected.look().view.warning == ""


def test_trouble_is_told_in_the_panel_and_in_the_top_bar(
    connected, product, sign_in, bank
):
    with product.unit_of_work() as work:
        now = product.now()
        work.connections.record_failure(
            stored(product).id,
            ConnectionState.RECONNECT,
            "Sign in again.",
            now=now,
            next_run_at=now,
        )

    view = connected.look().view
    assert (view.light, view.word) == ("bad", "Sign in again")
    assert view.trouble == "Sign in again."
    assert connected.see(AddonState).attention == "Outlook 365 needs attention"
    ana = sign_in(bank.agent("Ana", password=PASSWORD))
    run(ana.send(DashboardState, "open_page"))
    assert see(ana, DashboardState).attention == ""


def test_disconnecting_asks_first(connected, product):
    connected.do("ask_to_disconnect")
    assert connected.see(AddonState).is_leaving

    connected.do("disconnect_provider")

    assert stored(product) is None
    found = connected.see(AddonState)
    assert not found.view.is_connected
    assert found.done == "Outlook 365 is disconnected."


def test_switching_needs_the_new_ones_name(connected, product, bank):
    bank.set(TWO_WAY, "on")
    connected.do("ask_for_provider", state=SwitchingState)
    seen = connected.see(SwitchingState)
    assert seen.is_open
    assert any("is no longer used" in said for said in seen.sentences)

    connected.do("choose_provider", "google", state=SwitchingState)
    connected.do("switch_provider", {"typed": "None"}, state=SwitchingState)
    assert "Type “Google”" in connected.see(SwitchingState).problem
    assert stored(product) is not None

    connected.do("switch_provider", {"typed": "google"}, state=SwitchingState)
    assert not connected.see(SwitchingState).is_open
    assert stored(product) is None
    assert connected.see(AddonState).view.words.heading == "Google Calendar"


def test_host_is_chosen_at_once_while_nothing_is_connected(desk, bank, outlook):
    register(bank, outlook)
    view = desk.look().view
    assert [it.is_chosen for it in view.host_kinds] == [True, False]

    desk.do("choose_kind", "account", state=HostKindState)

    assert not desk.see(HostKindState).is_open
    view = desk.see(AddonState).view
    assert [it.is_chosen for it in view.host_kinds] == [False, True]
    assert view.words.host_heading == "Calendar"
    assert "whose calendar hosts appointments" in view.signed_in.sentence


def test_own_calendar_is_the_host_after_the_sign_in(
    desk, product, bank, outlook, simone
):
    register(bank, outlook)
    bank.set(OUTLOOK_HOST, "account")
    desk.connect(product, simone)

    view = desk.look().view

    names = [it.name for it in view.permissions]
    assert "Calendars.ReadWrite" in names
    assert "Group.ReadWrite.All" not in names
    assert light(view.allowed) == light(view.hosted) == ("ok", "Passed")
    assert ACCOUNT in view.hosted.sentence


def test_switching_the_host_is_shown_and_asked_before(connected, product):
    connected.do("choose_kind", "account", state=HostKindState)
    seen = connected.see(HostKindState)
    assert seen.is_open
    assert any(ACCOUNT in said for said in seen.sentences)
    assert any("Sign in again" in said for said in seen.sentences)

    connected.do("cancel_switch", state=HostKindState)
    assert stored(product) is not None
    assert not connected.see(HostKindState).is_open

    connected.do("choose_kind", "account", state=HostKindState)
    connected.do("switch_host", {"typed": "yes"}, state=HostKindState)
    assert "own calendar" in connected.see(HostKindState).problem
    assert stored(product) is not None

    typed = {"typed": "the scheduling account's own calendar"}
    connected.do("switch_host", typed, state=HostKindState)
    assert not connected.see(HostKindState).is_open
    assert stored(product) is None
    assert "Sign in again" in connected.see(AddonState).done


def test_kind_nobody_knows_is_refused_on_the_panel(connected, product):
    connected.do("choose_kind", "nobody's", state=HostKindState)

    assert connected.see(AddonState).problem
    assert not connected.see(HostKindState).is_open
    assert stored(product) is not None


def test_administrator_may_connect_but_not_switch(sign_in, bank):
    bank.set(PRIMARY_PROVIDER, OUTLOOK)
    grace = bank.agent("Grace", roles=(Role.ADMINISTRATOR,), password=PASSWORD)
    client = sign_in(grace)
    run(client.send(AddonState, "open_page", at=CALENDARS))
    assert not see(client, AddonState).view.may_switch

    run(client.send(SwitchingState, "ask_for_provider", at=CALENDARS))

    refused = see(client, SwitchingState)
    assert not refused.is_open
    assert "super admin" in refused.problem
