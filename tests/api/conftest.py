"""The API as the web process serves it, with pages replaced by one line of text."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from invo_booking import bootstrap
from invo_booking.api import guarded, transformers
from invo_booking.config import Config, load_config
from invo_booking.domain.clock import utc_now
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.usecases.shared.deps import Deps

ORIGIN = "http://localhost:8000"


def serve(deps: Deps, caller: str = "127.0.0.1") -> TestClient:
    """A caller of the web process that these parts make."""
    bootstrap.use(deps)
    app = PlainTextResponse("a page")
    for transform in transformers(deps.config):
        app = transform(app)
    return TestClient(
        guarded(app, deps.config),
        base_url=ORIGIN,
        follow_redirects=False,
        client=(caller, 50_000),
    )


def without_database(config: Config, error: Exception) -> Deps:
    """Parts whose every transaction fails."""

    def fail(_caller):
        raise error

    return Deps(
        config=config,
        begin=fail,
        now=utc_now,
        mailer=SmtpMailer(config),
        wake=lambda: None,
    )


@pytest.fixture
def bare(tmp_path) -> Config:
    """A deployment without a database."""
    return load_config({"INVO_DATA_DIR": str(tmp_path), "INVO_RATE_LIMITS": "off"})


@pytest.fixture
def kept_parts() -> Iterator[None]:
    """Leave this process's parts as they were."""
    before = list(bootstrap._kept)  # noqa: SLF001
    yield
    bootstrap._kept[:] = before  # noqa: SLF001


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
    bootstrap.use(replace(deps, config=config))
    return bootstrap.deps()


@pytest.fixture
def failing(bare, kept_parts) -> Callable[..., TestClient]:
    """Make a caller of a web process whose every transaction fails in some way."""
    del kept_parts
    return lambda error, **caller: serve(without_database(bare, error), **caller)


@pytest.fixture
def lonely(failing) -> TestClient:
    """A caller whose requests must be refused before anything asks the database."""
    return failing(AssertionError("asked the database"))
