"""Back up, restore and release: ``invo-booking backup`` and its kin."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import open_parts, plain_line
from invo_booking.config import load_config
from invo_booking.domain.clock import utc_now
from invo_booking.run import instance
from invo_booking.run.backup import DUMP, restore_backup, take_backup
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
    console.print(f"{new_backup} is complete ({size:.1f} MB).")
    console.print("The secret keys are not in it. Keep them in another place.")


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
        f"Restored: the data of {description.taken_at:%-d %B %Y, %H:%M} UTC, made by "
        f"version {description.product}."
    )
    console.print(
        "It is a copy: no mail is sent, nothing expires, and calendars are neither "
        "read nor written until you run: invo-booking release"
    )


def release(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Release it.")] = False,
    drop_mails: Annotated[
        bool, typer.Option(help="Drop all mails that wait instead of sending them.")
    ] = False,
) -> None:
    """List what a restored copy would do at once, and release it with --yes."""
    with open_parts() as deps:
        waiting = copies.held_back(deps)
        if waiting is None:
            console.print("This database is no copy. There is nothing to release.")
            return
        for line in _would_do(waiting):
            console.print(plain_line(line))
        if not yes:
            console.print(
                "Nothing was released. Make sure that the original does not run any "
                "more, then add --yes; with --drop-mails, the mails are dropped."
            )
            return
        copies.release_copy(deps, drop_mails=drop_mails)
    console.print("Released. The workers begin within seconds.")


def _would_do(waiting: HeldBack) -> list[str]:
    oldest, writes = waiting.oldest_mail, waiting.calendar_writes
    since = f", the oldest of {oldest:%-d %B %Y, %H:%M} UTC" if oldest else ""
    return [
        f"Mails to send: {waiting.mails}{since}.",
        f"Requests to expire: {waiting.expiring}.",
        f"Appointments to close because they are over: {waiting.ending}.",
        f"Events to write to the host calendar or to remove: {writes}.",
        f"Calendar provider: {waiting.provider or 'none is connected'}.",
    ]
