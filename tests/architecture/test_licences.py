"""Each package that we ship has a licence that lets us; one that nobody looked at fails here. No network is asked."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.core.management import call_command

from distportal.management.supply import licences_of
from tests.architecture.test_supply import pins

FREE = re.compile(r"\b(MIT|BSD|Apache|PSF|PSFL|Python Software Foundation|MPL|Mozilla Public|LGPL)\b", re.IGNORECASE)
BOUND = re.compile(r"(?<!L)\b(A?GPL|SSPL|BUSL)\b|Affero|Commons Clause", re.IGNORECASE)
ELSEWHERE = {"async-timeout", "colorama", "tzdata"}
"""Other platforms' and other Pythons': not installed everywhere."""


def test_every_package_that_is_shipped_has_a_licence_that_was_looked_at() -> None:
    told = {name: licences_of(name) for name in pins("requirements-otel.lock").keys() - ELSEWHERE}
    assert len(told) > 60
    assert {name: said for name, said in told.items() if not FREE.search(" ".join(said))} == {}
    assert {name: said for name, said in told.items() if BOUND.search(" ".join(said))} == {}


def test_the_bill_of_materials_has_all_of_the_lock_with_its_hashes(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    call_command("sbom", str(file), verbosity=0)
    components = json.loads(file.read_text())["components"]
    assert {one["name"]: one["version"] for one in components} == pins("requirements.lock")
    assert all(one["hashes"] and one["purl"].startswith("pkg:pypi/") for one in components)
    assert [one["name"] for one in components if not one["licenses"] and one["name"] not in ELSEWHERE] == []
