"""Become another program that ends when its parent process ends.

Runs as a script, by path and with only the standard library, so that it is quick and
can drop root's rights for a program that must not have them::

    python -I leash.py SIGNAL USER PARENT PROGRAM ARGUMENT...

``SIGNAL`` is sent by the kernel (Linux only) when the parent dies in any way, even by
``kill -9``; ``USER`` is a system user's name or ``-`` for no change; ``PARENT`` is the
process id of the parent.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

PR_SET_PDEATHSIG = 1
"""``prctl`` option of Linux; see ``man 2 PR_SET_PDEATHSIG``."""


def leash_command(
    command: Sequence[str], *, on_parent_death: signal.Signals, user: str = ""
) -> list[str]:
    """Return a command line that ends when the calling process does.

    Args:
        command: Absolute path of the program, and its arguments.
        on_parent_death: Signal at the parent's death. Must be started by the main
            thread, because for Linux the parent is the thread, not the process.
        user: System user to run as; empty for the current one.
    """
    return [
        sys.executable,
        "-I",
        __file__,
        str(int(on_parent_death)),
        user or "-",
        str(os.getpid()),
        *command,
    ]


def main(arguments: Sequence[str]) -> NoReturn:
    """Change user, ask for the signal, and become the program."""
    number, user, parent, *command = arguments
    if user != "-":
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))
    if os.getppid() != int(parent):  # it died before we asked
        sys.exit(1)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.execv(command[0], command)  # noqa: S606 - the caller's own program


if __name__ == "__main__":
    main(sys.argv[1:])
