"""Servers of their own for these tests, in a folder of their own."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def state() -> Iterator[pathlib.Path]:
    """An empty state folder that the database's user can reach; whatever runs there is stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="ops-test-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o711)
        yield folder
        embedded(folder, "wipe").communicate(timeout=30)


def embedded(state: pathlib.Path, command: str) -> subprocess.Popen[str]:
    """`python -m distportal.embedded COMMAND` as a process, without the URLs of the test run."""
    hidden = ("DATABASE_URL", "REDIS_URL", "CACHE_URL")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.Popen(
        [sys.executable, "-m", "distportal.embedded", command],
        cwd=ROOT,
        env={**env, "OPS_STATE": str(state)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(state: pathlib.Path, command: str) -> str:
    """What the command printed; fails the test when it did not succeed."""
    process = embedded(state, command)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def urls(state: pathlib.Path) -> dict[str, str]:
    """The URLs that `env` prints, servers started if need be."""
    lines = run(state, "env").splitlines()
    return {name: value.strip("'") for name, value in (line.removeprefix("export ").split("=", 1) for line in lines)}
