"""Replace this process by another program, which ends when the parent process ends.

This module runs as a script, by its path and with only the standard library, so that it
starts quickly. The module can also change to another user, for a program that must not
run as root::

    python -I leash.py SIGNAL USER PARENT PROGRAM ARGUMENT...

The Linux kernel sends ``SIGNAL`` to the program when the parent dies in any way, even
by ``kill -9``. ``USER`` is a system user's name, or ``-`` for no change. ``PARENT`` is
the process id of the parent.
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
    """Return a command line whose program ends when the calling process ends.

    Start the command in the main thread: for Linux, the parent is the thread that
    starts a program, not the process.

    Args:
        command: Absolute path of the program, and its arguments.
        on_parent_death: Signal that the program gets when its parent dies.
        user: System user that runs the program; empty for the current user.
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
    """Change the user, request the signal, and become the program to be run."""
    number, user, parent, *command = arguments
    if user != "-":
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))
    if os.getppid() != int(parent):  # the parent died before we asked for the signal
        sys.exit(1)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.execv(command[0], command)  # noqa: S606 - the caller's own program


if __name__ == "__main__":
    main(sys.argv[1:])
