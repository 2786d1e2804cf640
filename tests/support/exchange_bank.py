"""A bank whose calendars are at the fake Exchange."""

from dataclasses import replace

from invo_booking.providers.registry import servers
from invo_booking.settings import calendars
from invo_booking.settings.providers import (
    EXCHANGE_PASSWORD,
    EXCHANGE_SERVER,
    EXCHANGE_USER,
)
from invo_booking.usecases.calendars.server_accounts import connect_server_account
from invo_booking.usecases.shared.sealing import seal
from tests.support.connecting import reaching


def reaching_exchange(deps, exchange):
    """Return parts that reach the fake, on the same clock."""
    reached = reaching(deps, exchange)
    return replace(reached, servers=servers(reached.config, now=deps.now))


def enter_exchange(bank, exchange, **changed) -> None:
    """Fill in the account at the fake, and choose Exchange."""
    texts = {
        "server": exchange.url,
        "user": exchange.user,
        "password": exchange.password,
    } | changed
    enter_password(bank, texts["password"])
    bank.set(EXCHANGE_SERVER, texts["server"])
    bank.set(EXCHANGE_USER, texts["user"])
    bank.set(calendars.PRIMARY_PROVIDER, calendars.EXCHANGE)


def enter_password(bank, password: str) -> None:
    """Fill in another password."""
    bank.set(EXCHANGE_PASSWORD, seal(bank.deps.config, EXCHANGE_PASSWORD.key, password))


def connect_exchange(deps, actor) -> None:
    """Connect the account; fail with what is wrong."""
    findings = connect_server_account(deps, actor)
    assert [it.sentence for it in findings if not it.ok] == []
