"""Builds X12 texts for the tests."""

from __future__ import annotations

from edi.x12.envelope import Interchange, TransactionSet, read_interchange
from edi.x12.tokens import split_interchanges

BODY_850 = (
    "BEG*00*SA*PO-1001**20261123",
    "CUR*BY*USD",
    "REF*DP*099",
    "DTM*010*20261201",
    "N1*ST*STORE 14*92*0014",
    "N3*1 MAIN ST",
    "N4*SPRINGFIELD*IL*62701*US",
    "PO1*1*12*EA*9.95*PE*UP*012345678905*VN*FST-10001",
    "PID*F*08***HEX BOLT",
    "CTT*1",
)


def tset(*body: str, set_id: str = "850", number: str = "0001", count: int | None = None, end: str = "") -> str:
    """ST, the body, SE; `count` and `end` override SE01 and SE02."""
    rows = body or BODY_850
    return "~".join([f"ST*{set_id}*{number}", *rows, f"SE*{count or len(rows) + 2}*{end or number}"]) + "~"


def group(
    *sets: str, functional_id: str = "PO", number: str = "1", version: str = "004010", count: str = "", end: str = ""
) -> str:
    """GS, the sets, GE; `count` and `end` override GE01 and GE02."""
    head = f"GS*{functional_id}*RETAIL*NORTH*20261123*1200*{number}*X*{version}~"
    return head + "".join(sets) + f"GE*{count or len(sets)}*{end or number}~"


def interchange(
    *groups: str, number: str = "000000001", version: str = "00401", count: str = "", end: str = "", standard: str = "U"
) -> str:
    """ISA, the groups, IEA; `count` and `end` override IEA01 and IEA02."""
    head = (
        f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'RETAILER':15}*ZZ*{'NORTHLINE':15}*261123*1200*{standard}*{version}"
        f"*{number}*0*P*>~"
    )
    return head + "".join(groups) + f"IEA*{count or len(groups)}*{end or number}~"


def file_850(*body: str) -> str:
    """A whole file with one 850."""
    return interchange(group(tset(*body)))


def read(text: str) -> list[Interchange]:
    """Every interchange of a text."""
    return [read_interchange(raw) for raw in split_interchanges(text.encode("latin-1"))]


def read_one(text: str) -> Interchange:
    """The only interchange of a text."""
    (found,) = read(text)
    return found


def set_of(text: str) -> TransactionSet:
    """The first set of the first group of the only interchange."""
    return read_one(text).groups[0].sets[0]


def with_body(old: str, new: str) -> str:
    """A file with one 850 in which a segment is replaced (`new` "" drops it)."""
    rows = [row for row in (new if row == old else row for row in BODY_850) if row]
    assert old in BODY_850
    return file_850(*(part for row in rows for part in row.split("~")))
