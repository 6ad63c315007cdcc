"""Files of an ERP that could not be read, or not whole: each has one case, others are not held up by it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from distportal.systems.erp.port import ErpPort, KeepsFiles, SetAside
from distportal.systems.mapping.choices import Kind, MissingState, Side
from distportal.systems.mapping.missing import Missing, Subject, wait_for, wait_no_more
from distportal.systems.mapping.models import MissingCode, Waiting
from distportal.systems.ownership import DEFAULT
from distportal.systems.registry import erp, mapping_scope
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.process.cursors import cursor_of, store_cursor

CURSOR = "set_aside"
FILE = "erp_file"
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
            subject_type=FILE,
            subject_id=f"{identity}/{file.file}",
            sentence=f"{file.file}: {place or 'the whole file'}: {reason}{more}",
            severity=3,
            queue="operations",
            data={"file": file.file, "faults": [list(fault) for fault in file.faults[:MOST_SHOWN]]},
        )
        _await_codes(file, f"{identity}/{file.file}", of)
    store_cursor(CURSOR, cursor, changes=len(files), complete=True, of=of)


def _await_codes(file: SetAside, subject_id: str, of: str) -> None:
    """The file waits for the codes that nobody mapped; it is listed with them."""
    missing = {Missing(mapping_scope(of), kind, Side.THEIRS, code) for kind, code in file.unmapped}
    known = {code for code in missing if code.kind in Kind.values}
    if known:
        label = file.file.partition("-")[2]
        wait_for(subject=Subject(type=FILE, id=subject_id, label=label, seen_in="file of the ERP"), missing=known)


def read_with_code(waiting: Waiting, missing: MissingCode) -> bool:
    """What was set aside is read again now that its code is mapped; the case ends with that. It waits on for its other
    codes. What is wrong besides is told as a new file's would be.
    """
    rest = Waiting.objects.filter(subject_type=FILE, subject_id=waiting.subject_id, missing__state=MissingState.OPEN)
    if rest.exclude(missing=missing).exists():
        return False
    of = missing.scope.partition(":")[2]
    port = erp(of)
    there = isinstance(port, KeepsFiles) and port.read_again(waiting.subject_id.partition("/")[2])
    _ended(waiting.subject_id, "read again, its codes are mapped" if there else "somebody took it out of quarantine")
    return True


@transaction.atomic
def _ended(subject_id: str, reason: str) -> None:
    wait_no_more(subject_type=FILE, subject_ids=[subject_id])
    resolve_cases(subject_type=FILE, subject_id=subject_id, resolution=Resolution.BY_EVENT, reason=reason)
