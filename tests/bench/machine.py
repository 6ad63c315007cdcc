"""The machine that figures were measured on, in one line."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from pathlib import Path

_LOOPS = 100_000


def machine_facts() -> str:
    """Processor, cores, memory, Python and its pace, system and the state of the code."""
    cores, size = os.cpu_count() or 0, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    told = [f"{cores} cores ({_processor()})", f"{size:.0f} GB", f"Python {platform.python_version()} ({pace()})"]
    return ", ".join([*told, f"{platform.system()} {platform.release()}", f"commit {_commit()}"])


def pace() -> str:
    """How long Python takes here and now for a fixed piece of work: builds without profiles of their own use take half
    as long again as Debian's, and a machine that others share has slow hours.
    """
    took = []
    for _ in range(7):
        began, kept = time.process_time(), dict[int, str]()
        for number in range(_LOOPS):
            kept[number % 1000] = str(number) if isinstance(number, int) else ""
        took.append(time.process_time() - began)
    return f"{min(took) * 1000:.0f} ms a {_LOOPS // 1000} k loops"


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    return told.stdout.strip() or "unknown"
