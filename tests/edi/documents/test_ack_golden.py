"""997, 999 and TA1 as files: what we answer, byte for byte, and what a partner's answer says in each release."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from edi.documents.fa997 import AckResult, read_997
from edi.documents.ia999 import read_999
from edi.x12.acks import render_997, render_999, render_ta1
from edi.x12.structure import Group, Interchange
from edi.x12.validate import validate_set
from edi.x12.verdicts import SetVerdict
from edi.x12.writer import render_interchange
from tests.edi.documents.golden import SAMPLES, assert_golden, sample
from tests.edi.x12.corpus import INTERCHANGE
from tests.edi.x12.test_writer import envelope
from tests.edi.x12.texts import BODY_850, group, interchange, read_one, tset

RELEASES = pytest.mark.parametrize("release", ["004010", "005010"])
WRONG = tset("BEG*00*SA*" + "X" * 23 + "**20261123", *BODY_850[1:7], "ZZZ*1", *BODY_850[7:], number="0002")
CONDITIONAL = tset(*BODY_850[:7], "PO1*1*12*QQ*9.95*PE*UP", *BODY_850[8:], number="0003")
COMPOSITE = tset(*BODY_850[:2], "REF*DP*099**ZZZZ>1", *BODY_850[3:], number="0004")
MISCOUNTED = tset(number="0005", count=99)


def received(release: str, **wrong: str) -> Interchange:
    """What a partner sent: a clean order and four that are wrong in a segment, a rule, a component and a count."""
    version, standard = INTERCHANGE[release]
    sets = group(tset(), WRONG, CONDITIONAL, COMPOSITE, MISCOUNTED, version=release)
    return read_one(interchange(sets, version=version, standard=standard, **wrong))


def judged(release: str) -> tuple[Group, list[SetVerdict]]:
    only = received(release).groups[0]
    return only, [validate_set(tset_) for tset_ in only.sets]


@RELEASES
def test_our_997_is_the_file(release: str) -> None:
    assert_golden("997", "out_partial", render_997(*judged(release)), release)


def test_our_999_is_the_file() -> None:
    assert_golden("999", "out_partial", render_999(*judged("005010")), "005010")


@RELEASES
@pytest.mark.parametrize(("wrong", "told"), [({}, "A*000"), ({"count": "3"}, "R*021")])
def test_our_ta1_is_these_bytes(release: str, wrong: dict[str, str], told: str) -> None:
    version, standard = INTERCHANGE[release]
    out = render_interchange(envelope(version=release), [], ta1s=[render_ta1(received(release, **wrong))])
    assert out.decode() == (
        "ISA*00*          *00*          *01*123456789      *ZZ*RETAILER       *261123*1205"
        f"*{standard}*{version}*000000007*0*P*>~TA1*000000001*261123*1200*{told}~IEA*0*000000007~"
    )


@pytest.mark.parametrize(
    ("set_id", "name", "release"),
    [
        ("997", "partial", "004010"),
        ("997", "partial", "005010"),
        ("997", "refused", "004010"),
        ("999", "partial", "005010"),
    ],
)
def test_what_a_partner_answers_is_read_as_people_wrote_it_down(set_id: str, name: str, release: str) -> None:
    read = {"997": read_997, "999": read_999}[set_id]
    expected = json.loads((SAMPLES / set_id / f"{name}_{release}.json").read_text())
    assert plain(read(sample(set_id, name, release))) == expected


def plain(found: AckResult) -> Any:
    return json.loads(json.dumps(dataclasses.asdict(found)))
