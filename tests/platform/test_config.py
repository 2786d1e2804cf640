import stat

import pytest

from invo_booking.config import ConfigError, load_config, unknown_variables
from invo_booking.mail.server import MailServer

KEY = "ab" * 32


def config(folder, **values):
    return load_config({"INVO_DATA_DIR": str(folder), **values})


def test_defaults_follow_the_port(tmp_path):
    ours = config(tmp_path, INVO_PORT="8123")

    assert ours.public_url == "http://localhost:8123"
    assert ours.origins == ("http://localhost:8123", "http://127.0.0.1:8123")
    assert ours.demo_port == 8148


def test_state_and_counters_lie_in_databases_of_their_own(tmp_path):
    ours = config(tmp_path, INVO_REDIS_URL="redis://valkey:6379/3")
    given = config(
        tmp_path,
        INVO_REDIS_URL="redis://valkey:6379",
        INVO_STATE_REDIS_URL="redis://state:6379",
        INVO_LIMITS_REDIS_URL="redis://limits:6379",
    )

    assert ours.state_store == "redis://valkey:6379/4"
    assert ours.limits_store == "redis://valkey:6379/5"
    assert (given.state_store, given.limits_store) == (
        "redis://state:6379",
        "redis://limits:6379",
    )


def test_only_the_public_address_is_an_origin(tmp_path):
    ours = config(tmp_path, INVO_PUBLIC_URL="https://booking.example/")

    assert ours.origins == ("https://booking.example",)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("INVO_PORT", "eighty", "should be a valid integer"),
        ("INVO_PORT", "70000", "should be less than or equal to 65535"),
        ("INVO_DATABASE_URL", "mysql://u:secret@h/d", "must start with postgresql://"),
        ("INVO_REDIS_URL", "localhost:6379", "must start with redis://"),
        ("INVO_PUBLIC_URL", "booking.example", "must be a whole address"),
        ("INVO_PUBLIC_URL", "https://b.example/path", "without a path"),
        ("INVO_SECRET_KEYS", "one:abcd", "32 bytes"),
        ("INVO_SECRET_KEYS", f"a:{KEY},a:{KEY}", "a different word as each id"),
        ("INVO_MAIL_FROM", "Our bank", "must be an address such as"),
        ("INVO_MAIL_FROM", "us@localhost", "must be an address such as"),
        ("INVO_SMTP_SECURITY", "ssl", "should be 'none', 'starttls' or 'tls'"),
        ("INVO_DEMO", "perhaps", "should be a valid boolean"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(tmp_path, variable, value, words):
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, **{variable: value})

    sentence = str(caught.value)
    assert sentence.startswith(variable)
    assert words in sentence
    assert "secret" not in sentence


def test_mail_server_is_spoken_to_as_banks_do_unless_told_otherwise(tmp_path):
    server = MailServer.of(config(tmp_path, INVO_SMTP_HOST="smtp.bank.example"))
    demo = MailServer.of(config(tmp_path, INVO_DEMO="1", INVO_PORT="8000"))

    assert (server.port, server.security) == (587, "starttls")
    assert (demo.host, demo.port, demo.security) == ("127.0.0.1", 8025, "none")


def test_secret_key_is_made_once_and_only_for_us(tmp_path):
    first = config(tmp_path / "data").mail_link_key
    second = config(tmp_path / "data").mail_link_key

    key = tmp_path / "data" / "secret.key"
    assert first == second
    assert len(first) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in key.parent.iterdir()] == ["secret.key"]


def test_damaged_secret_key_is_a_sentence(tmp_path):
    (tmp_path / "secret.key").write_text("zz")

    with pytest.raises(ConfigError, match="is damaged"):
        config(tmp_path)


def test_first_of_the_given_keys_seals(tmp_path):
    ours = config(tmp_path, INVO_SECRET_KEYS=f"new:{KEY},old:{'cd' * 32}")

    assert list(ours.secret_keys) == ["new", "old"]
    assert ours.mail_link_key == bytes.fromhex(KEY)
    assert not (tmp_path / "secret.key").exists()


def test_no_secret_is_shown(tmp_path):
    ours = config(
        tmp_path,
        INVO_SECRET_KEYS=f"a:{KEY}",
        INVO_SMTP_PASSWORD="hunter2",
        INVO_DATABASE_URL="postgresql://u:hunter2@h/d",
        INVO_REDIS_URL="redis://:hunter2@h/0",
    )

    assert "hunter2" not in repr(ours)
    assert "hunter2" not in str(ours)
    assert KEY not in repr(ours)
    assert ours.database_url == "postgresql+psycopg://u:hunter2@h/d"


def test_misspelt_variables_are_found():
    assert unknown_variables({"INVO_PROT": "1", "INVO_PORT": "2", "PATH": ""}) == (
        "INVO_PROT",
    )


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://Booking.Bank.Example", "https://booking.bank.example"),
        ("https://booking.example:443", "https://booking.example"),
        ("http://booking.example:80/", "http://booking.example"),
        ("https://booking.example:8443", "https://booking.example:8443"),
        ("https://booking.example.", "https://booking.example"),
        ("https://Bücher.Example:443", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://[2001:DB8:0::1]:8000", "http://[2001:db8::1]:8000"),
        ("HTTPS://booking.example", "https://booking.example"),
        ("http://my_host:8000", "http://my_host:8000"),
    ],
)
def test_public_address_is_spelled_as_browsers_spell_an_origin(
    tmp_path, written, address
):
    ours = config(tmp_path, INVO_PUBLIC_URL=written)

    assert ours.origins == (address,)
    again = config(tmp_path, INVO_PUBLIC_URL=ours.public_url)
    assert again.public_url == ours.public_url


@pytest.mark.parametrize(
    "address",
    [
        "https://me:word@booking.example",
        "https://me@booking.example",
        "https://booking.example:99999",
        "https://\u2067.example",
    ],
)
def test_address_that_no_browser_can_have_is_refused(tmp_path, address):
    with pytest.raises(ConfigError, match="INVO_PUBLIC_URL") as refused:
        config(tmp_path, INVO_PUBLIC_URL=address)

    assert "me:word" not in str(refused.value)


def test_password_is_not_sent_unencrypted(tmp_path):
    account = {"INVO_SMTP_USER": "bank", "INVO_SMTP_PASSWORD": "hidden"}
    plain = {"INVO_SMTP_SECURITY": "none"}

    with pytest.raises(ConfigError, match="INVO_SMTP_USER must be empty"):
        config(tmp_path, INVO_SMTP_HOST="mail.bank.example", **plain, **account)

    for host in ("localhost", "127.0.0.1", "::1", ""):
        assert config(tmp_path, INVO_SMTP_HOST=host, **plain, **account).smtp_user
    assert config(tmp_path, INVO_SMTP_HOST="mail.bank.example", **plain)
    assert config(tmp_path, INVO_SMTP_HOST="mail.bank.example", **account)
