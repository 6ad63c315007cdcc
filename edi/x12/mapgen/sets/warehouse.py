"""Warehouse orders, advices, transfers and receipts: 940, 945, 943, 944.

943 and 944 were checked against fewer sources than the others: parties, carrier, totals are optional and maxima open.
005010 puts the lines of the 944 below LX.
"""

from __future__ import annotations

from edi.x12.mapgen.notation import SetTable

WAREHOUSE: dict[str, SetTable] = {
    "940": SetTable(
        (
            "W05 M1, N1 O10 {N2 O2, N3 O2, N4 O1, PER O5}, N9 O10, G61 O3, G62 O10, NTE O>1, W09 O1, W66 O1, W6 "
            "O1, R2 O13, BNX O1, LM O10 {LQ M100}, LX O>1 {MAN O>1, SDQ O>1, N1 O1, G62 O10, W01 O>1 {G69 O5, N9 "
            "O200, NTE O>1, W20 O3, QTY O10, AMT O1, G62 O10, G66 O1, N1 O3, PER O5, LH2 O6, LHR O1, LH6 O5, LM "
            "O10 {LQ M100}, LS O1 {LX M>1 {N9 O>1, G62 O10, N1 O1, SDQ O>1, LM O10 {LQ M100}, LH1 O>1 {LH2 O4, "
            "LH3 O10, LFH O20, LEP O3, LH4 O1, LHT O3, LHR O5, PER O5}}, LE M1}, FA1 O>1 {FA2 M>1}}}, W76 O1"
        ),
        added=(
            "TD3 O1 before LM, TD3/AT9 O1, LX/N9 O>1 before W01, LX/W01/N1/N2 O1, LX/W01/N1/N3 O1, LX/W01/N1/N4 "
            "O1, LX/W01/N1/PER O5"
        ),
        removed="LX/W01/PER",
        changed="W6 1 5, LX/W01/AMT 1 >1, LX/W01/N1 3 >1",
    ),
    "945": SetTable(
        (
            "W06 M1, N1 M10 {N2 O1, N3 O2, N4 O1, PER O5}, N9 O10, G61 O3, G62 O5, NTE O20, W27 O1, W6 O1, W28 "
            "O1, W10 O10, G72 O5, LM O10 {LQ M100}, LX O>1 {MAN O>1, PAL O1, N9 O5, W12 O>1 {G69 O5, N9 O200, G62 "
            "O10, QTY O10, MEA O5, AMT O1, R4 O5, W27 O1, N1 O5, G72 O5, LM O10 {LQ M100}, LS O1 {LX M>1 {N9 O>1, "
            "G62 O10, N1 O1, LM O10 {LQ M100}}, LE M1}, FA1 O>1 {FA2 M>1}}}, W03 O1"
        ),
        added="TD1 O5 before LM, LX/W12/N1/N2 O1, LX/W12/N1/N3 O1, LX/W12/N1/N4 O1, LX/W12/N1/PER O1",
        changed="LX/W12/N1 5 >1",
    ),
    "943": SetTable(
        (
            "W06 M1, N1 O>1 {N2 O>1, N3 O>1, N4 O>1, PER O>1}, N9 O>1, G61 O>1, G62 O>1, NTE O>1, W27 O>1, W28 "
            "O>1, W10 O>1, W04 M>1 {G69 O>1, N9 O>1, W20 O>1}, W03 O1"
        ),
    ),
    "944": SetTable(
        (
            "W17 M1, N1 O>1 {N2 O>1, N3 O>1, N4 O>1, PER O>1}, N9 O>1, G61 O>1, G62 O>1, NTE O>1, W08 O>1, W18 "
            "O>1, G08 O>1, W07 M>1 {G69 O>1, N9 O>1, W20 O>1, W13 O>1 {N9 O>1}}, W14 O1"
        ),
        anew=(
            "W17 M1, N1 O>1 {N2 O>1, N3 O>1, N4 O>1, PER O>1}, N9 O>1, G61 O>1, G62 O>1, NTE O>1, W08 O>1, W18 "
            "O>1, G08 O>1, TD1 O>1, LX M>1 {MAN O>1, PAL O>1, N9 O>1, W07 O>1 {G69 O>1, N9 O>1, W20 O>1, W13 O>1 "
            "{N9 O>1}}}, W14 O1"
        ),
    ),
}
