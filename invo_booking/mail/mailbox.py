"""Store the demo's mails in a folder, one file each."""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default
from functools import lru_cache
from pathlib import Path

from invo_booking.config import Config
from invo_booking.domain.errors import NotFoundError
from invo_booking.mail.plain import one_line_of_mail
from invo_booking.texts import say

KEPT = 500
"""Largest number of mails in a folder; beyond this number, the oldest mails are
deleted."""

_ID = re.compile(r"\d{20}-[0-9a-f]{32}")
_WRITTEN = "%Y%m%d%H%M%S%f"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSummary:
    """One mail in the list.

    Attributes:
        id: Id for ``read_demo_mail``; unguessable.
        received_at: In UTC.
    """

    id: str
    sender: str
    to: str
    subject: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView(MailSummary):
    """One mail with its contents.

    Attributes:
        html: The mail's own HTML; show it only in a frame without scripts.
        ics: The invitation as iCalendar text; may be empty.
    """

    text: str
    html: str
    ics: str


def demo_mailbox_folder(config: Config) -> Path:
    """Return the folder of the demo's mails."""
    return config.data_dir / "demo-mailbox"


def keep_demo_mail(
    folder: Path, content: bytes, received_at: datetime, *, most: int = KEPT
) -> str:
    """Store one mail atomically and return its id.

    If there are more than ``most`` mails, the oldest are deleted.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity = f"{received_at.astimezone(UTC):{_WRITTEN}}-{secrets.token_hex(16)}"
    draft = folder / f"{identity}.part"
    draft.write_bytes(content)
    draft.replace(folder / f"{identity}.eml")
    for old in _newest_first(folder)[most:]:
        old.unlink(missing_ok=True)
    return identity


def list_demo_mails(folder: Path, limit: int = 100) -> tuple[MailSummary, ...]:
    """Return the newest mails, newest first; empty if there is no folder."""
    return tuple(_lines(folder, limit))


def read_demo_mail(folder: Path, message_id: str) -> MailView:
    """Return one mail.

    Raises:
        NotFoundError: If the id is not valid, or the mail was deleted.
    """
    if not _ID.fullmatch(message_id):
        raise NotFoundError(say("mail.mailbox.unknown_mail"))
    path = folder / f"{message_id}.eml"
    try:
        message = _parse_mail(path)
    except FileNotFoundError as error:
        raise NotFoundError(say("mail.mailbox.unknown_mail")) from error
    line = _line(path, message)
    return MailView(
        id=line.id,
        sender=line.sender,
        to=line.to,
        subject=line.subject,
        received_at=line.received_at,
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        ics=_part(message, "text/calendar"),
    )


def _newest_first(folder: Path) -> list[Path]:
    paths = (path for path in folder.glob("*.eml") if _ID.fullmatch(path.stem))
    return sorted(paths, reverse=True)


def _lines(folder: Path, limit: int) -> Iterator[MailSummary]:
    for path in _newest_first(folder)[:limit]:
        with suppress(FileNotFoundError):  # deleted just now, for a newer mail
            yield _summary(path)


@lru_cache(maxsize=KEPT)  # a mail never changes, and the list is read every few seconds
def _summary(path: Path) -> MailSummary:
    return _line(path, _headers(path))


def _line(path: Path, message: EmailMessage) -> MailSummary:
    number = path.stem.partition("-")[0]
    received_at = datetime.strptime(f"{number}+0000", f"{_WRITTEN}%z")
    return MailSummary(
        id=path.stem,
        sender=_header(message, "From"),
        to=_header(message, "To"),
        subject=_header(message, "Subject"),
        received_at=received_at.astimezone(UTC),
    )


def _parse_mail(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return BytesParser(policy=default).parse(file)


def _headers(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return BytesHeaderParser(policy=default).parse(file)


def _header(message: EmailMessage, name: str) -> str:
    return one_line_of_mail(str(message.get(name, "")))


def _part(message: EmailMessage, content_type: str) -> str:
    for part in message.walk():
        if part.get_content_type() == content_type and not part.is_attachment():
            payload = part.get_payload(decode=True)
            content = payload if isinstance(payload, bytes) else b""
            return content.decode("utf-8", errors="replace")
    return ""
