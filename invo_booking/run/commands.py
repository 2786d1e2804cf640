"""Format commands that an operator can type."""

import shlex
import sys
from pathlib import Path

from invo_booking.config import PROJECT, Config, default_data_dir
from invo_booking.texts import say

_NAME = "invo-booking"


def command_line(config: Config, *words: str) -> str:
    """Return a command for this installation that works in another terminal.

    The path of the program is relative to the product's folder. If the data folder is
    not the default folder, the command names the folder, because another terminal does
    not know it.

    Args:
        config: Configuration of this installation.
        words: Arguments of the program, such as ``"institution"``.
    """
    program = Path(sys.executable).with_name(_NAME)
    if not program.exists():
        command = [sys.executable, "-m", "invo_booking.cli"]
    elif program.is_relative_to(PROJECT):
        command = [str(program.relative_to(PROJECT))]
    else:
        command = [str(program)]
    folder = config.data_dir.resolve()
    arguments = (
        [] if folder == default_data_dir().resolve() else [f"INVO_DATA_DIR={folder}"]
    )
    return shlex.join([*arguments, *command, *words])


def run_institution_advice(config: Config) -> str:
    """Return how to create the institution, as a sentence with the command."""
    command = command_line(config, "institution")
    return say("operator.commands.create_environment", command=command)
