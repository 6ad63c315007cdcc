"""The machine that figures were measured on, in one line."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path


def machine_facts() -> str:
    """Processor, cores, memory, Python, system and the state of the code."""
    cores, size = os.cpu_count() or 0, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    told = [f"{cores} cores ({_processor()})", f"{size:.0f} GB", f"Python {platform.python_version()}"]
    return ", ".join([*told, f"{platform.system()} {platform.release()}", f"commit {_commit()}"])


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    return told.stdout.strip() or "unknown"
