"""`python -m tests.bench [documents]`: documents a second for every way, in one run, in one process.

Processor time of this process is counted, so that whatever else runs on the machine matters little.
"""

from __future__ import annotations

import gc
import sys
import time

from edi.x12.compiled.proof import table_of
from tests.bench.files import one_document_files, one_interchange
from tests.bench.ways import WAYS, Way

_QUICK = 3
"""Runs of which the best counts; the slow ways run once."""


def documents_a_second(way: Way, files: list[bytes], documents: int, runs: int) -> float:
    """The best of some runs."""
    best = float("inf")
    for _ in range(runs):
        gc.collect()
        began = time.process_time()
        seen = way(files)
        best = min(best, time.process_time() - began)
        if seen < len(files):
            raise SystemExit(f"{way.__name__} read {seen} of {len(files)} files")
    return documents / best


def main(documents: int) -> None:
    """The table, on standard output."""
    table_of("004010", "850")
    shapes = {f"1 file of {documents}": one_interchange(documents), f"{documents} files": one_document_files(documents)}
    rates: dict[str, list[float]] = {}
    for name, way in WAYS.items():
        runs = 1 if name.startswith("pyx12") else _QUICK
        rates[name] = [documents_a_second(way, files, documents, runs) for files in shapes.values()]
        sys.stderr.write(f"{name} …\n")
    heads = [f"{head:>16}{'x cached pyx12':>18}" for head in shapes]
    lines = [f"{'20-line 850s, documents a second':40}{''.join(heads)}"]
    for name, found in rates.items():
        cells = (f"{rate:>16,.0f}{rate / rates['pyx12, map cached'][at]:>18.1f}" for at, rate in enumerate(found))
        lines.append(f"{name:40}{''.join(cells)}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
