"""Credentials and servers of calendar providers: what is taken, and what is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.access.roles import Role
from invo_booking.settings import calendars, calls, mailer, providers
from invo_booking.settings.provider_fields import pem_of
from invo_booking.settings.registry import ENTRIES
from tests.support.vendor.certificates import make_certificates

SERVICE_ACCOUNT = {
    "type": "service_account",
    "client_email": "booking@bank.iam.gserviceaccount.com",
    "private_key": "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n",
    "token_uri": "https://oauth2.googleapis.com/token",
}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("mail.bank.example", "https://mail.bank.example/EWS/Exchange.asmx"),
        ("https://Mail.Bank.example/", "https://mail.bank.example/EWS/Exchange.asmx"),
        (" https://mail.bank.example/x.asmx ", "https://mail.bank.example/x.asmx"),
        ("mail.bank.example:8443", "https://mail.bank.example:8443/EWS/Exchange.asmx"),
    ],
)
def test_exchange_server_is_kept_as_a_whole_address(typed, kept):
    assert providers.EXCHANGE_SERVER.parse(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "outlook.office365.com",
        "https://outlook.office365.com/EWS/Exchange.asmx",
        "https://OUTLOOK.OFFICE365.COM:443/",
        "outlook.office365.com.",
        "eur02.outlook.office365.com",
        "https://outlook.office.com/ews/exchange.asmx",
        "outlook.office365.us",
        "partner.outlook.cn",
    ],
)
def test_exchange_online_is_refused_with_the_way_to_outlook_365(typed):
    with pytest.raises(ValueError, match="Choose Outlook 365"):
        providers.EXCHANGE_SERVER.parse(typed)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate of an authority, as its file holds it."""
    folder = tmp_path_factory.mktemp("authority")
    return make_certificates(folder).ca_file.read_text()


@pytest.mark.parametrize("spoil", ["\n", "\r\n", "", "  ", "\n \t"])
def test_certificate_is_kept_in_one_line_however_it_was_pasted(authority, spoil):
    parse = providers.EXCHANGE_AUTHORITY.parse

    kept = parse(spoil.join(authority.splitlines()))

    assert "\n" not in kept
    assert parse(kept) == kept
    assert pem_of(kept) == authority.strip()


def test_several_certificates_are_kept(authority):
    kept = providers.EXCHANGE_AUTHORITY.parse(f"\n{authority}\n{authority}")

    assert pem_of(kept).count("BEGIN CERTIFICATE") == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it.replace("BEGIN CERTIFICATE", "BEGIN PRIVATE KEY"),
        lambda it: it[:-30],
        lambda it: f"{it} and so on",
        lambda it: it.replace(it.splitlines()[2], ""),
        lambda it: it.replace(it[60], "é", 1),
        lambda _: "mail.bank.example",
    ],
)
def test_what_is_no_whole_certificate_is_refused(authority, spoil):
    with pytest.raises(ValueError, match="Paste the whole certificate"):
        providers.EXCHANGE_AUTHORITY.parse(spoil(authority))


def test_no_certificate_is_none():
    assert providers.EXCHANGE_AUTHORITY.parse(" ") == ""
    assert pem_of("") == ""


def test_exchange_without_https_is_refused():
    with pytest.raises(ValueError, match="https://"):
        providers.EXCHANGE_SERVER.parse("http://mail.bank.example/EWS/Exchange.asmx")


@pytest.mark.parametrize(
    "typed",
    [
        "https://user:secret@mail.bank.example/",
        "https://mail.bank.example/?x=1",
        "https://mail.bank.example/#x",
        "https://mail.bank.example:99999/",
        "https:///EWS",
        "https://mail bank.example",
        "https://-mail.example/",
        "https://mail.bank.example/\r\nHost: evil",
        "x" * 400,
        "https://[::1",
    ],
)
def test_what_is_no_plain_address_is_refused(typed):
    with pytest.raises(ValueError, match="Enter an address"):
        providers.EXCHANGE_SERVER.parse(typed)


@pytest.mark.parametrize(
    "typed", ["smtp://mail.example", "mail.example:587", "a b", "-a.example", "1.2.3"]
)
def test_smtp_server_is_a_name_or_an_address_and_nothing_else(typed):
    with pytest.raises(ValueError, match="only the server"):
        mailer.SERVER.parse(typed)


def test_names_and_addresses_are_smtp_servers():
    for typed in ("Mail.Bank.example", "10.1.2.3", "2001:db8::1", "localhost", ""):
        assert mailer.SERVER.parse(typed) == typed.lower()


@pytest.mark.parametrize("typed", ["1b4e28ba", "app", "{1b4e28ba-2fa1-11d2}"])
def test_microsofts_ids_must_be_whole(typed):
    for entry in (providers.OUTLOOK_CLIENT_ID, providers.OUTLOOK_TENANT):
        with pytest.raises(ValueError, match="such as"):
            entry.parse(typed)


def test_tenant_is_an_id_or_a_domain():
    whole = "1B4E28BA-2FA1-11D2-883F-0016D3CCA427"

    assert providers.OUTLOOK_TENANT.parse(whole) == whole.lower()
    assert providers.OUTLOOK_TENANT.parse("bank.onmicrosoft.com")


def test_service_account_is_kept_as_one_line_of_json():
    kept = providers.GOOGLE_SERVICE_ACCOUNT.parse(json.dumps(SERVICE_ACCOUNT, indent=2))

    assert json.loads(kept) == SERVICE_ACCOUNT
    assert "\n" not in kept
    assert providers.GOOGLE_SERVICE_ACCOUNT.parse("  ") == ""


@pytest.mark.parametrize(
    "typed",
    [
        "{}",
        "[]",
        "null",
        "key",
        json.dumps(SERVICE_ACCOUNT | {"type": "authorized_user"}),
        json.dumps(SERVICE_ACCOUNT | {"private_key": 7}),
        "[" * 3_000,
        json.dumps(SERVICE_ACCOUNT | {"more": "x" * 5_000}),
    ],
)
def test_what_is_no_service_account_is_refused_without_being_repeated(typed):
    with pytest.raises(ValueError, match="whole JSON key file"):
        providers.GOOGLE_SERVICE_ACCOUNT.parse(typed)


def test_passwords_keys_and_client_secrets_are_secrets():
    secret = {entry.key for entry in ENTRIES if entry.is_secret}

    assert secret == {
        "calendars.google_client_secret",
        "calendars.google_api_key",
        "calendars.google_service_account",
        "calendars.outlook_client_secret",
        "calendars.exchange_password",
        "calls.token_secret",
        "mailer.password",
    }


def test_only_the_super_admin_chooses_the_provider_and_where_rooms_are():
    reserved = {e.key for e in ENTRIES if Role.ADMINISTRATOR not in e.changeable_by}

    assert reserved == {
        calendars.PRIMARY_PROVIDER.key,
        providers.OUTLOOK_HOST.key,
        calls.SERVERS.key,
        calls.TOKEN_SECRET.key,
    }


@given(st.text(max_size=80))
def test_what_a_field_keeps_it_takes_again(text):
    for entry in ENTRIES:
        try:
            kept = entry.show(entry.parse(text))
        except ValueError:
            continue
        assert entry.show(entry.parse(kept)) == kept
