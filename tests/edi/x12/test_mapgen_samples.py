"""The sample of every set and release is accepted without a remark, and none is missing."""

from __future__ import annotations

import pytest

from edi.documents.registry import DOCUMENTS
from edi.x12.acks import render_997
from edi.x12.catalog import FUNCTIONAL_IDS, RELEASES, is_known
from edi.x12.envelope import Interchange, read_interchange
from edi.x12.tokens import split_interchanges
from edi.x12.validate import validate_set
from tests.edi.x12.corpus import SAMPLES

ELSEWHERE = {"850", "855", "856", "810", "997"}
"""Sets with tests of their own."""
CASES = [(s, r) for s in FUNCTIONAL_IDS for r in RELEASES if s not in ELSEWHERE and is_known(s, r)]


def read_sample(set_id: str, release: str) -> Interchange:
    (raw,) = split_interchanges((SAMPLES / set_id / f"{release}.edi").read_bytes())
    return read_interchange(raw)


@pytest.mark.parametrize(("set_id", "release"), CASES)
def test_each_sample_is_accepted_without_a_remark(set_id: str, release: str) -> None:
    found = read_sample(set_id, release)
    (only,) = found.groups
    (tset,) = only.sets
    assert (found.findings, only.findings, tset.findings) == ([], [], [])
    assert (tset.st01, tset.release, only.functional_id) == (set_id, release, FUNCTIONAL_IDS[set_id])
    verdict = validate_set(tset)
    assert (verdict.verdict, verdict.sentences) == ("A", [])


def test_each_sample_is_answered_as_accepted() -> None:
    (only,) = read_sample("940", "004010").groups
    assert render_997(only, [validate_set(s) for s in only.sets]) == [
        ["AK1", "OW", "9401"],
        ["AK2", "940", "0001"],
        ["AK5", "A"],
        ["AK9", "A", "1", "1", "1"],
    ]


def test_every_document_we_name_has_a_group() -> None:
    assert {d.set_id: d.functional_id for d in DOCUMENTS.values()}.items() <= FUNCTIONAL_IDS.items()
