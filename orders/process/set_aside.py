"""Files of an ERP that could not be read, or not whole: each has one case, others are not held up by it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from distportal.systems.erp.port import ErpPort, KeepsFiles, SetAside
from distportal.systems.ownership import DEFAULT
from exceptions.process.cases import open_case
from inventory.process.cursors import cursor_of, store_cursor

CURSOR = "set_aside"
MOST_SHOWN = 50


def report_set_aside(port: ErpPort, *, of: str = DEFAULT) -> None:
    """A case for each file with faults since the last look; nothing for an ERP that does not work by files."""
    if not isinstance(port, KeepsFiles):
        return
    while True:
        before = cursor_of(CURSOR, of=of)
        files, after = port.set_aside(before)
        if after != before:
            _open(files, after, of)
        if not files:
            return


@transaction.atomic
def _open(files: Sequence[SetAside], cursor: str, of: str) -> None:
    identity = cursor.partition(":")[0]
    for file in files:
        place, reason = file.faults[0]
        more = f" and {len(file.faults) - 1} more" if len(file.faults) > 1 else ""
        open_case(
            kind="erp.unreadable",
            code="erp_unreadable",
            subject_type="erp_file",
            subject_id=f"{identity}/{file.file}",
            sentence=f"{file.file}: {place or 'the whole file'}: {reason}{more}",
            severity=3,
            queue="operations",
            data={"file": file.file, "faults": [list(fault) for fault in file.faults[:MOST_SHOWN]]},
        )
    store_cursor(CURSOR, cursor, changes=len(files), complete=True, of=of)
