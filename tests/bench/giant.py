"""One interchange of any size, written set by set: 20-line 850s, one of a hundred with a wrong code."""

from __future__ import annotations

from pathlib import Path

from edi.models import TradingPartner
from edi.seeds import partner_file
from tests.bench.company import order_body

WRONG_EVERY = 100


def write_interchange(path: Path, partner: TradingPartner, *, megabytes: float, number: int = 1) -> int:
    """How many sets were written."""
    head, tail = partner_file(partner, number, "850", "PO", order_body(0)).split(b"ST*850*0001", 1)
    after = tail[tail.index(b"GE*1*") :]
    sets = 0
    with path.open("wb") as out:
        written = out.write(head)
        while written < megabytes * 1_000_000:
            sets += 1
            body = order_body(sets)
            if sets % WRONG_EVERY == 0:
                body[0][1] = "XX"  # BEG01 has no such code
            rows = [["ST", "850", f"{sets:06d}"], *body, ["SE", str(len(body) + 2), f"{sets:06d}"]]
            written += out.write(b"".join("*".join(row).encode() + b"~\r\n" for row in rows))
        out.write(after.replace(b"GE*1*", b"GE*%d*" % sets, 1))
    return sets
