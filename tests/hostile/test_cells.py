"""What a spreadsheet would run is text in every export: there is one way to write CSV, and nobody goes another."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from distportal.common.csv_lines import csv_lines, plain_cell, safe_cell

ROOT = Path(__file__).resolve().parents[2]
APPS = ("distportal", "exceptions", "inventory", "orders", "edi")
RUNS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")',
    "＝1+1", "＋1", "－1+1", "＠SUM(1)", "-2+3+cmd|' /C calc'!A0", "=1\r\n=2", "+44 555 0100",
)  # fmt: skip


@pytest.mark.parametrize("text", RUNS)
def test_what_would_run_is_text_and_comes_back(text: str) -> None:
    lines = "".join(csv_lines(["what"], [[text]]))
    [_, [cell]] = list(csv.reader(io.StringIO(lines, newline="")))
    assert cell == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["-3.5", "-12", "plain", "a=b", "1-2", ""])
def test_numbers_and_plain_words_stay(text: str) -> None:
    assert safe_cell(text) == plain_cell(text) == text


def test_nobody_writes_csv_another_way() -> None:
    writes = re.compile(r"csv\.(writer|DictWriter)")
    found = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if writes.search(path.read_text())
    }
    # The second one writes files for an ERP, whose rules are its own.
    assert found == {"distportal/common/csv_lines.py", "distportal/systems/erp/csv_file/rows.py"}
