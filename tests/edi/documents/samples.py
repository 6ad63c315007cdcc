"""The sample files of one set, read as far as its body."""

from __future__ import annotations

from pathlib import Path

from edi.x12.envelope import read_interchange
from edi.x12.structure import TransactionSet
from edi.x12.tokens import split_interchanges
from edi.x12.validate import validate_set

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def samples_of(set_id: str) -> list[Path]:
    """The files that have an expected result beside them."""
    return sorted(path for path in (SAMPLES / set_id).glob("*.edi") if path.with_suffix(".json").exists())


def clean_set(path: Path) -> TransactionSet:
    """The one set of a file, which our map has nothing to say about."""
    (raw,) = split_interchanges(path.read_bytes())
    found = read_interchange(raw)
    assert found.findings == []
    tset = found.groups[0].sets[0]
    assert validate_set(tset).sentences == []
    return tset
