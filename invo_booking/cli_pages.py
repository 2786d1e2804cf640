"""The command that builds the pages without serving them."""

import os

from rich.console import Console

from invo_booking.config import load_config
from invo_booking.run import frontend

console = Console(highlight=False, soft_wrap=True)


def build() -> None:
    """Build the pages for INVO_PUBLIC_URL, for example into a container image."""
    config = load_config()
    frontend.build_pages(config, os.environ, console.print)
    console.print(f"The pages for {config.public_url} are built.")
