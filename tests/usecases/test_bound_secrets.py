from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from invo_booking.domain.errors import InvalidInputError
from invo_booking.settings import mailer, providers
from invo_booking.settings.registry import ENTRIES
from invo_booking.usecases.admin.settings_saving import (
    SettingEdit,
    reset_setting,
    save_settings,
    undo_setting_change,
)
from tests.support.stored import in_force, is_set, row
from tests.support.vendor.certificates import make_certificates


def authority() -> str:
    """Return the certificate of another authority each time."""
    with TemporaryDirectory() as folder:
        return make_certificates(Path(folder)).ca_file.read_text()


BEFORE = {
    mailer.SERVER: "mail.bank.example",
    mailer.PORT: "465",
    mailer.SECURITY: "tls",
    mailer.USER: "booking",
    providers.OUTLOOK_CLIENT_ID: "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    providers.OUTLOOK_TENANT: "bank.onmicrosoft.com",
    providers.GOOGLE_CLIENT_ID: "ours.apps.example",
    providers.EXCHANGE_SERVER: "https://mail.bank.example/EWS/Exchange.asmx",
    providers.EXCHANGE_USER: "BANK\\booking",
    providers.EXCHANGE_AUTHORITY: providers.EXCHANGE_AUTHORITY.parse(authority()),
}
AFTER = {
    mailer.SERVER: "mail.thief.example",
    mailer.PORT: "2525",
    mailer.SECURITY: "starttls",
    mailer.USER: "thief",
    providers.OUTLOOK_CLIENT_ID: "2b4e28ba-2fa1-11d2-883f-0016d3cca427",
    providers.OUTLOOK_TENANT: "thief.onmicrosoft.com",
    providers.GOOGLE_CLIENT_ID: "theirs.apps.example",
    providers.EXCHANGE_SERVER: "https://mail.thief.example/EWS/Exchange.asmx",
    providers.EXCHANGE_USER: "BANK\\thief",
    providers.EXCHANGE_AUTHORITY: providers.EXCHANGE_AUTHORITY.parse(authority()),
}
PAIRS = [(entry, bound) for entry in ENTRIES for bound in entry.bound_to]
EACH = pytest.mark.parametrize(
    ("secret", "bound"), PAIRS, ids=[f"{a.key}-{b.key}" for a, b in PAIRS]
)


@pytest.fixture(autouse=True)
def _stored(deps, simone):
    texts = {entry.key: text for entry, text in BEFORE.items()}
    texts |= {entry.key: "hunter2" for entry in {a for a, _ in PAIRS}}
    save_settings(
        deps, simone, {key: SettingEdit(text=text) for key, text in texts.items()}
    )


def test_every_secret_that_is_sent_somewhere_an_administrator_names_is_bound_to_it():
    assert {entry.key: {it.key for it in entry.bound_to} for entry, _ in PAIRS} == {
        "mailer.password": {
            "mailer.server",
            "mailer.port",
            "mailer.security",
            "mailer.user",
        },
        "calendars.outlook_client_secret": {
            "calendars.outlook_client_id",
            "calendars.outlook_tenant",
        },
        "calendars.google_client_secret": {"calendars.google_client_id"},
        "calendars.exchange_password": {
            "calendars.exchange_authority",
            "calendars.exchange_server",
            "calendars.exchange_user",
        },
    }


@EACH
def test_what_a_secret_is_bound_to_changes_only_with_the_secret_entered_anew(
    deps, simone, secret, bound
):
    elsewhere = {bound.key: SettingEdit(text=AFTER[bound])}

    with pytest.raises(InvalidInputError) as refused:
        save_settings(deps, simone, elsewhere)

    assert set(refused.value.fields) == {secret.key}
    assert (
        f"the stored “{secret.label}” can no longer" in refused.value.fields[secret.key]
    )
    assert in_force(deps, bound) == BEFORE[bound]

    save_settings(deps, simone, elsewhere | {secret.key: SettingEdit(text="another")})
    assert in_force(deps, bound) == AFTER[bound]


@EACH
def test_what_a_secret_is_bound_to_changes_when_the_secret_is_removed_as_well(
    deps, simone, secret, bound
):
    save_settings(
        deps,
        simone,
        {bound.key: SettingEdit(text=AFTER[bound]), secret.key: SettingEdit(text=None)},
    )

    assert in_force(deps, bound) == AFTER[bound]
    assert not is_set(deps, secret)


@EACH
def test_reset_does_not_send_a_secret_elsewhere(deps, simone, secret, bound):
    with pytest.raises(InvalidInputError) as refused:
        reset_setting(deps, simone, bound.key)

    assert set(refused.value.fields) == {secret.key}
    assert in_force(deps, bound) == BEFORE[bound]


@EACH
def test_history_does_not_send_a_secret_elsewhere(deps, simone, secret, bound):
    save_settings(
        deps,
        simone,
        {
            bound.key: SettingEdit(text=AFTER[bound]),
            secret.key: SettingEdit(text="another"),
        },
    )
    with deps.unit_of_work() as work:
        last = work.stored_settings.history(bound.key)[0]

    with pytest.raises(InvalidInputError) as refused:
        undo_setting_change(deps, simone, last.number)

    assert set(refused.value.fields) == {secret.key}
    assert in_force(deps, bound) == AFTER[bound]


def test_no_server_in_between_lets_a_password_go_elsewhere(deps, simone):
    with pytest.raises(InvalidInputError):
        save_settings(deps, simone, {mailer.SERVER.key: SettingEdit(text="")})


def test_what_stays_as_it_is_asks_for_no_password(deps, simone):
    saved = save_settings(
        deps,
        simone,
        {
            mailer.SERVER.key: SettingEdit(text="MAIL.bank.example"),
            mailer.REPLY_TO.key: SettingEdit(text="help@bank.example"),
        },
    )

    assert saved.keys == (mailer.REPLY_TO.key,)
    assert row(deps, simone, mailer.PASSWORD.key).is_set
