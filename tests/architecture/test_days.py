"""A day that counts is the site's: `distportal.common.site_day` makes it, and nothing takes the day of a moment as it
happens to be held, which is that of UTC.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("distportal", "orders", "edi", "inventory", "exceptions")
OF_A_ZONE = {"astimezone", "localtime", "replace"}
"""Methods whose result is of a zone that was named, or was made from a day alone."""
OTHERS = {
    "distportal/common/tables.py": "a cell of a workbook has no zone",
    "distportal/notices/clock.py": "a person's own clock",
    "distportal/web/templatetags/portal.py": "a moment shown in the reader's zone",
    "edi/documents/asn856.py": "its caller gives the moment in the site's zone: day and time are of one clock",
    "edi/documents/load_level.py": "as the 856 that it is part of",
    "edi/documents/stock846.py": "its caller gives the moment in the site's zone: day and time are of one clock",
    "edi/documents/inv810.py": "a segment of the carriage, not a day",
    "orders/process/approvals/judging.py": "the dealer's own day, by its calendar",
    "orders/process/hook_events.py": "a moment without a zone",
    "distportal/systems/erp/idoc_file/orders_out.py": "CREDAT beside CRETIM, of one clock",
    "distportal/systems/erp/idoc_file/billing.py": "the ERP's own clock",
    "distportal/systems/erp/sap_odata/": "days that the ERP writes as midnight",
    "distportal/systems/erp/tryton/": "the ERP's own clock",
}


def days_taken(source: str) -> list[int]:
    """The lines on which the day of a moment is taken whose zone nobody named there."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "date"
            and not node.args
            and not _of_a_zone(node.func.value)
        ):
            found.append(node.lineno)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "current_date" in node.value.lower():
            found.append(node.lineno)
    return found


def _of_a_zone(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in OF_A_ZONE


def sources() -> Iterator[str]:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT))


def test_the_day_of_a_moment_is_the_sites() -> None:
    taken = [name for name in sources() if days_taken((ROOT / name).read_text())]
    assert sorted(name for name in taken if not name.startswith(tuple(OTHERS))) == []


def test_each_exception_is_one() -> None:
    taken = [name for name in sources() if days_taken((ROOT / name).read_text())]
    assert [named for named in OTHERS if not any(name.startswith(named) for name in taken)] == []


def test_a_day_of_no_named_zone_is_found() -> None:
    assert days_taken("a = now.date()\nb = now.astimezone(zone).date()\nc = database_now().date()\n") == [1, 3]
    assert days_taken("sql = 'SELECT current_date'\n") == [1]
