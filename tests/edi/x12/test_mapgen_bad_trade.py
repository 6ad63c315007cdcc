"""Bad orders, changes, payments, adjustments and returns: each error where it stands, with the codes of AK3 and AK4."""

from __future__ import annotations

import pytest

from tests.edi.x12.corpus import told_of

BAD = [
    (
        "860",
        "004010",
        "BCH*04*SA*RL-70001**1*20261123*****20261125",
        "BCH*99*SA*RL-70001**1*20261123*****20261125",
        ["BCH 2 8 1:7"],
    ),
    (
        "860",
        "004010",
        "POC*2*AI*6**BX*41.5*PE*UP*012345678912*VN*FST-10002",
        "POC*2*ZX*6**BX*41.5*PE*UP*012345678912*VN*FST-10002",
        ["POC 22 8 2:7"],
    ),
    (
        "860",
        "004010",
        "POC*2*AI*6**BX*41.5*PE*UP*012345678912*VN*FST-10002",
        "POC*2*AI*6**BX**PE*UP",
        ["POC 22 8 6:2 9:2"],
    ),
    ("860", "004010", "MSG*LINE 1 DOWN, LINE 2 NEW", "MTX**LINE 1 DOWN, LINE 2 NEW", ["MTX 13 2"]),
    (
        "860",
        "004010",
        "N4*BOULDER*CO*80301*US",
        "N4*BOULDER*CO*80301*US~N4*AGAIN*CO~POC*9*QI*1**EA~BEG*00",
        ["BEG 19 1"],
    ),
    ("860", "005010", "MTX**LINE 1 DOWN, LINE 2 NEW", "MSG*LINE 1 DOWN, LINE 2 NEW", ["MSG 13 1"]),
    (
        "860",
        "005010",
        "POC*2*AI*6**BX*41.5*PE*UP*012345678912*VN*FST-10002",
        "POC*2*AI*6***41.5*PE*UP*012345678912",
        ["POC 22 8 5:2"],
    ),
    ("860", "005010", "CTT*3", "POC*4*QD*1*1*EA~LDT*AF*3*DA", ["LDT 26 2"]),
    (
        "865",
        "004010",
        "BCA*00*AC*RL-70001**1*20261123*****20261125*20261126",
        "BCA*00*XX*RL-70001**1*20261399*****20261125*20261126",
        ["BCA 2 8 2:7 6:8"],
    ),
    ("865", "004010", "BCA*00*AC*RL-70001**1*20261123*****20261125*20261126", "", ["BCA 2 3"]),
    ("865", "004010", "ACK*IR*4*EA", "ACK*QQ*4", ["ACK 16 8 1:7 3:2"]),
    ("865", "005010", "POC*3*RC*4*4*EA*12*PE*VN*FST-10003", "POC*3*RC**4**12*PE*VN*FST-10003", ["POC 15 8 5:2"]),
    (
        "820",
        "004010",
        "BPR*C*1482.5*C*ACH*CTX*01*102000076*DA*4471200*1846215590**01*044000037*DA*8830011*20261201",
        "BPR*C*14x2.5*X*ACH",
        ["BPR 2 8 2:6 3:7"],
    ),
    ("820", "004010", "RMR*IV*NL-90001**1000*1020*20", "RMR*IV***1000*1020*20*01", ["RMR 12 8 2:2 8:2"]),
    ("820", "004010", "ADX*-50*ZZ*CM*DM-119", "ADX**ZZ*CM", ["ADX 20 8 1:1 4:2"]),
    ("820", "004010", "ENT*2", "ENT*A~VEH*1", ["ENT 19 8 1:6", "VEH 20 1"]),
    ("820", "005010", "RMR*IV*NL-90001**1000*1020*20", "RMR*IV*" + "9" * 51 + "**1000", ["RMR 12 8 2:5"]),
    ("180", "004010", "BGN*00*RMA-REQ-3301*20261210", "BGN*00*RMA-REQ-3301*201210", ["BGN 2 8 3:4"]),
    ("180", "004010", "RDR*RA", "RDR*QQ*DM*NR", ["RDR 3 8 1:7 3:10"]),
    ("180", "004010", "BLI*VN*FST-10002*1*BX", "BLI*VN**1*BX**4", ["BLI 17 8 2:1 5:2"]),
    ("180", "005010", "BLI*VN*FST-10002*1*BX", "BLI*VN*FST-10002**BX~CTT*2", ["BLI 17 8 3:2", "CTT 18 1"]),
    (
        "812",
        "004010",
        "BCD*20261205*CM-4401*I*1750*C*20261125*NL-90002**20261123*RL-70001",
        "BCD*20261205*CM-4401*I*17.50*X*20261125",
        ["BCD 2 8 4:6 5:7"],
    ),
    ("812", "004010", "CDD*04*C*1*1750***2*EA**WHL*8.75", "CDD*04*C*1**Y", ["CDD 11 8 4:2"]),
    ("812", "004010", "N1*SE*NORTHLINE SUPPLY*92*44871", "N1*SE**92", ["N1 7 8 4:2"]),
    (
        "812",
        "005010",
        "LIN*1*UP*012345678905*VN*FST-10001",
        "LIN*1*UP*012345678905*VN*FST-10001~SAC*C*D500***250~N9*ZZ",
        ["N9 14 2", "N9 15 2"],
    ),
]


@pytest.mark.parametrize(("set_id", "release", "old", "new", "expected"), BAD)
def test_a_bad_segment_is_told_with_its_exact_codes(
    set_id: str, release: str, old: str, new: str, expected: list[str]
) -> None:
    assert told_of(set_id, release, old, new) == expected
