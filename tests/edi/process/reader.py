"""A process that reads one spooled file to its end, to be killed: `-m tests.edi.process.reader DB SPOOL FILE`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import UUID

from tests.sandbox import ROOT


def start_reader(database: str, spool: Path, file_id: UUID) -> subprocess.Popen[bytes]:
    """The process, begun."""
    command = [sys.executable, "-m", "tests.edi.process.reader", database, str(spool), str(file_id)]
    return subprocess.Popen(command, cwd=ROOT)


def _read(database: str, spool: str, file_id: str) -> None:
    import tests.bench.ready  # noqa: F401 - sets Django up before its models are imported

    # isort: split
    from django.conf import settings

    from distportal.common.collector import collect_rarely
    from edi.choices import InboundState
    from edi.models import InboundFile
    from edi.process.streaming import read_huge_file
    from tests.databases import connect_to

    settings.SEND_HINTS = False
    settings.EDI_SPOOL = Path(spool)
    connect_to(database)
    collect_rarely()  # as workers do: what that costs in memory is measured with it
    while InboundFile.objects.filter(pk=file_id, state__in=InboundState.UNREAD).exists():
        read_huge_file(file_id=UUID(file_id))


if __name__ == "__main__":
    _read(*sys.argv[1:4])
