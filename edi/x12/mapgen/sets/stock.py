"""Stock, catalogues and returns: 846, 832, 180.

The order of the segments of the 832 was checked against one source only: its maxima are left open, and 005010's two LS
loops below CTP are one.
"""

from __future__ import annotations

from edi.x12.mapgen.notation import SetTable

STOCK: dict[str, SetTable] = {
    "846": SetTable(
        (
            "BIA M1, CUR O1, DTM O10, REF O12, PER O3, MEA O20, N1 O5 {N2 O2, N3 O2, N4 O1, REF O12, PER O3}, LM "
            "O10 {LQ M100}, LIN M10000 {PID O200, MEA O40, PKG O25, DTM O10, CTP O25, CUR O1, SAC O25, REF O>1, "
            "PER O3, SDQ O500, MAN O1, UIT O5, CS O1, DD O>1, G53 O1, PCT O>1, LDT O12, LM O10 {LQ M100}, SLN "
            "O1000 {PID O200, MEA O40, PKG O25, MAN O100 {MEA O40}}, QTY O99 {UIT O12, MEA O25, LDT O12, DTM O10, "
            "SCH O25 {MEA O25}, LM O>1 {LQ M100}, LS O1 {REF M>1 {DTM O>1, N1 O1, LM O10 {LQ M100}}, LE M1}}, N1 "
            "O200 {N2 O2, N3 O2, N4 O1, REF O12, PER O3}}, CTT O1"
        ),
    ),
    "832": SetTable(
        (
            "BCT M1, CTP O>1, REF O>1, YNQ O>1, PER O>1, DTM O>1, CTB O>1, CUR O>1, ITD O>1, LDT O>1, SAC O>1, "
            "TD1 O>1, TD5 O>1, TD3 O>1, TD4 O>1, FOB O>1, PKG O>1, G93 O>1, TXI O>1, AAA O>1, N1 O>1 {N2 O>1, N3 "
            "O>1, N4 O>1, REF O>1, PKG O>1, PER O>1, DTM O>1}, LM O>1 {LQ M>1}, N9 O>1 {DTM O>1}, LIN O>1 {PO1 "
            "O>1, G53 O>1, SI O>1, DTM O>1, REF O>1, YNQ O>1, PER O>1, CRD O>1, CTB O>1, PID O>1, MEA O>1, PKG "
            "O>1, PO4 O>1, TD1 O>1, TD5 O>1, TD3 O>1, TD4 O>1, ITD O>1, LDT O>1, SAC O>1, FOB O>1, AAA O>1, TC2 "
            "O>1, TXI O>1, G55 O>1, G54 O>1, CTP O>1 {G40 O>1, DTM O>1, G36 O>1, LDT O>1, CUR O>1, PO4 O>1, CTB "
            "O>1, REF O>1, G43 O>1, SAC O>1, G26 O>1}, N1 O>1 {N2 O>1, N3 O>1, N4 O>1, REF O>1, PER O>1, DTM O>1, "
            "PKG O>1}, G39 O>1 {CTP O>1}, PKL O>1 {CTP O>1, PKG O>1}, LFG O>1 {CRC O>1 {QTY O>1}}, LM O>1 {LQ "
            "M>1}, SLN O>1 {SI O>1, PID O>1, DTM O>1, CTP O>1, PAM O>1, PO4 O>1, PKG O>1, QTY O>1, MEA O>1, SAC "
            "O>1, MTX O>1, LM O>1 {LQ M>1}}, N9 O>1 {DTM O>1}}, CTT O1"
        ),
        anew=(
            "BCT M1, CTP O>1, REF O>1, YNQ O>1, PER O>1, DTM O>1, CTB O>1, CUR O>1, ITD O>1, LDT O>1, SAC O>1, "
            "TD1 O>1, TD5 O>1, TD3 O>1, TD4 O>1, FOB O>1, PKG O>1, TXI O>1, AAA O>1, MTX O>1, PWK O>1, N1 O>1 {N2 "
            "O>1, N3 O>1, N4 O>1, REF O>1, PKG O>1, PER O>1, DTM O>1, MTX O>1, SPI O>1}, LM O>1 {LQ M>1}, N9 O>1 "
            "{DTM O>1, MTX O>1, PWK O>1, EFI O>1}, G93 O>1 {SAC O>1, N1 O>1, G26 O>1}, LIN O>1 {PO1 O>1, G53 O>1, "
            "SI O>1, DTM O>1, REF O>1, YNQ O>1, PER O>1, CRD O>1, CTB O>1, PID O>1, MEA O>1, PKG O>1, PO4 O>1, "
            "TD1 O>1, TD5 O>1, TD3 O>1, TD4 O>1, ITD O>1, LDT O>1, SAC O>1, FOB O>1, AAA O>1, TC2 O>1, TXI O>1, "
            "MTX O>1, G55 O>1, G54 O>1, CTP O>1 {DTM O>1, G36 O>1, LDT O>1, CUR O>1, PO4 O>1, CTB O>1, REF O>1, "
            "G43 O>1, SAC O>1, G26 O>1, TXI O>1, ITD O>1, G40 O>1 {SAC O>1, G93 O>1}, LS O>1 {LM O>1 {LQ O>1}, N1 "
            "O>1 {N2 O>1, N3 O>1, N4 O>1}, LE M1}}, N1 O>1 {N2 O>1, N3 O>1, N4 O>1, REF O>1, PER O>1, DTM O>1, "
            "MTX O>1, PKG O>1, PAL O>1, SPI O>1}, G39 O>1 {CTP O>1}, PKL O>1 {CTP O>1, PKG O>1, G53 O>1, DTM "
            "O>1}, LFG O>1 {CRC O>1 {QTY O>1}}, LM O>1 {LQ M>1 {REF O>1, EFI O>1, DTM O>1, PID O>1 {MEA O>1, MTX "
            "O>1}}}, SLN O>1 {SI O>1, PID O>1, DTM O>1, CTP O>1, PAM O>1, PO4 O>1, PKG O>1, QTY O>1, MEA O>1, SAC "
            "O>1, MTX O>1, LM O>1 {LQ M>1}, N1 O>1 {N2 O>1, N3 O>1, N4 O>1, REF O>1, PER O>1, DTM O>1}}, N9 O>1 "
            "{DTM O>1, MTX O>1, PWK O>1, EFI O>1}}, CTT O1"
        ),
    ),
    "180": SetTable(
        (
            "BGN M1, RDR O1, PRF O1, DTM O10, N9 O10, PER O2, SAC O10, G38 O1, PKG O5, TD1 O10, TD5 O10, NTE O5, "
            "N1 O200 {N2 O2, N3 O2, N4 O1, PER O5}, LM O10 {LQ M100}, BLI O>1 {N9 O20, PID O5, RDR O1, SAC O10, "
            "AMT O>1, MEA O>1, CRC O>1, NTE O>1, PRF O1, DTM O15, DD O100, GF O1, TD5 O5, SDQ O100, LM O10 {LQ "
            "M100}, N1 O200 {N2 O2, N3 O2, N4 O1, PER O5}, QTY O>1 {AMT O5, DTM O10, N1 O1, LM O10 {LQ M100}, LX "
            "O>1 {N9 O>1, DTM O10, N1 O1, LM O10 {LQ M100}}}, FA1 O>1 {FA2 M>1}}"
        ),
    ),
}
