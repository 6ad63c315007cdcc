"""The settings of ERP connections that pages show are taken as they stand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from distportal.systems.models import ErpConnection
from tests.architecture.test_docs import DOCS

EXAMPLES = (
    ("erp-adapters", 0, "tryton", "key"),
    ("erp-adapters", 1, "sap_odata", "password"),
    ("erp-rest", 0, "rest", "secret"),
    ("erp-files", 0, "csv_file", ""),
    ("erp-files", 1, "idoc_file", ""),
)


def shown(page: str) -> list[str]:
    return re.findall(r"```json\n(.*?)```", (DOCS / f"{page}.md").read_text(), re.DOTALL)


def test_no_example_is_left_out() -> None:
    told = {(page, place) for page in ("erp-adapters", "erp-rest", "erp-files") for place in range(len(shown(page)))}
    assert told == {(page, place) for page, place, _, _ in EXAMPLES}


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "place", "kind", "secret"), EXAMPLES)
def test_an_example_is_a_connection(page: str, place: int, kind: str, secret: str, tmp_path: Path) -> None:
    file = tmp_path / "erp.json"
    file.write_text(shown(page)[place])
    secrets = [f"--secret={secret}=env:OF_THE_ERP"] if secret else []
    call_command("erp_connection", "set", "shown", "--kind", kind, "--file", str(file), *secrets, verbosity=0)
    row = ErpConnection.objects.get(name="shown")
    assert (row.kind, row.settings) == (kind, json.loads(shown(page)[place]))
