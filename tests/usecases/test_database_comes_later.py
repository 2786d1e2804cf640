"""A database that is away at the start is checked as soon as it is back."""

import signal
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from invo_booking import bootstrap
from invo_booking.config import ConfigError
from invo_booking.demo.institution import DEMO_SIGN_INS
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.accounts.passwords import DEMO_PASSWORD
from tests.platform.test_revision import set_revision


@pytest.fixture
def is_away(demo, postgres_url):
    """Return a function that takes the database away, or brings it back."""
    name = make_url(demo.config.database_url).database
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")

    def put(*, away: bool) -> None:
        with server.connect() as connection:
            connection.execute(
                text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {not away}')
            )
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = :name AND pid <> pg_backend_pid()"
                ),
                {"name": name},
            )

    yield put
    server.dispose()


@pytest.fixture
def stops():
    """The signals to stop that this process has got."""
    got: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: got.append(number))
    yield got
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def real(demo):
    """The demo's database as a process finds it that starts without INVO_DEMO."""
    parts = replace(demo, config=demo.config.model_copy(update={"demo": False}))
    bootstrap.use_deps(parts)
    return parts


def begin() -> None:
    with bootstrap.deps().unit_of_work():
        pass


def test_database_of_another_version_is_refused_when_it_is_back(real, is_away, stops):
    set_revision(real.config.database_url, "0001")
    is_away(away=True)
    assert bootstrap.start_refusal(real.config) == ""
    with pytest.raises(OperationalError):
        begin()
    assert stops == []

    is_away(away=False)

    for _again in range(2):
        with pytest.raises(ConfigError, match="invo-booking migrate"):
            begin()
    assert stops == [signal.SIGTERM] * 2


def test_people_of_the_demo_are_refused_in_public_when_the_database_is_back(
    real, is_away, stops
):
    address = {"public_url": "https://booking.bank.com"}
    public = replace(real, config=real.config.model_copy(update=address))
    bootstrap.use_deps(public)
    is_away(away=True)
    assert bootstrap.start_refusal(public.config) == ""

    is_away(away=False)

    with pytest.raises(ConfigError, match="published password"):
        begin()
    assert stops == [signal.SIGTERM]


def test_sessions_of_the_demo_end_when_the_database_is_back(demo, real, is_away, stops):
    opened = sessions.sign_in(demo, DEMO_SIGN_INS[0].email, DEMO_PASSWORD)
    is_away(away=True)
    assert bootstrap.start_refusal(real.config) == ""

    is_away(away=False)

    begin()
    assert sessions.actor_of_session(demo, opened.token) is None
    assert stops == []
