"""Define the command that builds the pages without serving them."""

import os

from rich.console import Console

from invo_booking.config import load_config
from invo_booking.run import frontend
from invo_booking.texts import say

console = Console(highlight=False, soft_wrap=True)


def build() -> None:
    """Build the pages for INVO_PUBLIC_URL, for example into a container image."""
    config = load_config()
    frontend.build_pages(config, os.environ, console.print)
    console.print(say("operator.pages.built", public_url=config.public_url))
