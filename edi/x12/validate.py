"""Judges one transaction set: proven clean by the compiled map, or walked by pyx12 and named error by error."""

from __future__ import annotations

from typing import Literal

from edi.x12.catalog import RELEASES
from edi.x12.compiled.proof import prove_clean
from edi.x12.hierarchy import check_hierarchy
from edi.x12.leniency import ALL_LENIENCIES, Leniency, Tolerance
from edi.x12.pyx12_walk import Walk
from edi.x12.strictness import odd_segments
from edi.x12.structure import Finding, TransactionSet
from edi.x12.verdicts import SegmentError, SetVerdict

_UNREADABLE = frozenset({"1", "6"})
"""AK502 codes of a set whose map we cannot even choose."""
_SENTENCES = {
    Leniency.PRINTABLE_TEXT: "Text with characters outside of the X12 character set was read as it stands.",
    Leniency.TRAILING_BLANKS: "Blanks at the end of text were kept.",
}


def validate_set(
    tset: TransactionSet,
    *,
    release: str = "",
    lenient: frozenset[str] = frozenset(),
    allowed: frozenset[Leniency] = ALL_LENIENCIES,
    proof: bool = True,
) -> SetVerdict:
    """The verdict over one set, envelope findings included. Never raises: a broken engine rejects the set with code 5.

    `release` overrides that of the group; `lenient` are AK403 codes that are told (verdict E) but do not reject;
    `allowed` are the leniencies of the partner, any other that was used is an error. Without `proof` pyx12 walks every
    set, which only costs time.
    """
    release = release or tset.release
    findings = list(tset.findings)
    if release not in RELEASES and not findings:
        findings.append(Finding("set", "1", f"we have no {tset.st01} of the release {tset.version!r}"))
    envelope = tuple(f.text for f in findings)
    codes = list(dict.fromkeys(f.code for f in findings))
    errors: tuple[SegmentError, ...] = ()
    used: frozenset[Leniency] = frozenset()
    failure = ""
    if release in RELEASES and not _UNREADABLE & set(codes):
        try:
            errors, used = _check(tset, release, allowed, proof=proof and not findings)
        except Exception as error:  # noqa: BLE001 - THE boundary around pyx12: one bad set must not stop its siblings
            failure = f"The set could not be checked ({type(error).__name__}: {error}). It was rejected and kept."
    if failure or any(_rejects(e, lenient) for e in errors):
        codes.append("5")
    verdict: Literal["A", "E", "R"] = "R" if codes else "E" if errors else "A"
    told = tuple(Tolerance(name, _SENTENCES[name]) for name in sorted(used))
    return SetVerdict(tset.st01, tset.st02, tset.st03, verdict, tuple(codes[:5]), errors, failure, envelope, told)


def _rejects(error: SegmentError, lenient: frozenset[str]) -> bool:
    return error.code != "8" or not error.elements or any(e.code not in lenient for e in error.elements)


def _check(
    tset: TransactionSet, release: str, allowed: frozenset[Leniency], *, proof: bool
) -> tuple[tuple[SegmentError, ...], frozenset[Leniency]]:
    """Every error of the set, and what its text was forgiven."""
    odd = odd_segments(tset, allowed) if tset.oddities else []
    if proof and not odd:
        used = prove_clean(tset.segments, release, tset.st01, tset.delimiters)
        if used is not None and used <= allowed:
            return (), used
    walk = Walk(release, tset.st01, tset.delimiters, allowed)
    walk.check(tset.segments)
    found = [*odd, *walk.errors]
    if any(segment.id == "HL" for segment in tset.segments):
        found += check_hierarchy(tset.segments)
    return tuple(sorted(found, key=lambda e: e.position)), frozenset(walk.used)
