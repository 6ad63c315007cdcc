"""Acknowledgments and application advice: 997, 999 (005010 only), 824."""

from __future__ import annotations

from edi.x12.mapgen.notation import SetTable

ACKNOWLEDGMENTS: dict[str, SetTable] = {
    "997": SetTable(
        "AK1 M1, AK2 O>1 {AK3 O>1 {AK4 O99}, AK5 M1}, AK9 M1",
    ),
    "999": SetTable(
        "",
        anew="AK1 M1, AK2 O>1 {IK3 O>1 {CTX O10, IK4 O>1 {CTX O10}}, IK5 M1}, AK9 M1",
    ),
    "824": SetTable(
        (
            "BGN M1, N1 O>1 {N2 O2, N3 O2, N4 O1, REF O12, PER O3}, OTI M>1 {REF O12, DTM O2, PER O3, AMT O>1, "
            "QTY O>1, NM1 O9, TED O>1 {NTE O100, RED O100}, LM O>1 {LQ M100 {RED O100}}}"
        ),
        added="OTI/TED/CTX O10 before NTE",
    ),
}
