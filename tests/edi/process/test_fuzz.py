"""Damaged files of every sort: each ends read or refused, and all that came is accepted, rejected or with a person.

FUZZ_FILES says how many; `make fuzz` takes ten thousand.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

import pytest

from edi.models import Document, FunctionalGroup, InboundFile, Interchange
from edi.process.inbound import read_file
from edi.process.mailboxes import store_file
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole

pytestmark = pytest.mark.django_db

ACK = "ST*997*0001~AK1*PR*1~AK2*855*0001~AK3*PO1*5**8~AK4*3*355*7*EA~AK5*R*5~AK9*R*1*1*0~SE*8*0001~"
TA1 = "TA1*000000001*261124*1200*R*020~"
SPICE = (
    b"\x00",
    b"~",
    b"*",
    b">",
    b"\xff",
    b"\xc3\xa9",
    b"ISA*",
    b"GS*",
    b"IEA*1*1~",
    b"ST*850*",
    b"SE*",
    b"9" * 40,
    b"",
)


FILES = int(os.environ.get("FUZZ_FILES", "200"))
CHUNK = min(100, FILES // 8)
"""Files in one transaction: each repeated change of one row in it makes the next one dearer."""


def good(seed: int) -> bytes:
    """Two interchanges with numbers of their own: orders with a TA1 and an acknowledgment, and an order more."""
    first, second = f"{seed + 100_000:08}1", f"{seed + 100_000:08}2"
    orders = TA1 + group(po(po_number=f"A{seed}"), po("0002", po_number=f"B{seed}"))
    return whole(orders, group(ACK, functional_id="FA", number="72"), number=first) + whole(
        group(po(po_number=f"C{seed}")), number=second
    )


def damaged(seed: int) -> bytes:
    """A good file with one to eight places overwritten, cut out, doubled or spiced."""
    chance = random.Random(seed)
    content = bytearray(good(seed))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content))
        length = chance.choice((0, 1, 1, 2, 5, 40))
        content[at : at + length] = chance.choice((chance.choice(SPICE), bytes(content[at : at + length]) * 2))
    return bytes(content)


@dataclass
class Account:
    """What came, and what became of it; `waiting` is what a person was given a case for."""

    received: int = 0
    accepted: int = 0
    rejected: int = 0
    waiting: int = 0

    def count_file(self, file: InboundFile) -> None:
        """A file that nobody can read is one thing with one case; else its interchanges count."""
        rows = list(Interchange.objects.filter(file=file).prefetch_related("groups"))
        assert bool(rows) == (file.state == "read"), file.name
        if not rows:
            self.received += 1
            self.waiting += open_cases("edi_file", file.pk)
        for row in rows:
            self.count_interchange(row)

    def count_interchange(self, row: Interchange) -> None:
        """A refused one is one thing with one case and no documents; else its groups count."""
        if row.state == "rejected":
            assert not Document.objects.filter(group__interchange=row).exists()
            self.received += 1
            self.waiting += open_cases("edi_interchange", row.pk) or strangers(row)
            return
        assert row.state == "accepted"
        for group_row in row.groups.exclude(functional_id="FA"):
            self.count_group(group_row)

    def count_group(self, row: FunctionalGroup) -> None:
        """Its sets, as our one 997 told the partner, and as they stand here: the same figures."""
        answer = Document.objects.get(direction="out", set_id="997", business_key=f"997:{row.pk}")
        told = next(segment for segment in answer.segments if segment[0] == "AK9")
        states = list(row.documents.values_list("state", flat=True))
        refused = states.count("invalid")
        assert (int(told[3]), int(told[4])) == (len(states), len(states) - refused)
        assert open_cases("edi_group", row.pk) == (1 if refused or told[1] == "R" else 0)
        self.received += int(told[3])
        self.accepted += len(states) - refused
        self.rejected += refused


def open_cases(subject_type: str, subject: object) -> int:
    return Case.objects.filter(subject_type=subject_type, subject_id=str(subject), resolved_at=None).count()


def strangers(row: Interchange) -> int:
    """One case of a sender whom nobody knows stands for all that it sent."""
    return min(1, Case.objects.filter(subject_type="edi_sender", kind="edi.unknown_partner", resolved_at=None).count())


@pytest.mark.parametrize("start", range(0, FILES, CHUNK))
def test_no_damage_breaks_the_reader_or_loses_anything(crestline: Post, start: int) -> None:
    account = Account()
    for seed in range(start, start + CHUNK):
        content = damaged(seed)
        file = store_file(mailbox=crestline.partner.mailbox, name=f"{seed}.edi", content=content)
        read_file(file_id=file.pk)
        file.refresh_from_db()
        assert file.state in ("read", "refused"), seed
        assert bytes(file.content) == content
        account.count_file(file)
    print(f"{CHUNK} files from seed {start}: {account}")  # noqa: T201
    assert account.accepted + account.rejected + account.waiting == account.received >= CHUNK
    assert min(account.accepted, account.rejected, account.waiting) > 0
    assert not Case.objects.filter(kind__startswith="dead").exists()
