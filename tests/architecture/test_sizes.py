"""Small pieces: what a reader can hold in the head at once."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("distportal", "orders", "edi", "inventory", "exceptions")
MOST_LINES, MEDIAN_LINES, MOST_FUNCTION_LINES = 400, 90, 40


def modules() -> Iterator[tuple[Path, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            text = path.read_text()
            if "migrations" not in path.parts and text.strip():
                yield path.relative_to(ROOT), text


@cache
def trees() -> dict[str, ast.Module]:
    return {str(path): ast.parse(text) for path, text in modules()}


def test_no_module_is_longer_than_400_lines_and_half_are_below_90() -> None:
    sizes = {path: text.count("\n") for path, text in modules()}
    assert {p: n for p, n in sizes.items() if n > MOST_LINES} == {}
    assert statistics.median(sizes.values()) <= MEDIAN_LINES


def test_no_function_is_longer_than_40_lines() -> None:
    long = {}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_FUNCTION_LINES:
                    long[f"{path}:{node.name}"] = lines
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    silent = [path for path, tree in trees().items() if not ast.get_docstring(tree)]
    assert [path for path in silent if not path.endswith("apps.py")] == []
