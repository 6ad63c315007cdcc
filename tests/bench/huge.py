"""One huge interchange through storage, reading and its 997: memory, seconds, and what a kill -9 half-way costs.

    python -m tests.bench.huge [--megabytes 200] [--no-kill]

The reader is a process of its own, killed once when half of the sets are recorded, then started again. Its greatest
resident size is what it ever held, by the kernel's count. A database of its own is made and dropped.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import tests.bench.ready  # noqa: F401 - sets Django up before its models are imported

# isort: split
from django.conf import settings
from django.db import connection

from edi.models import Document, InboundFile, Interchange
from edi.process.mailboxes import store_body
from tests.bench.company import found_company
from tests.bench.giant import WRONG_EVERY, write_interchange
from tests.bench.table import Figure, tell
from tests.databases import drop_test_database, use_test_database
from tests.edi.process.reader import start_reader

ALLOWED = 300
"""Megabytes of memory that reading an interchange of 200 MB may take."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--no-kill", action="store_true")
    asked = parser.parse_args()
    settings.SEND_HINTS = False
    name = use_test_database("_huge")
    with tempfile.TemporaryDirectory(prefix="huge-") as folder:
        try:
            _measure(Path(folder), name, asked.megabytes, kill=not asked.no_kill)
        finally:
            connection.close()
            drop_test_database(name)


def _measure(folder: Path, database: str, megabytes: float, *, kill: bool) -> None:
    settings.EDI_SPOOL = folder / "spool"
    partner = found_company()
    path = folder / "huge.edi"
    sets = write_interchange(path, partner, megabytes=megabytes)
    print(
        f"{path.stat().st_size / 1e6:.0f} MB, one interchange, {sets} sets of 20 lines, load {os.getloadavg()[0]:.1f}"
    )
    began = time.monotonic()
    with path.open("rb") as body:
        file = store_body(mailbox=partner.mailbox, name="huge.edi", body=body)
    stored = _own_size()
    print(f"stored, hashed and flushed in {time.monotonic() - began:.1f} s, this process {stored} MB")
    path.unlink()
    began, most = time.monotonic(), 0
    if kill:
        most = _read(database, file, until=sets // 2)
        print(f"killed with {Document.objects.filter(direction='in').count()} sets recorded, reader {most} MB at most")
    most = max(most, _read(database, file))
    seconds = time.monotonic() - began
    print(f"read to the end and answered in {seconds:.0f} s: {sets / seconds:.0f} sets/s, reader {most} MB at most")
    tell([
        Figure(what=f"memory of a reader of {megabytes:.0f} MB", against="the 300 MB allowed", ratio=most / ALLOWED,
               at_most=1),
        Figure(what=f"memory of a reader of {megabytes:.0f} MB", against="the process that stored it",
               ratio=most / stored),
    ])  # fmt: skip
    _check(sets)


def _read(database: str, file: InboundFile, *, until: int = 0) -> int:
    """A reader's greatest resident size in megabytes; killed when so many sets are recorded, else at its own end."""
    connection.close()
    reader = start_reader(database, settings.EDI_SPOOL, file.pk)
    most = 0
    while reader.poll() is None:
        most = max(most, _peak(reader.pid))
        if until and Document.objects.filter(direction="in").count() >= until:
            reader.kill()
        time.sleep(0.2)
    assert until or reader.returncode == 0
    return most


def _check(sets: int) -> None:
    """No set lost, none doubled, one answer."""
    rows = Document.objects.filter(direction="in")
    assert rows.count() == rows.values("control_number").distinct().count() == sets
    assert rows.filter(state="invalid").count() == sets // WRONG_EVERY
    assert [i.state for i in Interchange.objects.filter(direction="in")] == ["accepted"]
    assert Document.objects.filter(direction="out", set_id="997").count() == 1
    print("no set lost, none doubled, one 997")


def _peak(pid: int) -> int:
    """VmHWM of a process in megabytes; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) // 1024 if found else 0


def _own_size() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
