"""An independent client of Exchange for Node, fetched once into the build's cache."""

import json
from pathlib import Path
from typing import Any

from tests.support.exchange.exchange import Exchange
from tests.support.vendor.node import Workshop

SHOP = Workshop(Path(__file__).parent / "node", "fake-exchange")


def ask_by_client(exchange: Exchange, steps: list[dict[str, Any]]) -> list[Any]:
    """Have ews-javascript-api take steps, signed in by NTLM or Basic.

    Raises:
        AssertionError: If a step failed.
    """
    answers = SHOP.run(
        "node",
        "client.mjs",
        exchange.url,
        exchange.user,
        exchange.password,
        text=json.dumps(steps),
        NODE_EXTRA_CA_CERTS=str(exchange.ca_file),
        TZ="UTC",
    )
    listed = list(json.loads(answers))
    assert [it["error"] for it in listed if "error" in it] == []
    return [it["answer"] for it in listed]
