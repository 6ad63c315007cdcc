"""Invoices, payments and adjustments: 810, 820, 812."""

from __future__ import annotations

from edi.x12.mapgen.notation import SetTable

MONEY: dict[str, SetTable] = {
    "810": SetTable(
        (
            "BIG M1, NTE O100, CUR O1, REF O12, YNQ O10, PER O3, N1 O200 {N2 O2, N3 O2, N4 O1, REF O12, PER O3, "
            "DMG O1}, ITD O>1, DTM O10, FOB O1, PID O200, MEA O40, PWK O25, PKG O25, L7 O1, BAL O>1, INC O1, PAM "
            "O>1, LM O10 {LQ M100}, N9 O1 {MSG M10}, V1 O>1 {R4 O>1, DTM O>1}, FA1 O>1 {FA2 M>1}, IT1 O200000 "
            "{CRC O1, QTY O5, CUR O1, IT3 O5, TXI O10, CTP O25, PAM O10, MEA O40, PID O1000 {MEA O10}, PWK O25, "
            "PKG O25, PO4 O1, ITD O2, REF O>1, YNQ O10, PER O5, SDQ O500, DTM O10, CAD O>1, L7 O>1, SR O1, SAC "
            "O25 {TXI O10}, SLN O1000 {DTM O1, REF O>1, PID O1000, SAC O25, TC2 O2, TXI O10}, N1 O200 {N2 O2, N3 "
            "O2, N4 O1, REF O12, PER O3, DMG O1}, LM O10 {LQ M100}, V1 O>1 {R4 O>1, DTM O>1}, FA1 O>1 {FA2 M>1}}, "
            "TDS M1, TXI O10, CAD O1, AMT O>1, SAC O25 {TXI O10}, ISS O>1 {PID O1}, CTT O1"
        ),
        added="CRC O1 before LM, IT1/SAC/TXI/DTM O1, SAC/DTM O>1 before TXI, SAC/TXI/DTM O1",
        changed=(
            "IT1/TXI 10 >1, IT1/SAC 25 >1, IT1/SAC/TXI 10 >1, IT1/SLN/SAC 25 >1, IT1/SLN/TXI 10 >1, TXI 10 >1, "
            "SAC 25 >1, SAC/TXI 10 >1"
        ),
    ),
    "820": SetTable(
        (
            "BPR M1, NTE O>1, TRN O1, CUR O1, REF O>1, DTM O>1, N1 O>1 {N2 O>1, N3 O>1, N4 O1, REF O>1, PER O>1, "
            "RDM O1, DTM O1}, ENT O>1 {NM1 O>1 {N2 O>1, N3 O>1, N4 O1, REF O>1, PER O>1}, ADX O>1 {NTE O>1, PER "
            "O>1, DTM O1, REF O>1 {DTM O>1}, IT1 O>1 {REF O>1 {DTM O1}, SAC O>1 {TXI O>1}, SLN O>1 {REF O>1 {DTM "
            "O>1}, SAC O>1 {TXI O>1}}}}, RMR O>1 {NTE O>1, REF O>1, DTM O>1, IT1 O>1 {REF O>1 {DTM O1}, SAC O>1 "
            "{TXI O>1}, SLN O>1 {REF O>1 {DTM O>1}, SAC O>1 {TXI O>1}}}, ADX O>1 {NTE O>1, PER O>1, REF O>1 {DTM "
            "O>1}, IT1 O>1 {REF O>1 {DTM O1}, SAC O>1 {TXI O>1}, SLN O>1 {REF O>1 {DTM O>1}, SAC O>1 {TXI "
            "O>1}}}}}}, TXP O>1 {TXI O>1}, DED O>1, LX O>1 {REF O>1, TRN O>1, NM1 O>1 {REF O>1, G53 O1, AIN O>1 "
            "{QTY O>1, DTP O>1}, PEN O>1 {AMT O>1, DTP O>1, INV O>1 {DTP O>1}}}}, N9 O1 {AMT O>1 {REF O>1}, N1 "
            "O>1 {REF O>1, EMS O>1 {ATN O>1, AIN O>1, PYD O>1}}}, RYL O>1 {NM1 O>1 {LOC O>1 {PID O>1 {DTM O1, PCT "
            "O>1 {QTY O1, AMT O>1 {ADX O>1}}}}, ASM O1 {ADX O1}}}"
        ),
        added=(
            "ENT/FA1 O>1 before NM1, ENT/FA1/FA2 M>1, ENT/ADX/IT1/RPA O1 before REF, ENT/ADX/IT1/QTY O1 before "
            "REF, ENT/ADX/IT1/SAC/DTM O10, ENT/ADX/FA1 O>1, ENT/ADX/FA1/FA2 M>1, ENT/RMR/VEH O1 before IT1, "
            "ENT/RMR/IT1/RPA O1 before REF, ENT/RMR/IT1/QTY O1 before REF, ENT/RMR/ADX/IT1/RPA O1 before REF, "
            "ENT/RMR/ADX/IT1/QTY O1 before REF, ENT/RMR/ADX/IT1/SAC/DTM O10, ENT/RMR/FA1 O>1, ENT/RMR/FA1/FA2 "
            "M>1, TXP/REF O>1, TXP/DTM O>1, N9/REF O>1 before AMT"
        ),
    ),
    "812": SetTable(
        (
            "BCD M1, CUR O1, N9 O>1, PER O>1, ITD O>1, DTM O>1, FOB O1, SHD O>1, SAC O25, N1 M200 {N2 O2, N3 O2, "
            "N4 O1, N9 O12, PER O3, AMT O10}, LM O10 {LQ M100}, FA1 O>1 {FA2 M>1}, CDD O>1 {LIN O1, PO4 O1, SAC "
            "O25, N9 O>1, DTM O5, LM O10 {LQ M100}, N11 O>1 {AMT O10, PCT O2, N1 O>1 {AMT O10, PCT O2}}}"
        ),
        added="CDD/SAC O25 before LM, CDD/SAC/DTM O5, CDD/FA1 O>1, CDD/FA1/FA2 M>1",
        removed="CDD/SAC",
    ),
}
