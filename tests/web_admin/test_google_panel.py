"""The panel of a connection to Google, against the fake Google."""

import json

import pytest

from invo_booking.providers.google.permissions import SCOPES
from invo_booking.settings.calendars import GOOGLE, PRIMARY_PROVIDER
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.web.admin.connection.state import CALENDARS, AddonState
from tests.support.connecting import reaching, stored
from tests.support.google import SCHEDULER
from tests.support.google.fixtures import google, google_server
from tests.support.google_bank import register_google
from tests.web_staff.conftest import run, see

__all__ = ["google", "google_server"]


@pytest.fixture
def deps(deps, google):
    return reaching(deps, google)


class GoogleDesk:
    """Somebody at the panel."""

    def __init__(self, client, google) -> None:
        self.client, self.google = client, google

    def do(self, name, *arguments):
        (answer,) = run(self.client.send(AddonState, name, *arguments, at=CALENDARS))
        return answer

    def look(self):
        self.do("open_page")
        return see(self.client, AddonState)

    def connect(self, product, actor, **how) -> None:
        """Press the button, sign in at Google, and come back."""
        self.look()
        sent = {str(name): value for name, value in self.do("begin_sign_in").args}
        answer = self.google.approve(
            json.loads(str(sent["path"])), email=SCHEDULER, **how
        )
        session = hash_secret(self.client.cookie.partition("=")[2])
        connections.finish_connection_sign_in(product, actor, session, answer, GOOGLE)


@pytest.fixture
def desk(sign_in, simone, google):
    return GoogleDesk(sign_in(simone), google)


@pytest.fixture
def connected(desk, product, bank, google, simone):
    register_google(bank, google)
    desk.connect(product, simone)
    desk.look()
    return desk


def light(step):
    return step.light, step.word


def test_panel_of_google_names_its_fields_and_its_redirect_address(desk, bank):
    bank.set(PRIMARY_PROVIDER, GOOGLE)

    view = desk.look().view

    assert view.is_shown
    assert view.words.heading == "Google Calendar"
    assert light(view.registered) == ("bad", "Missing")
    assert "Google client secret" in view.registered.sentence
    assert "under Google" in view.registered.sentence
    assert view.redirect.endswith("/google/callback")
    assert view.consent == ""


def test_signing_in_at_google_passes_its_step(connected):
    view = connected.look().view

    assert (view.light, view.word) == ("ok", "Connected")
    assert light(view.signed_in) == ("ok", "Passed")
    assert light(view.allowed) == ("ok", "Passed")
    assert light(view.hosted) == ("bad", "Missing")


def test_box_left_unticked_is_named_with_what_to_do(
    desk, product, bank, google, simone
):
    register_google(bank, google)
    google.granted = {scope for scope in SCOPES if not scope.endswith("freebusy")}
    desk.connect(product, simone)

    view = desk.look().view

    missing = [one.name for one in view.permissions if one.light == "bad"]
    assert missing == ["calendar.freebusy"]
    assert view.allowed.sentence == "Sign in again and tick every box."
    assert view.trouble.endswith("Sign in again and tick every box.")
    assert view.consent == ""


def test_google_calendar_is_created_chosen_and_tested(connected):
    connected.do("create_host", {"name": "Video appointments"})
    told = see(connected.client, AddonState)
    assert "Video appointments was created. Google" in told.done
    assert light(told.view.hosted) == ("ok", "Passed")

    connected.do("look_for_hosts")
    seen = see(connected.client, AddonState)
    own = next(one for one in seen.hosts if "Video appointments" in one.label)
    connected.do("choose_host", {"host": own.id})
    assert not see(connected.client, AddonState).is_choosing

    connected.do("test_connection", {"probe": ""})
    tested = see(connected.client, AddonState)
    assert tested.tested.startswith("All "), tested.findings
    connected.do("send_test_appointment", see(connected.client, AddonState).submit_key)
    assert see(connected.client, AddonState).tested == "It works."


def test_disconnecting_has_google_forget_the_sign_in(connected, product, google):
    connected.do("disconnect_provider")

    assert stored(product) is None
    assert see(connected.client, AddonState).done == "Google is disconnected."
    assert any(call.path == "/revoke" for call in google.calls)


def test_disconnecting_works_although_google_does_not_answer(
    connected, product, google
):
    google.misbehave("POST", "/revoke", status=503)

    connected.do("disconnect_provider")

    assert stored(product) is None
    done = see(connected.client, AddonState).done
    assert done.startswith("Google is disconnected. Google could not be asked")
