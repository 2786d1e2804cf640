"""Define the commands ``backup``, ``restore`` and ``release``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import open_parts, plain_line
from invo_booking.config import load_config
from invo_booking.domain.clock import utc_now
from invo_booking.run import instance
from invo_booking.run.backup import DUMP, restore_backup, take_backup
from invo_booking.texts import say
from invo_booking.texts.dates import instant_text
from invo_booking.usecases.upkeep import copies
from invo_booking.usecases.upkeep.copies import HeldBack

console = Console(highlight=False, soft_wrap=True)


def backup(
    *,
    to: Annotated[
        Path | None,
        typer.Option(
            help="Folder of all backups; by default INVO_BACKUP_DIR, or the folder "
            "backups within the data folder."
        ),
    ] = None,
    keep: Annotated[
        int,
        typer.Option(
            min=0, help="Number of backups to keep; by default INVO_BACKUPS_KEPT."
        ),
    ] = 0,
) -> None:
    """Back up the database; everybody can go on working."""
    config = load_config()
    folder = to or config.backup_dir or config.data_dir / "backups"
    with instance.open_database(config) as url:
        new_backup = take_backup(
            config, url, folder, utc_now(), keep=keep or config.backups_kept
        )
    size = (new_backup / DUMP).stat().st_size / 2**20
    console.print(
        say("operator.copies.backup_made", new_backup=new_backup, size=f"{size:.1f}")
    )
    console.print(say("operator.copies.keys_apart"))


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder that backup printed.")],
    *,
    without_keys: Annotated[
        bool, typer.Option(help="Restore even if a secret key is missing.")
    ] = False,
) -> None:
    """Restore a backup into an empty database, as a copy that sends nothing."""
    config = load_config()
    with instance.open_database(config) as url:
        description = restore_backup(config, url, folder, without_keys=without_keys)
    console.print(
        say(
            "operator.copies.restored",
            taken_at=instant_text(description.taken_at),
            product=description.product,
        )
    )
    console.print(say("operator.copies.is_copy"))


def release(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Release it.")] = False,
    drop_mails: Annotated[
        bool, typer.Option(help="Send no mail that waits or is due now.")
    ] = False,
) -> None:
    """List what a restored copy would do once released; with --yes, release it."""
    with open_parts() as deps:
        waiting = copies.held_back(deps)
        if waiting is None:
            console.print(say("operator.copies.not_copy"))
            return
        for line in _would_do(waiting):
            console.print(plain_line(line))
        if not yes:
            console.print(say("operator.copies.release_refused"))
            return
        copies.release_copy(deps, drop_mails=drop_mails)
    console.print(say("operator.copies.released"))


def _would_do(waiting: HeldBack) -> list[str]:
    oldest, writes = waiting.oldest_mail, waiting.calendar_writes
    since = (
        say("operator.copies.mails_oldest", oldest=instant_text(oldest))
        if oldest
        else ""
    )
    return [
        say("operator.copies.due_mails", mails=waiting.mails, since=since),
        say("operator.copies.due_reminders", reminders=waiting.reminders),
        say("operator.copies.due_expiries", expiring=waiting.expiring),
        say("operator.copies.due_completions", ending=waiting.ending),
        say("operator.copies.due_deletions", purging=waiting.purging),
        say("operator.copies.due_writes", writes=writes),
        say(
            "operator.copies.provider",
            value=waiting.provider or say("operator.copies.no_provider"),
        ),
    ]
