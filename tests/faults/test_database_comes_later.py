"""Two web processes start before their database, and check it once it is there."""

import httpx
import psutil
import pytest
from sqlalchemy import create_engine, make_url, text

from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run import schema
from invo_booking.usecases.shared.deps import Deps
from tests.platform.test_revision import set_revision
from tests.support.bank import Bank
from tests.support.fakes import Postbox
from tests.support.servers import House, is_free, until

ASKED = 12
"""Requests, spread by the system over the web processes."""

CHECKED = "tests.support.api_alone:create_checked"
REFUSAL = "invo-booking migrate"


@pytest.fixture
def is_away(own_database_url, postgres_url):
    """Return a function that takes the database away, or brings it back."""
    name = make_url(own_database_url).database
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
def house(tmp_path, own_database_url, is_away, config):
    """Two web processes that were started while the database was away."""
    engine = make_engine(own_database_url)
    deps = Deps(
        config=config,
        begin=unit_of_work(engine, config.mail_link_key),
        now=utc_now,
        mailer=Postbox(),
        wake=lambda: None,
    )
    Bank(deps, utc_now).agent("Ana")
    engine.dispose()
    set_revision(own_database_url, "0001")
    is_away(away=True)
    with House(tmp_path / "house", own_database_url, web_workers=2) as running:
        running.start_valkey()
        running.start_web(CHECKED, lambda: not is_free(running.config.port))
        yield running


def answer(house):
    """Return the status of an answer over a new connection; 0 for none."""
    try:
        return httpx.get(f"{house.url}/api/v1/answers", timeout=20).status_code
    except httpx.HTTPError:
        return 0


def test_no_process_works_on_a_database_of_another_version(
    house, is_away, own_database_url, tmp_path
):
    served = psutil.Process(house.process_id("web")).children()
    assert len(served) == 2
    assert 200 not in {answer(house) for _ in range(ASKED)}
    assert all(it.is_running() for it in served)

    is_away(away=False)

    def are_gone():
        assert answer(house) != 200
        return not any(
            it.is_running() and it.status() != psutil.STATUS_ZOMBIE for it in served
        )

    until(are_gone, patience=120)
    log = (tmp_path / "house" / "web.log").read_text(encoding="utf-8")
    assert REFUSAL in log

    set_revision(own_database_url, schema.newest_schema_revision())
    house.await_until(lambda: answer(house) == 200)
