"""A real PostgreSQL for every test that asks for one: a fresh copy of the schema."""

import gc
import os
from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from invo_booking.config import Config, load_config
from invo_booking.domain.access.roles import Actor, Role
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.tables import (
    accounts,
    limits,
    links,
    outside,
    programs,
    supply,
    upkeep,
)
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run.embedded import Postgres, scratch_folder
from invo_booking.run.schema import migrate_schema
from invo_booking.usecases.shared.deps import Deps
from tests.support.audit_words import words_in, words_of_customers
from tests.support.bank import MONDAY, Bank
from tests.support.examples import load_profile
from tests.support.fakes import Clock, Postbox
from tests.support.keys import SECRET_KEYS
from tests.support.passwords import quick_hashes
from tests.support.patience import patient

load_profile()
TEMPLATE = f"invo_template_{os.getpid()}"
NUMBERS = count()
assert supply.AgentDayRow  # importing makes the tables known
assert outside.ConnectionRow
assert accounts.AccountLinkRow
assert limits.RequestCountRow
assert links.LinkTokenRow
assert programs.ProgramRow
assert upkeep.MailServerRow
EMPTY_EVERYTHING = ";".join(
    (
        "SET LOCAL session_replication_role = replica",  # past the triggers
        *(f"DELETE FROM {name}" for name in SQLModel.metadata.tables),  # noqa: S608
    )
)
"""Deleting the few rows of a test is much cheaper than TRUNCATE of every table."""


def pytest_configure() -> None:
    """Pause the garbage collector while tests are collected: all of them stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Keep the garbage collector from visiting all collected tests over and over."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a PostgreSQL server: a given one, or one from the wheel."""
    given = os.environ.get("INVO_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with scratch_folder() as folder, Postgres(folder) as server:
        _admin(server.superuser_url, "ALTER SYSTEM SET fsync = off")
        _admin(server.superuser_url, "SELECT pg_reload_conf()")
        yield server.superuser_url


@pytest.fixture(scope="session")
def template(postgres_url) -> Iterator[str]:
    """Name of a migrated, empty database that others are copied from."""
    _admin(postgres_url, f"DROP DATABASE IF EXISTS {TEMPLATE}")
    _admin(postgres_url, f"CREATE DATABASE {TEMPLATE}")
    migrate_schema(_address(postgres_url, TEMPLATE))
    yield TEMPLATE
    _admin(postgres_url, f"DROP DATABASE IF EXISTS {TEMPLATE}")


@pytest.fixture(scope="session")
def kept_database(postgres_url, template) -> Iterator[str]:
    """Address of the database that tests use one after the other."""
    yield from _copy(postgres_url, template)


@pytest.fixture(scope="session")
def kept_engine(kept_database) -> Iterator[Engine]:
    """The connections of that database; what was compiled for one test serves all."""
    yield from _engine(kept_database)


@pytest.fixture(scope="session")
def sweeper(kept_database) -> Iterator[Engine]:
    """The connection that reads and empties that database after each test.

    Unlike the product's it waits as long as it takes for what a test left running.
    """
    engine = create_engine(kept_database, pool_size=1, pool_pre_ping=True)
    yield engine
    engine.dispose()


@pytest.fixture
def database_url(kept_database, sweeper) -> Iterator[str]:
    """Address of a migrated, empty database."""
    yield kept_database
    with sweeper.begin() as connection:
        told = words_in(connection)
        connection.execute(text(EMPTY_EVERYTHING))
    assert told == []


@pytest.fixture
def own_database_url(postgres_url, template) -> Iterator[str]:
    """Address of a database for a test that changes the schema or kills servers."""
    yield from _copy(postgres_url, template)


@pytest.fixture
def config(database_url, tmp_path) -> Config:
    return load_config(
        {
            "INVO_DATABASE_URL": database_url,
            "INVO_DATA_DIR": str(tmp_path),
            "INVO_SECRET_KEYS": SECRET_KEYS,
            "INVO_MAIL_FROM": "appointments@harbor.example",
            "INVO_SMTP_HOST": "smtp.bank.example",
        }
    )


@pytest.fixture(scope="module")
def quick_passwords() -> Iterator[None]:
    """Passwords that the product hashes and checks at next to no cost."""
    with quick_hashes():
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def engine(config, request) -> Iterator[Engine]:
    """Connections of the test's database, all given back when the test is over."""
    if config.database_url != request.getfixturevalue("kept_database"):
        yield from _engine(config.database_url)
        return
    engine = request.getfixturevalue("kept_engine")
    yield engine
    if engine.pool.checkedout():
        engine.dispose()  # somebody still has one; the next test starts with none


@pytest.fixture
def deps(config, engine, clock, postbox) -> Deps:
    return Deps(
        config=config,
        begin=unit_of_work(engine, config.mail_link_key),
        now=clock,
        mailer=postbox,
        wake=lambda: None,
        database_now=lambda _work: clock(),
    )


@pytest.fixture
def bank(deps, clock) -> Bank:
    return Bank(deps, clock)


@pytest.fixture
def ana(bank: Bank) -> Actor:
    return bank.agent("Ana")


@pytest.fixture
def ben(bank: Bank) -> Actor:
    return bank.agent("Ben")


@pytest.fixture
def ada(bank: Bank) -> Actor:
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,))


@pytest.fixture
def grace(bank: Bank) -> Actor:
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,))


@pytest.fixture
def simone(bank: Bank) -> Actor:
    return bank.agent("Simone", roles=(Role.SUPER_ADMIN,))


def _copy(url: str, template: str) -> Iterator[str]:
    name = f"invo_test_{os.getpid()}_{next(NUMBERS)}"
    _admin(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _address(url, name)
    told = words_of_customers(_address(url, name))
    _admin(url, f"DROP DATABASE {name} WITH (FORCE)")
    assert told == []


def _engine(url: str) -> Iterator[Engine]:
    engine = patient(make_engine(url))
    yield engine
    engine.dispose()


def _address(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _admin(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
