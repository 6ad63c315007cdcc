"""Holds what we write against our maps and against files that people have looked at."""

from __future__ import annotations

from pathlib import Path

from edi.documents.registry import functional_id_of
from edi.x12.envelope import read_interchange
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements, split_interchanges
from edi.x12.validate import validate_set
from edi.x12.writer import OutSet, render_interchange
from tests.edi.x12.test_writer import envelope

SAMPLES = Path(__file__).parent.parent / "samples"


def rendered(set_id: str, body: list[Elements], release: str) -> bytes:
    """The interchange, with fixed numbers and times."""
    out = envelope(functional_id=functional_id_of(set_id), version=release, line_breaks=True)
    return render_interchange(out, [OutSet(set_id, "0001", body)])


def read_set(content: bytes) -> TransactionSet:
    """The one set of a file, after our own maps found nothing wrong with it."""
    (raw,) = split_interchanges(content)
    found = read_interchange(raw)
    assert found.findings == []
    [tset] = found.groups[0].sets
    verdict = validate_set(tset)
    assert list(verdict.sentences) == []
    assert verdict.verdict == "A"
    return tset


def assert_valid(set_id: str, body: list[Elements], release: str) -> None:
    read_set(rendered(set_id, body, release))


def assert_golden(set_id: str, name: str, body: list[Elements], release: str) -> None:
    """What we write is valid and, byte for byte, the sample `<set>/<name>_<release>.edi`."""
    content = rendered(set_id, body, release)
    read_set(content)
    assert content.decode() == (SAMPLES / set_id / f"{name}_{release}.edi").read_bytes().decode()


def sample(set_id: str, name: str, release: str) -> TransactionSet:
    """The set in the sample `<set>/<name>_<release>.edi`."""
    return read_set((SAMPLES / set_id / f"{name}_{release}.edi").read_bytes())
