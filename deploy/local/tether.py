"""Become another program that cannot outlive its parent.

    python -I -S tether.py PARENT SIGNAL UID GID PROGRAM [ARGUMENT …]

Run as a file of its own between fork and the real program, since a fork of a threaded interpreter must not
run Python. The kernel forgets the parent-death signal when credentials change, hence the order: first the
user, then the signal. Imports nothing but the standard library: it runs isolated, before the project can be
imported.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Drop to the user, tie the life to the parent's, and become the program.

    Args:
        arguments: PARENT, SIGNAL, UID, GID (the latter two -1 to stay as we are), then the program's own
            argv.
    """
    parent, number, uid, gid = (int(argument) for argument in arguments[:4])
    program = arguments[4:]
    if gid >= 0:
        os.setgroups([])
        os.setgid(gid)
    if uid >= 0:
        os.setuid(uid)
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # the parent died before the signal was armed
        raise SystemExit(1)
    os.execv(program[0], program)


if __name__ == "__main__":
    main(sys.argv[1:])
