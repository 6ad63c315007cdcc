"""How the cost of pages grows with the number of orders.

    python -m tests.bench.growth [--sizes 10000 100000 1000000] [--items 100000] [--rounds 12] [--only orders/]

Runs `tests.bench.pages` once a size, each in a process of its own, and compares what 95 of 100 answers of a page stay
within, as times of the bare page of the same run: so that what else runs on the machine matters little. Each of the
three people has as many orders at every size, so that what grows is the house around them and not their own pages; what
a dealer's own ten thousand orders cost is told by `tests.bench.pages`. A page that misses the aim is asked again, three
times as often, and that counts: of eighty pages one or two have a late answer more at one size than at the other. The
databases are kept; the first run makes them (a million orders take half an hour), another takes some minutes a size.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.table import INTO, Figure, dearest, tell

AIM = 1.3
"""Times what a page costs with the fewest orders that it may cost with the most."""
Found = dict[int, dict[str, dict[str, float]]]
"""By size, by share of the answers, by page: times of the bare page."""
FULL = 2_000
"""Orders of the big dealer that fill the pages of each tab."""


def main() -> None:
    """Measure and print; fails where a page grows more than the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--only", nargs="+", default=[""], help="pages whose address has one of these in it")
    asked = parser.parse_args()
    sizes = sorted(asked.sizes)
    found = {size: _ratios(size, asked) for size in sizes}
    if late := [page for page in found[sizes[0]]["p95"] if _growth(found, sizes, page) > AIM]:
        _ask_again(found, late, asked)
    heads = "".join(f"{size:>12,}" for size in sizes) + f"{'growth':>10}"
    print(f"\n{'x bare, by orders: p95 | p50':42}{heads} |{heads}")
    told = []
    for page in found[sizes[0]]["p95"]:
        cells, growth = [], {}
        for share in ("p95", "p50"):
            ratios = [found[size][share][page] for size in sizes]
            growth[share] = _growth(found, sizes, page, share)
            cells.append("".join(f"{ratio:>12.1f}" for ratio in ratios) + f"{growth[share]:>10.2f}")
        against = f"the same with {sizes[0]:,} orders, p95"
        told.append(Figure(what=page, against=against, ratio=growth["p95"], at_most=AIM))
        print(f"{page:42}{' |'.join(cells)}")
    tell(dearest(told, of=f"pages with {sizes[-1]:,} orders") if told else [])
    over = [figure.what for figure in told if not figure.met]
    print(f"grow more than {AIM} times: {', '.join(over) or 'none'}")
    sys.exit(bool(over))


def one_in(size: int) -> int:
    """One order in so many is the big dealer's: its pages are full of rows at every size, or rows would be measured."""
    return max(size // FULL, 1)


def _growth(found: Found, sizes: Sequence[int], page: str, share: str = "p95") -> float:
    return found[sizes[-1]][share][page] / found[sizes[0]][share][page]


def _ask_again(found: Found, late: Sequence[str], asked: argparse.Namespace) -> None:
    """The pages once more, three times as often; what is found then counts."""
    print(f"\nasked again: {', '.join(late)}", flush=True)
    addresses = sorted({page[page.index("/") :] for page in late})
    more = argparse.Namespace(**vars(asked) | {"only": addresses, "rounds": 3 * asked.rounds})
    for size, ratios in found.items():
        for share, again in _ratios(size, more).items():
            ratios[share] |= {page: again[page] for page in late}


def _ratios(size: int, asked: argparse.Namespace) -> dict[str, dict[str, float]]:
    """By page p95 and p50 as times of the bare page's. Caches stand apart: ids differ between the databases."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "ratios.json"
        told = {
            "--orders": size,
            "--one-in": one_in(size),
            "--items": asked.items,
            "--rounds": asked.rounds,
            "--into": into,
        }
        words = [*(str(word) for pair in told.items() for word in pair), "--only", *asked.only]
        environment = os.environ | {"CACHE_PREFIX": f"bench{size}", INTO: ""}  # pages tell of themselves elsewhere
        subprocess.run([sys.executable, "-m", "tests.bench.pages", *words], env=environment, check=False)
        ratios: dict[str, dict[str, float]] = json.loads(into.read_text())
    return ratios


if __name__ == "__main__":
    main()
