"""Calendars: what counts already, and provider fields, kept for their providers.

Fields of a provider are obeyed so far by being checked, stored, sealed where they are
secret, given to whoever may have them and to nobody else.
"""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func
from sqlmodel import select

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import InvalidInputError, NotAllowedError
from invo_booking.persistence.tables.supply import AgentCalendarRow, BusyIntervalRow
from invo_booking.settings.registry import BY_KEY
from invo_booking.usecases.shared import settings
from invo_booking.usecases.shared.sealing import open_secret
from invo_booking.usecases.staff import appointments
from tests.obeyed.conftest import GRACE, SIMONE, book, busy, offered, refused
from tests.support.bank import at
from tests.support.vendor.certificates import make_certificates

MANAGER = replace(SIMONE, id=uuid4(), roles=frozenset({Role.MANAGER}))
CANARY = "canary-secret-7311"
GUID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"


def row(bank, key):
    """Return a setting as the pages of this process show it."""
    found = settings.all_setting_entries(bank.deps, SIMONE)
    return next(one for one in found if one.key == key)


@pytest.mark.obeys("calendars.free_percent")
def test_slot_is_blocked_when_too_few_agents_are_free(bank, decide):
    ana, _ = bank.agent("Ana"), bank.agent("Ben")
    taken = book(bank, at(10)).appointment
    appointments.assign_appointment(bank.deps, MANAGER, taken.id, ana.id)
    assert at(10) in offered(bank)

    decide({"calendars.free_percent": "51"})
    assert at(10) not in offered(bank)
    assert refused(book, bank, at(10), email="zoe@example.com").code == "slot_taken"
    assert at(11) in offered(bank)

    decide({"calendars.free_percent": "50"})
    assert book(bank, at(10), email="zoe@example.com")


@pytest.mark.obeys("calendars.primary_provider")
def test_only_the_super_admin_changes_the_provider_and_the_old_ones_data_goes(
    bank, decide
):
    busy(bank, bank.agent("Ana"), at(10), at(12))
    wanted = {"calendars.primary_provider": "google"}
    assert isinstance(refused(decide, wanted, by=GRACE), NotAllowedError)
    assert row(bank, "calendars.primary_provider").text == "none"
    assert told_of_calendars(bank) == 2

    decide(wanted)

    assert row(bank, "calendars.primary_provider").text == "google"
    assert told_of_calendars(bank) == 0


def told_of_calendars(bank) -> int:
    with bank.deps.unit_of_work() as work:
        return sum(
            work.session.exec(select(func.count()).select_from(table)).one()
            for table in (BusyIntervalRow, AgentCalendarRow)
        )


@pytest.mark.obeys("calendars.two_way")
def test_two_way_integration_goes_with_outlook_only(bank, decide):
    on = {"calendars.two_way": "on"}
    clash = refused(decide, on)
    assert "Outlook 365 only" in clash.fields["calendars.two_way"]

    decide({"calendars.primary_provider": "outlook"})
    decide(on)
    assert row(bank, "calendars.two_way").text == "on"
    assert isinstance(
        refused(decide, {"calendars.primary_provider": "google"}), InvalidInputError
    )


@pytest.mark.obeys("calendars.cache_interval")
def test_cache_is_updated_every_one_to_sixty_minutes(bank, decide):
    assert row(bank, "calendars.cache_interval").text == "5"
    for minutes in ("0", "61", "-1", "2.5", ""):
        problem = refused(decide, {"calendars.cache_interval": minutes})
        assert "1 to 60" in problem.fields["calendars.cache_interval"]

    decide({"calendars.cache_interval": "60"})
    assert row(bank, "calendars.cache_interval").text == "60"


@pytest.mark.obeys("calendars.google")
def test_switch_of_earlier_versions_is_kept(bank, decide):
    key = "calendars.google"
    assert row(bank, key).text == "off"
    assert isinstance(refused(decide, {key: "yes"}), InvalidInputError)

    decide({key: "on"})
    assert row(bank, key).text == "on"


PLAIN = {
    "google_client_id": ("123.apps.googleusercontent.com", "a\nb"),
    "outlook_client_id": (GUID, "my-app"),
    "outlook_tenant": ("bank.onmicrosoft.com", "not a tenant"),
    "exchange_server": (
        "https://mail.bank.example/EWS/Exchange.asmx",
        "https://outlook.office365.com/EWS/Exchange.asmx",
    ),
    "exchange_version": ("exchange2016", "exchange2003"),
    "exchange_user": ("BANK\\booking", "a\rb"),
    "exchange_authentication": ("basic", "kerberos"),
}


@pytest.mark.obeys(
    "calendars.google_client_id",
    "calendars.outlook_client_id",
    "calendars.outlook_tenant",
    "calendars.exchange_server",
    "calendars.exchange_version",
    "calendars.exchange_user",
    "calendars.exchange_authentication",
)
@pytest.mark.parametrize("name", PLAIN)
def test_field_of_a_provider_is_checked_and_kept(bank, decide, name):
    key, (good, bad) = f"calendars.{name}", PLAIN[name]
    assert list(refused(decide, {key: bad}).fields) == [key]
    assert row(bank, key).is_set is False

    decide({key: good}, by=GRACE)
    assert row(bank, key).text == good
    assert row(bank, key).changed_by == "Grace"


@pytest.mark.obeys("calendars.exchange_authority")
def test_certificate_of_an_authority_is_checked_and_kept(bank, decide, tmp_path):
    key = "calendars.exchange_authority"
    authority = make_certificates(tmp_path).ca_file.read_text()
    assert list(refused(decide, {key: "mail.bank.example"}).fields) == [key]

    decide({key: authority}, by=GRACE)

    assert row(bank, key).text == " ".join(
        f"-----BEGIN CERTIFICATE----- {body} -----END CERTIFICATE-----"
        for body in ["".join(authority.splitlines()[1:-1])]
    )


ACCOUNT = json.dumps(
    {
        "type": "service_account",
        "client_email": "booking@bank.example",
        "private_key": CANARY,
        "token_uri": "https://oauth2.googleapis.com/token",
    },
    separators=(",", ":"),
)
SECRET = {
    "google_client_secret": CANARY,
    "google_api_key": CANARY,
    "google_service_account": ACCOUNT,
    "outlook_client_secret": CANARY,
    "exchange_password": CANARY,
}


@pytest.mark.obeys(
    "calendars.google_client_secret",
    "calendars.google_api_key",
    "calendars.google_service_account",
    "calendars.outlook_client_secret",
    "calendars.exchange_password",
)
@pytest.mark.parametrize("name", SECRET)
def test_secret_of_a_provider_is_kept_for_it_and_told_to_nobody(
    bank, decide, api, name
):
    key = f"calendars.{name}"
    entry = BY_KEY[key]
    assert row(bank, key).is_set is False
    assert refused(decide, {key: "x" * 4_001}).fields[key]

    decide({key: SECRET[name]})

    seen = row(bank, key)
    assert (seen.is_set, seen.text) == (True, "")
    with bank.deps.unit_of_work() as work:
        assert open_secret(bank.deps.config, work.settings, entry) == SECRET[name]
        assert CANARY not in work.stored_settings.all()[key].value
        assert CANARY not in str(work.audit.history(key))
    assert CANARY not in str(settings.setting_history(bank.deps, SIMONE, key))
    assert CANARY not in api.get("/api/v1/admin/settings").text

    decide({key: ""})
    assert row(bank, key).is_set is False
