"""One bank and one web process for all cells of a matrix."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from invo_booking.config import load_config
from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.usecases.shared.deps import Deps
from tests.conftest import _copy
from tests.matrix import evidence
from tests.matrix.crew import Crew, open_bank
from tests.support.fakes import Postbox
from tests.support.servers import House, mail_sink, without_pages


@dataclass
class Stage:
    """A running web process, and what its database holds.

    Attributes:
        log: Returns what the process has logged.
    """

    url: str
    crew: Crew
    engine: Engine
    log: Callable[[], str]

    def run(self, work: Any) -> Any:
        return asyncio.run(work)

    def untouched(self, work: Callable[[], Any]) -> Any:
        """Return what some work returns, which must not change the database.

        Raises:
            AssertionError: If it changes more than what is written of refusals.
        """
        before, told = evidence.digest(self.engine), evidence.other_entries(self.engine)
        found = work()
        assert evidence.changed(before, evidence.digest(self.engine)) == []
        assert evidence.other_entries(self.engine) == told
        return found


@pytest.fixture(scope="module")
def database(postgres_url, template) -> Iterator[str]:
    yield from _copy(postgres_url, template)


@pytest.fixture(scope="module")
def crew(database, tmp_path_factory) -> Iterator[Crew]:
    config = load_config(
        {
            "INVO_DATABASE_URL": database,
            "INVO_DATA_DIR": str(tmp_path_factory.mktemp("crew")),
            "INVO_SECRET_KEYS": "test:" + "5e" * 32,
        }
    )
    engine = make_engine(database)
    deps = Deps(
        config=config,
        begin=unit_of_work(engine, config.mail_link_key),
        now=utc_now,
        mailer=Postbox(),
        wake=lambda: None,
    )
    try:
        yield open_bank(deps)
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def stage(request, database, crew, tmp_path_factory) -> Iterator[Stage]:
    """The web process a module names in ``SERVED``, with its ``VARIABLES``."""
    folder = tmp_path_factory.mktemp("house")
    more = getattr(request.module, "VARIABLES", {})
    engine = make_engine(database)
    with (
        mail_sink() as sink,
        House(
            folder,
            database,
            smtp_port=sink.port,
            INVO_DEMO_MAIL_PORT=str(sink.port),
            **without_pages(folder) | more,
        ) as house,
    ):
        house.start_web(request.module.SERVED)
        url = house.url.replace("127.0.0.1", "localhost")
        yield Stage(url, crew, engine, (folder / "web.log").read_text)
    engine.dispose()
