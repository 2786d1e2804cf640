"""Microsoft's own types and client for Node, fetched once into the build's cache."""

import json
from pathlib import Path
from typing import Any

from tests.support.vendor.node import Workshop

SOURCES = Path(__file__).parent / "node"
SCHEMA = Path(__file__).parent / "graph-schema.json"
SHOP = Workshop(SOURCES, "fake-microsoft")


def made_schema() -> dict[str, Any]:
    """Generate the schemas of the types we use from Microsoft's types."""
    return dict(json.loads(SHOP.run("node", "generate.mjs")))


def ask_by_client(
    url: str, token: str, ca_file: Path, calls: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Make calls through Microsoft's own client; return what each was answered."""
    answers = SHOP.run(
        "node",
        "client.mjs",
        f"{url}/",
        token,
        text=json.dumps(calls),
        NODE_EXTRA_CA_CERTS=str(ca_file),
    )
    return list(json.loads(answers))
