"""The demo, founded once; who asks for it gets a copy."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from invo_booking.config import load_config
from invo_booking.demo.institution import create_demo
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import delivery
from tests.conftest import _address, _admin, _copy
from tests.support.fakes import Clock, Postbox
from tests.support.keys import SECRET_KEYS

TUESDAY_NOON = datetime(2026, 11, 24, 18, 7, 31, 5, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _quick(quick_passwords) -> None:
    """Hash at next to no cost; the product's own costs have a test of their own."""
    del quick_passwords


@pytest.fixture(scope="session")
def demo_template(postgres_url, template, tmp_path_factory) -> Iterator[str]:
    """Name of a database with the demo as it is founded on a Tuesday."""
    name = f"{template}_demo"
    _admin(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    config = load_config(
        {
            "INVO_DATABASE_URL": _address(postgres_url, name),
            "INVO_DATA_DIR": str(tmp_path_factory.mktemp("demo")),
            "INVO_SECRET_KEYS": SECRET_KEYS,
            "INVO_DEMO": "1",
        }
    )
    engine = make_engine(config.database_url)
    deps = Deps(
        config=config,
        begin=unit_of_work(engine, config.mail_link_key),
        now=Clock(TUESDAY_NOON),
        mailer=Postbox(),
        wake=lambda: None,
    )
    assert create_demo(deps)
    engine.dispose()
    yield name
    _admin(postgres_url, f"DROP DATABASE {name}")


@pytest.fixture
def demo(deps, clock, postgres_url, demo_template) -> Iterator[Deps]:
    """The demo on a database of its own, a moment after it was founded."""
    clock.now = TUESDAY_NOON
    for url in _copy(postgres_url, demo_template):
        engine = make_engine(url)
        config = deps.config.model_copy(update={"demo": True, "database_url": url})
        yield replace(
            deps, config=config, begin=unit_of_work(engine, config.mail_link_key)
        )
        engine.dispose()


@pytest.fixture
def news(bank, postbox, clock):
    """Return what was mailed since, once no change can be undone any more."""

    def news():
        clock.advance(UNDO)
        delivery.deliver_due_mails(bank.deps)
        return postbox.sent

    return news
