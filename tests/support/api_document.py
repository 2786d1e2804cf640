"""What the API says of itself, made once for all tests: making it takes a second."""

from functools import cache
from typing import Any

from invo_booking.api.application import create_api
from invo_booking.config import load_config


@cache
def api_document() -> dict[str, Any]:
    """Return the OpenAPI document of a deployment that sets nothing."""
    return create_api(load_config({})).openapi()
