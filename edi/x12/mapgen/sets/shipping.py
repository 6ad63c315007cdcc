"""Ship notices and carriers' status: 856, 214.

005010 turned the 214 round: references, parties and status all stand below LX, so it is written anew.
"""

from __future__ import annotations

from edi.x12.mapgen.notation import SetTable

SHIPPING: dict[str, SetTable] = {
    "856": SetTable(
        (
            "BSN M1, DTM O10, HL M200000 {LIN O1, SN1 O1, SLN O1000, PRF O1, PO4 O1, PID O200, MEA O40, PWK O25, "
            "PKG O25, TD1 O20, TD5 O12, TD3 O12, TD4 O5, TSD O1, REF O>1, PER O3, LH1 O100 {LH2 O4, LH3 O12, LFH "
            "O20, LEP O>1, LH4 O1, LHT O3, LHR O10, PER O5, LHE O1}, CLD O200 {REF O200, DTP O1}, MAN O>1, DTM "
            "O10, FOB O1, PAL O1, N1 O200 {N2 O2, N3 O2, N4 O1, REF O12, PER O3, FOB O1}, SDQ O50, ETD O1, CUR "
            "O1, SAC O>1 {CUR O1}, GF O1, YNQ O10, LM O10 {LQ M100}, V1 O>1 {R4 O>1, DTM O>1}}, CTT O1"
        ),
        added="HL/TD3/AT9 O1",
        changed="HL/LH1/LH4 1 4",
    ),
    "214": SetTable(
        (
            "B10 M1, L11 O300, MAN O9999, K1 O10, N1 O10 {N2 O1, N3 O2, N4 O1, G61 O1, G62 O1, L11 O10}, MS3 O12, "
            "LX O>1 {AT7 O10 {MS1 O1, MS2 O1}, L11 O10, MAN O9999, Q7 O10, K1 O10, AT5 O10, AT8 O10, CD3 O>1 {L11 "
            "O20, AT7 O10 {MS1 O1, MS2 O1}, NM1 O1, Q7 O10, AT8 O1, MAN O9999, N1 O>1 {N2 O1, N3 O3, N4 O1, L11 "
            "O10}}, PRF O>1 {N1 O>1 {N2 O1, N3 O2, N4 O1, L11 O10}, CD3 O>1 {L11 O20, AT7 O10 {MS1 O1, MS2 O1}, "
            "MAN O9999}}, SPO O>1 {SDQ O10}, EFI O>1 {BIN M1}}"
        ),
        anew=(
            "B10 M1, MS3 O12, LX M>1 {L11 O999, MAN O9999, Q7 O10, K1 O10, AT5 O10, AT8 O10, AT7 M10 {MS1 O1, MS2 "
            "O2, K1 O1, M7 O1}, N1 O5 {N2 O1, N3 O2, N4 O1, G62 O1, L11 O10}, OID O>1 {SDQ O10}}"
        ),
    ),
}
