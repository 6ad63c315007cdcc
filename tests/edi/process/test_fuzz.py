"""Damaged files of every sort: each ends read or refused, and nothing in it can break the reader."""

from __future__ import annotations

import random

import pytest

from edi.models import Document, Interchange
from edi.process.inbound import read_file
from edi.process.mailboxes import store_file
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole

pytestmark = pytest.mark.django_db

ACK = "ST*997*0001~AK1*PR*1~AK2*855*0001~AK3*PO1*5**8~AK4*3*355*7*EA~AK5*R*5~AK9*R*1*1*0~SE*8*0001~"
TA1 = "TA1*000000001*261124*1200*R*020~"
BASE = whole(TA1 + group(po(), po("0002")), group(ACK, functional_id="FA", number="72")) + whole(
    group(po()), number="000009002"
)
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


def damaged(seed: int) -> bytes:
    """The good file with one to eight places overwritten, cut out, doubled or spiced."""
    chance = random.Random(seed)
    content = bytearray(BASE)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content))
        length = chance.choice((0, 1, 1, 2, 5, 40))
        content[at : at + length] = chance.choice((chance.choice(SPICE), bytes(content[at : at + length]) * 2))
    return bytes(content)


@pytest.mark.parametrize("start", range(0, 200, 25))
def test_no_damage_breaks_the_reader(crestline: Post, start: int) -> None:
    for seed in range(start, start + 25):
        content = damaged(seed)
        file = store_file(mailbox=crestline.partner.mailbox, name=f"{seed}.edi", content=content)
        read_file(file_id=file.pk)
        file.refresh_from_db()
        assert file.state in ("read", "refused"), seed
        assert bytes(file.content) == content
        rows = Interchange.objects.filter(file=file)
        assert rows.exists() == (file.state == "read"), seed
        for row in rows.filter(state="rejected"):
            assert not Document.objects.filter(group__interchange=row).exists(), seed
        for group_row in (g for row in rows.filter(state="accepted") for g in row.groups.exclude(functional_id="FA")):
            answers = Document.objects.filter(direction="out", set_id="997", business_key=f"997:{group_row.pk}")
            assert answers.count() == 1, seed
    assert not Case.objects.filter(kind__startswith="dead").exists()
