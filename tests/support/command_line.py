"""The command line, as an operator types it: each command is a process of its own.

These processes are forked from one that has imported the program already. Importing
it takes longer than most commands.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from invo_booking import cli
from invo_booking.config import PROJECT

PATIENCE = 120
"""Seconds a command may take."""

_IMPORTED = multiprocessing.get_context("forkserver")
_IMPORTED.set_forkserver_preload([cli.__name__])


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit code, and what it printed."""

    returncode: int | None
    stdout: str
    stderr: str


def run_command(*arguments: str, typed: str = "", **variables: str) -> Ended:
    """Run ``invo-booking`` with these arguments and variables until it ends.

    Args:
        typed: What the operator types when asked, line by line.
    """
    kept = {name: text for name, text in os.environ.items() if name[:5] != "INVO_"}
    with TemporaryDirectory() as folder:
        answers, out, err = (Path(folder, it) for it in ("in", "out", "err"))
        answers.write_text(typed)
        process = _IMPORTED.Process(
            target=_run, args=(arguments, {**kept, **variables}, (answers, out, err))
        )
        process.start()
        process.join(PATIENCE)
        has_ended = process.exitcode is not None
        process.kill()
        assert has_ended, f"{arguments} takes too long: {err.read_text()}"
        return Ended(process.exitcode, out.read_text(), err.read_text())


def _run(
    arguments: tuple[str, ...],
    environment: Mapping[str, str],
    files: tuple[Path, Path, Path],
) -> None:
    answers, out, err = files
    sys.stdin = answers.open()
    for path, stream in ((out, sys.stdout), (err, sys.stderr)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT)
    sys.argv = ["invo-booking", *arguments]
    cli.main()
