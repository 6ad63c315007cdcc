"""Make the foreign systems in the background while other tests run: `python -m tests.erp_peers.ahead`.

Whoever needs one meanwhile waits for the same lock, and finds it made.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.erp_peers.tryton import tryton_base

_LEAST_URGENT = 10


_running = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where the whole suite runs on several workers, they are made before anybody asks."""
    config = session.config
    whole = config.args_source == pytest.Config.ArgsSource.TESTPATHS and not config.getoption("keyword")
    if whole and config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        config.stash[_running] = subprocess.Popen(
            [sys.executable, "-m", __name__], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whatever is not done by then is not needed; what is half made is made anew by the next run."""
    running = session.config.stash.get(_running, None)
    if running is not None and running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


if __name__ == "__main__":
    os.nice(_LEAST_URGENT)
    tryton_base()
