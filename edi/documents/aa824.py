"""824 application advice, both ways: what became of a document after its 997 (X12 824, 004010 and 005010)."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from edi.documents.values import Imbalance, Reader, day_text
from edi.x12.errors import Problem
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements, Segment

_LEVELS = {"T": "set", "I": "item", "G": "group", "B": "batch"}
"""First letter of OTI01 (X12 element 110)."""
_VERDICTS = {"A": "accepted", "C": "changed", "E": "with_errors", "P": "partial", "R": "rejected"}
"""Second letter of OTI01."""
UNBALANCED, OTHER = "010", "024"
"""TED01 (X12 element 647): total out of balance, other."""


@dataclass(slots=True)
class Advice:
    """One OTI: the document it is about (by our own control numbers, or by `qualifier` and `reference`), at which
    `level`, the verdict, and every error as a sentence.
    """

    verdict: str
    level: str
    qualifier: str
    reference: str
    group_control_number: str = ""
    set_control_number: str = ""
    set_id: str = ""
    sentences: list[str] = field(default_factory=list)


def read_824(tset: TransactionSet) -> list[Advice]:
    """Every verdict in one valid 824. Raises MappingError when there is none, or one that X12 element 110 lacks."""
    reader, found = Reader(), list[Advice]()
    for position, segment in enumerate(tset.segments, 1):
        if segment.id == "OTI":
            found.append(_advice(segment, position, reader))
        elif segment.id == "TED" and found:
            found[-1].sentences.append(_sentence(segment))
        elif segment.id == "NTE" and found and segment.get(2).strip():
            found[-1].sentences.append(segment.get(2).strip())
    if not found:
        reader.problem("OTI", 2, 0, "The advice is about no document (OTI).")
    if reader.problems:
        raise reader.failure()
    return found


def _advice(segment: Segment, position: int, reader: Reader) -> Advice:
    code = segment.get(1).strip()
    level, verdict = _LEVELS.get(code[:1], ""), _VERDICTS.get(code[1:], "")
    if not level or not verdict:
        reader.problem("OTI", position, 1, f"The verdict {code!r} is not known here.")
    return Advice(
        verdict=verdict,
        level=level,
        qualifier=segment.get(2).strip(),
        reference=segment.get(3).strip(),
        group_control_number=segment.get(8).strip().lstrip("0"),
        set_control_number=segment.get(9).strip(),
        set_id=segment.get(10).strip(),
    )


def _sentence(segment: Segment) -> str:
    """TED in words: what, where, the bad value and the one that would be right."""
    text = segment.get(2).strip() or "error"
    name, at, element = (segment.get(n).strip() for n in (3, 4, 5))
    place = f"{name}{element.zfill(2) if element else ''}" + (f" (segment {at})" if at else "") if name else ""
    bad, good = segment.get(7).strip(), segment.get(8).strip()
    told = f"{text}, code {segment.get(1).strip()}"
    told += f", at {place}" if place else ""
    return told + (f", value {bad!r}" if bad else "") + (f", should be {good!r}" if good else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisedDocument:
    """The document of the partner that an advice of ours is about, by its numbers and its business number."""

    set_id: str
    group_control_number: str
    set_control_number: str
    reference: str
    qualifier: str = "TN"
    version: str = ""


def write_824(about: AdvisedDocument, problems: Sequence[Problem | str], *, number: str, on: dt.date) -> list[Elements]:
    """The body of an 824 that rejects one document (TR), BGN to its last TED.

    A sentence longer than TED02 (60) goes on in NTE.
    """
    oti = ["OTI", "TR", about.qualifier, about.reference, "", "", "", ""]
    oti += [about.group_control_number, about.set_control_number.zfill(4), about.set_id, about.version]
    body: list[Elements] = [["BGN", "00", number, day_text(on)], oti]
    for problem in problems:
        body += _error(problem)
    return body


def _error(problem: Problem | str) -> list[Elements]:
    sentence = problem if isinstance(problem, str) else problem.sentence
    first, *_ = textwrap.wrap(sentence, 60) or ["error"]
    ted = ["TED", UNBALANCED if isinstance(problem, Imbalance) else OTHER, first]
    if isinstance(problem, Problem):
        ted += [problem.segment, str(problem.position), str(problem.element) if problem.element else ""]
    rest = sentence[len(first) :].strip()
    return [ted, *(["NTE", "", part] for part in textwrap.wrap(rest, 80))]
