"""A job that kills the process which runs it. Only workers that import this know it: `-I tests.faults.poison`."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import Any

from distportal.events.registry import job_handler

KIND = "test.poison"


@job_handler(KIND, lane="bulk")
def poison(payload: Mapping[str, Any]) -> None:
    """Nobody hears of it."""
    os.kill(os.getpid(), signal.SIGKILL)


@job_handler("test.harmless", lane="bulk")
def harmless(payload: Mapping[str, Any]) -> None:
    """Done at once."""
