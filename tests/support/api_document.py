"""What the API says of itself, made once for all tests: making it takes a second."""

from functools import cache
from typing import Any

from fastapi import FastAPI

from invo_booking.api.application import create_api
from invo_booking.config import load_config


@cache
def plain_api() -> FastAPI:
    """Return the API of a deployment that sets nothing; no test changes it."""
    return create_api(load_config({}))


def api_document() -> dict[str, Any]:
    """Return its OpenAPI document."""
    return plain_api().openapi()
