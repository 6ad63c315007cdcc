"""`make bench`: every part of the bench in one command, and one table of ratios at the end.

    python -m tests.bench [--parts pages,search] [--quick] [--documents 1000] [--orders 1000000] …

Each part is a process of its own and can be run alone (`python -m tests.bench.pages --help`); what it prints stands
above the table. Databases of orders are kept, so that a second run begins at once. Fails where a part fails or an aim
is missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.bench.machine import machine_facts
from tests.bench.table import INTO, Figure, as_table, told_in

Asked = argparse.Namespace
SIZES: Final[dict[str, tuple[int, int]]] = {
    "documents": (1_000, 200), "megabytes": (200, 3), "rows": (1_000_000, 20_000), "items": (100_000, 5_000),
    "looks": (2_000, 200), "orders": (1_000_000, 10_000), "rounds": (25, 5),
}  # fmt: skip
"""What is measured with, and how much of it when it has to be quick."""
PARTS: Final[dict[str, Callable[[Asked], list[object]]]] = {
    "edi": lambda asked: ["--documents", asked.documents],
    "orders": lambda asked: ["--orders", asked.documents],
    "huge": lambda asked: ["--megabytes", asked.megabytes],
    "merge": lambda asked: ["--rows", asked.rows],
    "search": lambda asked: ["--items", asked.items],
    "purchases": lambda asked: ["--orders", asked.orders, "--items", asked.items],
    "cache": lambda asked: ["--looks", asked.looks],
    "pages": lambda asked: ["--orders", asked.orders, "--items", asked.items, "--rounds", asked.rounds],
    "finance": lambda asked: [
        "--orders", asked.orders, "--invoices", asked.orders, "--items", asked.items, "--rounds", asked.rounds
    ],
    "growth": lambda asked: [
        "--sizes", *_sizes(asked.orders), "--items", asked.items, "--rounds", max(asked.rounds // 2, 5)
    ],
    "migrations": lambda asked: [],
}  # fmt: skip
"""By name of a part, which is its module, the arguments it gets."""


def _sizes(orders: int) -> tuple[int, int, int]:
    return orders // 100, orders // 10, orders


def main(words: list[str]) -> int:
    """0 if all parts ran and every aim is met."""
    asked = _arguments(words)
    began, before = time.monotonic(), os.getloadavg()[0]
    found, failed = {}, []
    for part in asked.parts:
        print(f"\n== {part}", flush=True)
        figures, ended = run_part(part, [str(word) for word in PARTS[part](asked)])
        found[part] = figures
        failed += [part] if not ended else []
    print("\n" + "\n".join(as_table(found)))
    print(f"\n{machine_facts()}; load {before:.1f} before, {os.getloadavg()[0]:.1f} after; "
          f"{(time.monotonic() - began) / 60:.0f} minutes")  # fmt: skip
    for part in failed:
        print(f"{part} broke off: its figures are not whole")
    missed = [figure for figures in found.values() for figure in figures if figure.met is False]
    print(f"{len(missed)} of {sum(f.met is not None for fs in found.values() for f in fs)} aims are missed")
    return 1 if failed or missed else 0


def run_part(part: str, words: list[str]) -> tuple[list[Figure], bool]:
    """What the part found, and whether it came to its end: one that misses an aim ends with 1, as one that breaks off
    does, but has told its figures before.
    """
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "figures"
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{part}", *words], env=os.environ | {INTO: str(into)}, check=False
        )
        figures = told_in(into)
    return figures, done.returncode == 0 or any(figure.met is False for figure in figures)


def _arguments(words: list[str]) -> Asked:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=_parts, default=list(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="little of everything: to see that it runs")
    for name, (usual, _) in SIZES.items():
        parser.add_argument(f"--{name}", type=int, help=f"{usual:,} unless told")
    asked = parser.parse_args(words)
    for name, sizes in SIZES.items():
        if getattr(asked, name) is None:
            setattr(asked, name, sizes[asked.quick])
    return asked


def _parts(text: str) -> list[str]:
    wanted = [part for part in text.replace(",", " ").split() if part]
    if unknown := set(wanted) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return [part for part in PARTS if part in wanted] or list(PARTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
