"""The demo's mail server: accepts all mail on loopback and delivers none.

Run the server as ``python -m invo_booking.mail.demo_smtp``; it ends on SIGTERM or
SIGINT. The mails are stored in the data folder and shown at ``/demo/mailbox``.
"""

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from invo_booking.config import load_config
from invo_booking.domain.clock import utc_now
from invo_booking.mail.mailbox import demo_mailbox_folder, keep_demo_mail

LARGEST_MAIL = 1_000_000
"""Largest mail in bytes; the product's own mails have about a fiftieth of this size."""


class Sink:
    """Stores arriving mails; called by aiosmtpd."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = utc_now) -> None:
        self._folder = folder
        self._now = now

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd looks for
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Store one mail and return the SMTP reply."""
        del server, session
        content = envelope.original_content or b""
        await asyncio.to_thread(keep_demo_mail, self._folder, content, self._now())
        return "250 Kept for the demo"


async def serve_demo_mail(folder: Path, port: int) -> None:
    """Accept mail on 127.0.0.1 until SIGTERM or SIGINT.

    Raises:
        OSError: If the port is in use.
    """
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ended.set)
    sink = Sink(folder)
    server = await loop.create_server(
        lambda: SMTP(sink, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True),
        "127.0.0.1",
        port,
    )
    async with server:
        await ended.wait()


def serve_demo_smtp() -> None:
    """Serve the demo's mailbox with the configuration in force, until a signal."""
    config = load_config()
    asyncio.run(serve_demo_mail(demo_mailbox_folder(config), config.demo_port))


if __name__ == "__main__":
    serve_demo_smtp()
