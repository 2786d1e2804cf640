"""A bank on the real clock, the API as the web process serves it, and its schema."""

import json
from dataclasses import replace

import pytest
import schemathesis

from invo_booking.domain.clock import utc_now
from tests.api.conftest import ORIGIN, kept_parts, serve
from tests.fuzz.sending import FORMATS, Sender
from tests.matrix.crew import open_bank

LEFT_OUT = ["/session/sign-out", "/session/password", "/session/images/{name}"]
"""What would end the sessions of those who go on, and a picture, which is no text."""

__all__ = ["kept_parts"]


@pytest.fixture(scope="module", autouse=True)
def _quick(quick_passwords) -> None:
    """Hash at next to no cost; the product's own costs have a test of their own."""
    del quick_passwords


@pytest.fixture
def sender(deps, kept_parts) -> Sender:
    """Somebody who sends what is made from the schema, without being counted."""
    del kept_parts
    config = deps.config.model_copy(update={"rate_limits": False})
    parts = replace(
        deps, config=config, now=utc_now, database_now=lambda _work: utc_now()
    )
    return Sender(serve(parts), open_bank(parts), ORIGIN)


@pytest.fixture(scope="session")
def written() -> list[str]:
    """What the API says of itself, once a test has asked; making it takes a second."""
    return []


@pytest.fixture
def schema(sender, written):
    """What the API says of itself, as the fuzzer reads it."""
    for name, values in FORMATS.items():
        schemathesis.openapi.format(name, values)
    if not written:
        written.append(sender.client.get("/api/v1/openapi.json").text)
    document = json.loads(written[0])
    return schemathesis.openapi.from_dict(document).exclude(path=LEFT_OUT)
