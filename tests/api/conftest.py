"""The API as the web process serves it, with pages replaced by one line of text."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from invo_booking import bootstrap
from invo_booking.api import transformers, with_gate
from invo_booking.config import Config, load_config
from invo_booking.domain.clock import utc_now
from invo_booking.usecases.shared.deps import Deps
from tests.support.bank import PASSWORD
from tests.support.fakes import Postbox

ORIGIN = "http://localhost:8000"


def web_process(config: Config) -> ASGIApp:
    """What a web process of this deployment serves; it asks for its parts at work."""
    app = PlainTextResponse("a page")
    for transform in transformers(config):
        app = transform(app)
    return with_gate(app, config)


def serve(
    deps: Deps, caller: str = "127.0.0.1", app: ASGIApp | None = None
) -> TestClient:
    """A caller of the web process that these parts make.

    Args:
        deps: The parts.
        caller: Where the caller is.
        app: The process, if it is there already.
    """
    bootstrap.use_deps(deps)
    client = TestClient(
        app or web_process(deps.config),
        base_url=ORIGIN,
        follow_redirects=False,
        client=(caller, 50_000),
    )
    client.portal = event_loop()
    return client


@cache
def event_loop() -> BlockingPortal:
    """The one event loop in which requests are served, as in a web process.

    Without it, each request starts a thread and a loop of its own.
    """
    kept = ExitStack()
    atexit.register(kept.close)
    return kept.enter_context(start_blocking_portal())


def without_database(config: Config, error: Exception) -> Deps:
    """Parts whose every transaction fails."""

    def fail(_caller):
        raise error

    return Deps(
        config=config,
        begin=fail,
        now=utc_now,
        mailer=Postbox(),
        wake=lambda: None,
    )


@pytest.fixture(scope="module", autouse=True)
def _quick(quick_passwords) -> None:
    """Hash at next to no cost; the product's own costs have a test of their own."""
    del quick_passwords


@pytest.fixture(scope="session")
def bare(tmp_path_factory) -> Config:
    """A deployment without a database."""
    folder = tmp_path_factory.mktemp("bare")
    return load_config({"INVO_DATA_DIR": str(folder), "INVO_RATE_LIMITS": "off"})


@pytest.fixture(scope="session")
def bare_app(bare) -> ASGIApp:
    """Its web process, which keeps nothing from one request to the next."""
    return web_process(bare)


@pytest.fixture
def kept_parts() -> Iterator[None]:
    """Leave this process's parts as they were."""
    before = list(bootstrap._built)  # noqa: SLF001
    yield
    bootstrap._built[:] = before  # noqa: SLF001


@pytest.fixture
def api(deps, kept_parts) -> TestClient:
    """A caller of a web process with a database."""
    del kept_parts
    return serve(deps)


@pytest.fixture
def no_mail_server(api, deps) -> Deps:
    """Make the web process one that nobody has named a mail server to."""
    del api
    config = deps.config.model_copy(update={"smtp_host": ""})
    bootstrap.use_deps(replace(deps, config=config))
    return bootstrap.deps()


@pytest.fixture
def failing(bare, bare_app, kept_parts) -> Callable[..., TestClient]:
    """Make a caller of a web process whose every transaction fails in some way."""
    del kept_parts

    def make(error: Exception, caller: str = "127.0.0.1") -> TestClient:
        return serve(without_database(bare, error), caller, bare_app)

    return make


@pytest.fixture
def lonely(failing) -> TestClient:
    """A caller whose requests must be refused before anything asks the database."""
    return failing(AssertionError("asked the database"))


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)
