"""Documents a second for every way to read 850s, in one run, in one process.

    python -m tests.bench.edi [--documents 1000]

Processor time of this process is counted, so that whatever else runs on the machine matters little.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time

from edi.x12.compiled.proof import table_of
from tests.bench.files import one_document_files, one_interchange
from tests.bench.table import Figure, tell
from tests.bench.ways import WAYS, Way

_QUICK = 3
"""Runs of which the best counts; the slow ways run once."""
OURS, KEPT, SPLIT = "ours: tokens, envelope, validation", "pyx12, map cached", "str.split only"


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
    for at, shape in enumerate(shapes):
        ours, kept, cut = (rates[name][at] for name in (OURS, KEPT, SPLIT))
        wanted = 4_000 / 65_000 if at == 0 else None  # of one file; cutting a file of one document costs nothing
        what = f"850s validated, {shape}"
        tell([
            Figure(what=what, against="pyx12, maps kept", ratio=ours / kept, at_least=20),
            Figure(what=what, against="str.split of the same", ratio=ours / cut, at_least=wanted),
        ])  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    main(parser.parse_args().documents)
