"""A bank whose administrators sign in at the fake Microsoft."""

from dataclasses import replace

from invo_booking.config import load_config
from invo_booking.providers.registry import providers
from invo_booking.settings import calendars
from invo_booking.settings.providers import (
    OUTLOOK_CLIENT_ID,
    OUTLOOK_CLIENT_SECRET,
    OUTLOOK_TENANT,
)
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.shared.sealing import seal

ACCOUNT = "scheduling@bank.example"
TOKEN = "b" * 43
"""Of a session, as only its cookie carries it."""

BROWSER = hash_secret(TOKEN)
"""The session, as the database and pages know it."""


def reaching(deps, outlook):
    """Return parts that reach the fake instead of Microsoft, on the same clock."""
    outlook.clock = deps.now
    keys = ",".join(
        f"{key}:{value.get_secret_value().hex()}"
        for key, value in deps.config.secret_keys.items()
    )
    config = load_config(
        {
            "INVO_DATABASE_URL": deps.config.database_url,
            "INVO_DATA_DIR": str(deps.config.data_dir),
            "INVO_SECRET_KEYS": keys,
            "INVO_MAIL_FROM": deps.config.mail_from,
            "INVO_SMTP_HOST": deps.config.smtp_host,
            **outlook.config_env(),
        }
    )
    return replace(deps, config=config, providers=providers(config, now=deps.now))


def register(bank, outlook, **changed) -> None:
    """Fill in what Microsoft knows the bank by, and choose Outlook 365."""
    texts = {
        "client_id": outlook.client_id,
        "secret": outlook.client_secret,
        "tenant": outlook.tenant,
    } | changed
    sealed = seal(bank.deps.config, OUTLOOK_CLIENT_SECRET.key, texts["secret"])
    bank.set(OUTLOOK_CLIENT_ID, texts["client_id"])
    bank.set(OUTLOOK_CLIENT_SECRET, sealed)
    bank.set(OUTLOOK_TENANT, texts["tenant"])
    bank.set(calendars.PRIMARY_PROVIDER, calendars.OUTLOOK)


def answered(deps, actor, outlook, *, session=BROWSER, email=ACCOUNT, **how):
    """Sign in at the fake; return what it sends the browser back with."""
    address = connections.begin_connection_sign_in(deps, actor, session)
    return outlook.approve(address, email=email, **how)


def sign_in(deps, actor, outlook, *, session=BROWSER, **how):
    """Sign in at the fake from beginning to end; return the connection."""
    answer = answered(deps, actor, outlook, session=session, **how)
    return connections.finish_connection_sign_in(
        deps, actor, session, answer, calendars.OUTLOOK
    )


def stored(deps):
    """Return the connection in use."""
    with deps.unit_of_work() as work:
        return work.connections.active()


def trail(deps, kind="connection"):
    """Return what the audit trail says was done, and why it was refused."""
    with deps.unit_of_work() as work:
        rows = work.session.connection().exec_driver_sql(
            "SELECT action, detail->>'why' FROM audit WHERE object_kind = %s "
            "ORDER BY id",
            (kind,),
        )
        return [tuple(row) for row in rows]
