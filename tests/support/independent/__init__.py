"""Servers of others, fetched once into the build's cache, that our code must satisfy.

Source:
    github.com/panva/node-oidc-provider: an OpenID Certified authorization server
    github.com/vercel-labs/emulate: an emulator of Google's calendars, among others
"""

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.support.vendor.certificates import make_certificates
from tests.support.vendor.node import BIN, Workshop
from tests.support.vendor.sign_in import trusting

HERE = Path(__file__).parent
MOST_STEPS = 12


@dataclass(frozen=True)
class IndependentServer:
    """A running server.

    Attributes:
        url: Its address.
        ca_file: Whom to trust for it.
    """

    url: str
    ca_file: Path

    def visit(self, address: str, back: str) -> dict[str, str]:
        """Follow a sign-in as a browser does; return what is brought back.

        Args:
            address: Where the product sends the browser.
            back: The address to which the server sends it afterwards.
        """
        with httpx.Client(verify=trusting(self.ca_file), trust_env=False) as browser:
            for _ in range(MOST_STEPS):
                answer = browser.get(address)
                assert answer.is_redirect, answer.text
                address = str(answer.url.join(answer.headers["location"]))
                if address.startswith(back):
                    return dict(parse_qsl(urlsplit(address).query))
        raise AssertionError("the browser was not sent back")


@contextmanager
def running_server(
    name: str, folder: Path, settings: Mapping[str, Any]
) -> Iterator[IndependentServer]:
    """Run a server over TLS while the block lasts.

    Args:
        name: Of its folder beside this module.
        folder: Of its certificates.
        settings: What its ``server.mjs`` reads.
    """
    files = make_certificates(folder)
    shop = Workshop(HERE / name, f"independent-{name}")
    process = subprocess.Popen(
        [
            str(BIN / "node"),
            "server.mjs",
            json.dumps({"folder": str(folder), **settings}),
        ],
        cwd=shop.folder(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # the wheel's node is a child of what is started
    )
    assert process.stdout is not None
    try:
        lines = (line.strip() for line in process.stdout)
        url = next(line for line in lines if line.startswith("https://"))
        yield IndependentServer(url, files.ca_file)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        process.stdout.close()
