"""What we build on comes by version and hash; what a linter for security finds is silenced in single places alone."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text()))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-otel.lock", "requirements-dev.lock"])
def test_every_package_of_a_lock_has_a_version_and_its_hashes(lock: str) -> None:
    text = re.sub(r" *\\\n *", " ", (ROOT / lock).read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) == len(pins(lock)) > 50
    assert [line for line in lines if "--hash=sha256:" not in line or "==" not in line or "@" in line] == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project, dev = PROJECT["project"], PROJECT["dependency-groups"]["dev"]
    optional = project["optional-dependencies"]["otel"]
    lines = [*project["dependencies"], *optional, *dev]
    asked = {
        match[1].lower(): match[3] for line in lines if (match := re.match(r"([A-Za-z0-9._-]+)(\[.*\])?==(\S+)$", line))
    }
    assert len(asked) == len(lines)
    assert asked.items() <= pins("requirements-dev.lock").items()
    locks = [pins(f"requirements{name}.lock").items() for name in ("", "-otel", "-dev")]
    assert locks[0] < locks[1] < locks[2]
    assert {line.partition("==")[0] for line in optional} <= dict(locks[1] - locks[0]).keys()


def test_the_rules_for_security_hold_everywhere_but_for_named_places() -> None:
    lint = PROJECT["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert [rule for rule in lint["ignore"] if rule.startswith("S") and not rule.startswith("SIM")] == []
    loose = {
        place for place, rules in lint["per-file-ignores"].items() if any(re.match(r"S\d", rule) for rule in rules)
    }
    assert loose == {"tests/**", "distportal/embedded/**", "distportal/systems/erp/sandbox_server/**"}


def test_what_is_silenced_line_by_line_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for app in ("distportal", "exceptions", "inventory", "orders", "edi")
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
        for line in path.read_text().splitlines()
        if re.search(r"# noqa: S\d+$", line.rstrip())
    ]
    assert silent == []
