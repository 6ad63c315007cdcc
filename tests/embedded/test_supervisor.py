"""The supervisor keeps its children alive and leaves none behind."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.embedded.conftest import ROOT

T = TypeVar("T")
SCRIPT = """
    import sys
    from distportal.embedded.supervisor import Program, Supervisor
    folder = sys.argv[1]
    sleeper = (
        "import os, subprocess, sys, time;"
        "grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]]);"
        "open(sys.argv[1] + '/started', 'a').write(f'{os.getpid()} {grandchild.pid}\\\\n');"
        "print('hello from the child', flush=True); time.sleep(600)"
    )
    raise SystemExit(Supervisor([Program("sleeper", [sys.executable, "-c", sleeper, folder])]).run())
"""


@pytest.fixture
def supervisor(tmp_path: pathlib.Path) -> Iterator[subprocess.Popen[str]]:
    process = _python(SCRIPT, tmp_path)
    yield process
    process.kill()
    process.communicate()


def test_a_killed_child_is_started_again_and_nothing_of_it_is_left(
    supervisor: subprocess.Popen[str], tmp_path: pathlib.Path
) -> None:
    child, grandchild = _wait(lambda: _started(tmp_path, 1))[0]
    os.kill(child, signal.SIGKILL)
    _wait(lambda: _started(tmp_path, 2))
    _wait(lambda: not _alive(grandchild))
    supervisor.send_signal(signal.SIGINT)
    out, _ = supervisor.communicate(timeout=60)
    assert supervisor.returncode == 0
    assert out.splitlines().count("sleeper | hello from the child") == 2
    assert "sleeper | ended with -9; starts again in 0.5 s" in out
    assert not any(_alive(pid) for pair in _started(tmp_path, 2) for pid in pair)


def test_sigterm_ends_children_and_grandchildren(supervisor: subprocess.Popen[str], tmp_path: pathlib.Path) -> None:
    pair = _wait(lambda: _started(tmp_path, 1))[0]
    supervisor.terminate()
    assert supervisor.wait(timeout=60) == 0
    assert not any(_alive(pid) for pid in pair)


def test_a_killed_supervisor_takes_its_children_along(
    supervisor: subprocess.Popen[str], tmp_path: pathlib.Path
) -> None:
    child, grandchild = _wait(lambda: _started(tmp_path, 1))[0]
    supervisor.kill()
    _wait(lambda: not _alive(child))
    os.kill(grandchild, signal.SIGKILL)  # it lost its parent without a chance to be told


def test_a_child_that_keeps_failing_stops_everything_with_a_failure(tmp_path: pathlib.Path) -> None:
    process = _python(
        """
        import sys
        from distportal.embedded import supervisor
        supervisor.MAX_FAILURES = 1
        programs = [supervisor.Program("bad", [sys.executable, "-c", "raise SystemExit(3)"])]
        raise SystemExit(supervisor.Supervisor(programs).run())
        """,
        tmp_path,
    )
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out.splitlines() == [
        "bad | ended with 3; starts again in 0.5 s",
        "bad | ended with 3 2 times within a minute; stopping everything",
    ]


def test_later_programs_wait_for_the_first_page(tmp_path: pathlib.Path) -> None:
    (tmp_path / "page").write_text("ok")
    process = _python(
        """
        import socket, sys
        from distportal.embedded.supervisor import Program, Supervisor
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        web = "import time; time.sleep(0.5); from http.server import test, SimpleHTTPRequestHandler as H;"
        web += f"test(H, port={port}, bind='127.0.0.1')"
        supervisor = Supervisor([
            Program("web", [sys.executable, "-c", web], ready_url=f"http://127.0.0.1:{port}/page",
                    on_ready=lambda: print("first page", flush=True)),
            Program("worker", [sys.executable, "-c", "import os, time; print('worker', flush=True); time.sleep(1); "
                               "os.kill(os.getppid(), 15)"]),
        ])
        raise SystemExit(supervisor.run())
        """,
        tmp_path,
    )
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    told = [line for line in out.splitlines() if line in ("first page", "worker | worker")]
    assert told == ["first page", "worker | worker"]


def _python(script: str, folder: pathlib.Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(folder)],
        cwd=ROOT if not (folder / "page").exists() else folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _started(folder: pathlib.Path, count: int) -> list[tuple[int, int]]:
    """Pids of child and grandchild per start, once there were so many starts."""
    file = folder / "started"
    pairs = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
    return [(int(child), int(grandchild)) for child, grandchild in pairs] if len(pairs) >= count else []


def _wait(question: Callable[[], T]) -> T:
    """The first true answer; a minute without one is a hang."""
    end = time.monotonic() + 60
    while not (answer := question()):
        assert time.monotonic() < end, "it did not happen within a minute"
        time.sleep(0.05)
    return answer


def _alive(pid: int) -> bool:
    """Whether the process runs; a zombie that nobody has collected yet does not."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
