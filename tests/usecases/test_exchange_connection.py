"""An administrator connects Exchange; appointments and busy times go both ways."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.errors import (
    ConflictError,
    NotAllowedError,
    TooManyRequestsError,
)
from invo_booking.domain.interval import Interval
from invo_booking.settings import calendars
from invo_booking.settings.providers import (
    EXCHANGE_AUTHENTICATION,
    EXCHANGE_PASSWORD,
    EXCHANGE_USER,
    EXCHANGE_VERSION,
)
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.admin.switching import switch_provider
from invo_booking.usecases.calendars import checks, connections, poll, push, removing
from invo_booking.usecases.calendars.server_accounts import (
    MOST_TRIES,
    connect_server_account,
)
from invo_booking.usecases.staff import appointments
from tests.obeyed.conftest import offered
from tests.support import readings
from tests.support.bank import at
from tests.support.connecting import stored, trail
from tests.support.exchange.fixtures import exchange, exchange_server
from tests.support.exchange_bank import (
    connect_exchange,
    enter_exchange,
    enter_password,
    reaching_exchange,
)
from tests.usecases.test_appointments import draft

__all__ = ["exchange", "exchange_server"]


@pytest.fixture
def deps(deps, exchange):
    return reaching_exchange(deps, exchange)


@pytest.fixture
def grace(bank, exchange):
    """Grace, who has filled in the account of the bank."""
    enter_exchange(bank, exchange)
    return bank.agent("Grace", roles=(Role.SUPER_ADMIN,), languages=())


@pytest.fixture
def connected(deps, grace):
    connect_exchange(deps, grace)
    return grace


def bad_findings(deps, actor):
    return {
        it.name: it.sentence for it in connect_server_account(deps, actor) if not it.ok
    }


def test_account_of_the_settings_is_connected_with_its_own_calendar(deps, connected):
    assert connected
    connection = stored(deps)

    assert (connection.state, connection.problem) == (ConnectionState.CONNECTED, "")
    assert connection.account == "BANK\\booking"
    assert connection.host.name == "BANK\\booking"
    assert trail(deps)[-1][0] == "connected"


def test_wrong_password_connects_nothing_and_names_what_it_may_be(deps, bank, grace):
    enter_password(bank, "wrong")

    bad = bad_findings(deps, grace)

    assert list(bad) == ["Sign-in"]
    for word in ("wrong", "expired", "locked"):
        assert word in bad["Sign-in"]
    assert stored(deps) is None
    assert trail(deps)[-1] == ("connecting refused", "Sign-in")


def test_version_that_is_another_than_chosen_connects_nothing(deps, bank, grace):
    bank.set(EXCHANGE_VERSION, "exchange2016")

    bad = bad_findings(deps, grace)

    assert list(bad) == ["Version"]
    assert "Exchange Server 2019" in bad["Version"]
    assert "Exchange Server 2016" in bad["Version"]


def test_authentication_is_as_the_settings_say(deps, bank, exchange, grace):
    bank.set(EXCHANGE_AUTHENTICATION, "basic")
    connect_exchange(deps, grace)
    assert set(exchange.sign_ins) == {"Basic"}

    exchange.offers = ("NTLM",)
    assert "BASIC" in bad_findings(deps, grace)["Sign-in"]


def test_nobody_connects_before_the_fields_are_filled_in(deps, bank, grace):
    bank.set(EXCHANGE_PASSWORD, "")

    with pytest.raises(ReconnectError, match="Exchange password"):
        connect_server_account(deps, grace)


def test_only_administrators_connect_and_only_what_is_chosen(deps, bank, grace):
    with pytest.raises(NotAllowedError):
        connect_server_account(deps, bank.agent("Ana"))

    bank.set(calendars.PRIMARY_PROVIDER, calendars.GOOGLE)
    with pytest.raises(ConflictError, match="Google"):
        connect_server_account(deps, grace)


def test_tries_are_limited_since_exchange_may_lock_the_account(deps, bank, grace):
    enter_password(bank, "wrong")
    for _ in range(MOST_TRIES):
        bad_findings(deps, grace)

    with pytest.raises(TooManyRequestsError, match="lock the account"):
        connect_server_account(deps, grace)


def test_private_server_is_called_only_if_the_operator_allows_it(deps, exchange, grace):
    exchange.is_private_allowed = False

    bad = bad_findings(reaching_exchange(deps, exchange), grace)

    assert "INVO_ALLOW_PRIVATE_HOSTS" in bad["Server"]
    assert exchange.calls == []


def test_appointment_is_written_to_exchange_moved_and_taken_out(
    deps, bank, exchange, connected
):
    assert connected
    max_ = bank.manager()
    bank.agent("Ana")

    made = appointments.create_appointment(deps, max_, draft(bank, at(10)))
    push.write_due_events(deps)
    [item] = exchange.standing()
    assert item.start == at(10)

    appointments.cancel_appointment(deps, max_, made.id, "")
    push.write_due_events(deps)
    assert exchange.standing() == []


def test_answer_lost_after_the_effect_makes_no_second_item(
    deps, bank, exchange, connected
):
    assert connected
    bank.agent("Ana")
    appointments.create_appointment(deps, bank.manager(), draft(bank, at(10)))
    exchange.misbehave("POST", "/CreateItem", drop="after")

    push.write_due_events(deps)
    bank.clock.advance(timedelta(minutes=30))
    push.write_due_events(deps)

    assert len(exchange.standing()) == 1


def test_agents_busy_times_at_exchange_close_their_slots(
    deps, bank, exchange, connected
):
    assert connected
    ana = bank.agent("Ana")
    bank.set(calendars.COMPUTE_AVAILABILITY, "on")
    for name in ("ana", "grace"):
        exchange.busy(f"{name}@bank.example", at(10), at(12))

    assert poll.poll_if_due(deps, at_once=True).problem == ""

    assert readings.stored(bank, ana) == [Interval(at(10), at(12))]
    assert at(10, 30) not in offered(bank)
    assert at(12) in offered(bank)


def test_changed_password_needs_an_administrator_and_is_then_used_at_once(
    deps, bank, exchange, connected
):
    bank.agent("Ana")
    bank.set(calendars.COMPUTE_AVAILABILITY, "on")
    exchange.password = "another one"

    outcome = poll.poll_if_due(deps, at_once=True)
    assert "expired" in outcome.problem
    assert stored(deps).state is ConnectionState.RECONNECT

    save_settings(
        deps, connected, {EXCHANGE_PASSWORD.key: SettingEdit(text="another one")}
    )
    outcome = poll.poll_if_due(deps)
    assert outcome.problem == ""
    assert stored(deps).state is ConnectionState.CONNECTED


def test_another_account_in_the_settings_is_not_used_for_the_connection(
    deps, bank, connected
):
    bank.set(EXCHANGE_USER, "BANK\\other")

    [finding] = checks.test_connection(deps, connected, "")

    assert not finding.ok
    assert "BANK\\booking" in finding.sentence
    assert "Disconnect it first" in finding.sentence


def test_panel_says_what_is_missing_and_asks_for_no_sign_in(deps, bank, grace):
    bank.set(EXCHANGE_USER, "")

    panel = connections.connection_panel(deps, grace)

    assert panel.missing_fields == ("Exchange user name",)
    assert (panel.redirect_uri, panel.permissions, panel.consent_url) == ("", (), "")


def test_disconnected_account_is_connected_again_with_the_same_calendar(
    deps, connected
):
    before = stored(deps)
    connections.disconnect_provider(deps, connected)
    assert stored(deps) is None

    connect_exchange(deps, connected)

    assert stored(deps).id == before.id


def test_switching_away_takes_the_events_out(deps, bank, exchange, connected):
    bank.agent("Ana")
    appointments.create_appointment(deps, bank.manager(), draft(bank, at(10)))
    push.write_due_events(deps)

    switch_provider(deps, connected, "none", typed="None", cancel_events=True)
    removing.remove_due_events(deps)

    assert exchange.standing() == []


def test_exchange_makes_no_online_meetings(deps, bank, connected):
    assert connected
    bank.set(calendars.ONLINE_MEETING, "on")

    with deps.unit_of_work() as work:
        assert not calendars.has_host_meetings_by_setting(work.settings)
        assert calendars.writes_events_by_setting(work.settings)


def test_test_appointment_is_written_and_taken_out(deps, exchange, connected):
    finding = checks.send_test_appointment(deps, connected)

    assert finding.ok, finding.sentence
    assert exchange.standing() == []
    assert len(exchange.calls_to("*", "/CreateItem")) == 1
