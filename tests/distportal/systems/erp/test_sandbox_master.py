"""The demo master data that seeds of others rely on."""

from __future__ import annotations

import ast
import pathlib
import sys

from distportal.systems.erp import sandbox_server
from distportal.systems.erp.sandbox_server.customers import all_customers
from distportal.systems.erp.sandbox_server.items import all_items
from distportal.systems.erp.sandbox_server.stocks import ladders, list_prices


def test_two_thousand_items_with_valid_upcs() -> None:
    items = all_items()
    assert len({i.catalogue_no for i in items}) == len({i.upc for i in items}) == len(items) == 2000
    for item in items:
        odd, even = sum(map(int, item.upc[0::2])), sum(map(int, item.upc[1::2]))
        assert (odd * 3 + even) % 10 == 0


def test_prices_follow_the_seed_and_well_known_ones_do_not() -> None:
    items = all_items()
    assert list_prices(items, 7) == list_prices(items, 7)
    assert list_prices(items, 7) != list_prices(items, 8)
    valve = next(i.matnr for i in items if i.catalogue_no == "PLB-30001")
    assert {str(list_prices(items, seed)[valve]) for seed in (1, 7, 8)} == {"11.00"}
    rungs = [r for r in ladders(items, all_customers(), list_prices(items, 7)) if r.matnr == valve]
    assert {str(r.unit_price) for r in rungs if r.customer == "C4101"} == {"7.70", "7.32", "6.93"}


def test_twelve_dealers_and_two_retailers() -> None:
    codes = [c.code for c in all_customers()]
    assert codes == [f"C40{n:02d}" for n in range(1, 13)] + ["C4101", "C4102"]


def test_the_running_server_imports_only_itself_and_the_standard_library() -> None:
    folder = pathlib.Path(sandbox_server.__file__).parent
    seen, todo, foreign = set(), ["__main__", "cli"], set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                todo += [node.module] if node.module else [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                foreign.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Import):
                foreign.update(alias.name.split(".")[0] for alias in node.names)
    assert foreign - set(sys.stdlib_module_names) == set()
