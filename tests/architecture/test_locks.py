"""Row locks let others point at the row: a lock against that as well meets the checks of foreign keys at commit, and
two who wrote of the same order and then want it wait for each other (PostgreSQL, "Row-Level Locks": FOR UPDATE
conflicts with the FOR KEY SHARE of a foreign key).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("distportal", "orders", "edi", "inventory", "exceptions")
BARE = re.compile(r"FOR\s+UPDATE\b")


def sources() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def strong_locks(source: str) -> list[int]:
    """The lines of locks that keep others from pointing at the row, in Python or in SQL."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "select_for_update"
        ):
            weak = any(one.arg == "no_key" and getattr(one.value, "value", False) is True for one in node.keywords)
            found += [] if weak else [node.lineno]
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and BARE.search(node.value):
            found.append(node.lineno)
    return sorted(found)


def test_every_row_lock_lets_others_point_at_the_row() -> None:
    assert {str(path.relative_to(ROOT)): lines for path in sources() if (lines := strong_locks(path.read_text()))} == {}


def test_a_strong_lock_is_found() -> None:
    assert strong_locks("A.objects.select_for_update(of=('self',))\nB.select_for_update(no_key=True)\n") == [1]
    assert strong_locks("x = 'SELECT 1 FROM t FOR UPDATE OF t'\ny = 'SELECT 1 FROM t FOR NO KEY UPDATE'\n") == [1]
