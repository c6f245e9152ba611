"""Runs a command that the kernel kills when its parent ends: `die_with_parent.py PARENT_PID COMMAND …`. Linux only.

A launcher of its own because Python code between fork and exec is unsafe in a parent with threads. The signal is
SIGKILL: a parent that was itself killed can no longer insist, and every process of ours survives being killed.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(argv: list[str]) -> None:
    """Replace this process by the command. Ends at once if the parent is gone already."""
    parent, *command = argv
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != int(parent):
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 -- the command is our own


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"{sys.argv[2]}: {error}")
