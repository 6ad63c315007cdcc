"""What the product says of itself, for deploy/ to be held against."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from distportal.management.demo_programs import programs

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
LANES = set(settings.LANES)
ORDERS_PASS = {"edi_in", "orders", "erp_write", "edi_out", "edi_net"}
"""Lanes that have right of way where processors are short."""
_READ = re.compile(r'(?:env\.\w+\(|os\.environ(?:\.get)?[\[(])\s*f?"([A-Z0-9_{}.a-z()]+)"')
POOL_THREADS = 4
"""Connections of one web process: its blocking threads."""


def settings_read() -> set[str]:
    """Every environment variable that the product reads."""
    text = "".join(path.read_text() for path in (ROOT / "distportal").rglob("*.py"))
    names = {name for name in _READ.findall(text) if "{" not in name}
    return names | {f"PRESSURE_{name}" for name in ("REDIS", "CONNECTIONS")} | {"EMAIL_HOST_USER"}


def env_file(name: str) -> dict[str, str]:
    """Names and values of an env file."""
    lines = (DEPLOY / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def documents(*paths: str) -> list[dict[str, Any]]:
    """Every YAML document of these files below deploy/."""
    return [
        found for path in paths for found in yaml.safe_load_all((DEPLOY / path).read_text()) if isinstance(found, dict)
    ]


def argv(name: str) -> list[str]:
    """How the demo starts a process of that name, from the module or the command on."""
    program = next(program for program in programs(on_first_page=lambda: None) if program.name == name)
    return list(program.argv[1:])


def worker_flags() -> set[str]:
    """The switches that every worker has in the demo."""
    return {word for word in argv("orders") if word.startswith("--without")}


def most_connections(lanes: Iterable[tuple[int, int]], *, web: int, web_processes: int, others: int) -> int:
    """To PostgreSQL at the most: (workers, processes) a lane, web pods and their processes, all else one each."""
    return sum(workers * pool for workers, pool in lanes) + web * web_processes * POOL_THREADS + others
