"""The peers' own virtual environment, made once a machine for each set of pins with nothing but `venv` and `pip`."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable

PINS = pathlib.Path(__file__).with_name("requirements.txt")
ROOT = pathlib.Path(__file__).resolve().parents[2]


def _cache() -> pathlib.Path:
    """All checkouts of a machine share it, for every name in it says of which versions it is; without a home of one's
    own it lies in the checkout.
    """
    shared = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "distportal-erp-peers"
    try:
        shared.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ROOT / ".local" / "erp-peers"
    return shared


CACHE = _cache()


def fingerprint(*parts: str) -> str:
    """Changes with the pins, the Python, and whatever else is given."""
    text = "\n".join((PINS.read_text(), sys.version, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def peers_environment() -> pathlib.Path:
    """The folder of the environment. Raises CalledProcessError when the registry cannot be reached: never a skip."""
    return made_once(f"venv-{fingerprint()}", _install)


def made_once(name: str, make: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """The cached folder `name`, filled by `make` if it is not there whole; two processes never make it at once."""
    folder = CACHE / name
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            (folder / "whole").touch()
    return folder


def _install(folder: pathlib.Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(PINS)], check=True)
