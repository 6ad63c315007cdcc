"""Run as a script: asks the kernel to end this process with its parent, then becomes the given program.

A start through this file rather than `preexec_fn`, which may deadlock in a supervisor that has threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, argv: list[str]) -> None:
    """Never returns. On Linux SIGTERM comes when the parent dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the kernel was asked
            raise SystemExit(1)
    os.execvp(argv[0], argv)  # noqa: S606 - the supervisor's own list of programs


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
