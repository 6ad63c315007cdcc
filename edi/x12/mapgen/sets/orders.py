"""Orders, changes of orders and the answers to both: 850, 855, 860, 865."""

from __future__ import annotations

from edi.x12.mapgen.notation import SetTable

ORDERS: dict[str, SetTable] = {
    "850": SetTable(
        (
            "BEG M1, CUR O1, REF O>1, PER O3, TAX O>1, FOB O>1, CTP O>1, PAM O10, CSH O5, TC2 O>1, SAC O25 {CUR "
            "O1}, ITD O>1, DIS O20, INC O1, DTM O10, LDT O12, LIN O5, SI O>1, PID O200, MEA O40, PWK O25, PKG "
            "O200, TD1 O2, TD5 O12, TD3 O12, TD4 O5, MAN O10, PCT O>1, CTB O5, TXI O>1, AMT O>1 {REF O>1, DTM O1, "
            "PCT O>1, FA1 O>1 {FA2 M>1}}, N9 O1000 {DTM O>1, MSG O1000}, N1 O200 {N2 O2, N3 O2, N4 O>1, NX2 O>1, "
            "REF O12, PER O>1, SI O>1, FOB O1, TD1 O2, TD5 O12, TD3 O12, TD4 O5, PKG O200}, LM O>1 {LQ M>1}, SPI "
            "O>1 {REF O5, DTM O5, MSG O50, N1 O20 {N2 O2, N3 O2, N4 O1, REF O20, G61 O1, MSG O50}, CB1 O>1 {REF "
            "O20, DTM O5, LDT O1, MSG O50}}, ADV O>1 {DTM O>1, MTX O>1}, PO1 M100000 {LIN O>1, SI O>1, CUR O1, "
            "CN1 O1, PO3 O25, CTP O>1 {CUR O1}, PAM O10, MEA O40, PID O1000 {MEA O10}, PWK O25, PO4 O>1, REF O>1, "
            "PER O3, SAC O25 {CUR O1, CTP O1}, IT8 O1, CSH O>1, ITD O2, DIS O20, INC O1, TAX O>1, FOB O>1, SDQ "
            "O500, IT3 O5, DTM O10, TC2 O>1, TD1 O1, TD5 O12, TD3 O12, TD4 O5, PCT O>1, MAN O10, MSG O>1, SPI "
            "O>1, TXI O>1, CTB O>1, QTY O>1 {SI O>1}, SCH O200 {TD1 O2, TD5 O12, TD3 O12, TD4 O5, REF O>1}, PKG "
            "O200 {MEA O>1}, LS O1 {LDT M>1 {QTY O>1, MSG O1, REF O3, LM O>1 {LQ M>1}}, LE M1}, N9 O1000 {DTM "
            "O>1, MEA O40, MSG O1000}, N1 O200 {N2 O2, N3 O2, N4 O1, QTY O>1, NX2 O>1, REF O12, PER O3, SI O>1, "
            "DTM O1, FOB O1, SCH O200, TD1 O2, TD5 O12, TD3 O12, TD4 O5, PKG O200, LDT O>1 {MAN O10, QTY O5, MSG "
            "O1, REF O3}}, SLN O1000 {MSG O>1, SI O>1, PID O1000, PO3 O104, TC2 O>1, ADV O>1, DTM O10, CTP O25, "
            "PAM O10, PO4 O1, TAX O3, N9 O>1 {DTM O>1, MSG O>1}, SAC O25 {CUR O1, CTP O1}, QTY O>1 {SI O>1}, N1 "
            "O10 {N2 O2, N3 O2, N4 O1, NX2 O>1, REF O12, PER O3, SI O>1}}, AMT O>1 {REF O1, PCT O>1}, LM O>1 {LQ "
            "M>1}}, CTT O1 {AMT O1}"
        ),
        added=(
            "LDT O>1 before AMT, LDT/QTY O>1, LDT/MTX O>1, LDT/REF O>1, N9/MTX O>1, N9/PWK O>1, N9/EFI O>1, "
            "N1/IN2 O>1, SPI/MTX O>1, SPI/N1/MTX O>1, SPI/CB1/MTX O>1, PO1/MTX O>1, PO1/LS/LDT/MTX O>1, "
            "PO1/N9/MTX O>1, PO1/N9/PWK O>1, PO1/N9/EFI O>1, PO1/N1/IN2 O>1, PO1/N1/LDT/MTX O>1, PO1/SLN/MTX O>1, "
            "PO1/SLN/MEA O>1 before TC2, PO1/SLN/N9/MTX O>1, PO1/SLN/N1/IN2 O>1"
        ),
        removed=(
            "LDT, N9/MSG, SPI/MSG, SPI/N1/MSG, SPI/CB1/MSG, PO1/MSG, PO1/LS/LDT/MSG, PO1/N9/MSG, PO1/N1/LDT/MSG, "
            "PO1/SLN/MSG, PO1/SLN/N9/MSG"
        ),
        changed="TD5 12 >1, PO1/AMT/REF 1 >1",
    ),
    "855": SetTable(
        (
            "BAK M1, CUR O1, REF O>1, PER O3, TAX O>1, FOB O>1, CTP O>1, PAM O10, CSH O1, SAC O25 {CUR O1}, ITD "
            "O5, DIS O20, INC O1, DTM O10, LDT O12, LIN O5, SI O>1, PID O200, MEA O40, PWK O25, PKG O25, TD1 O2, "
            "TD5 O12, TD3 O12, TD4 O5, MAN O10, TXI O>1, CTB O>1, N9 O1000 {DTM O>1, MSG O1000}, N1 O200 {N2 O2, "
            "N3 O2, N4 O1, NX2 O>1, REF O12, PER O>1, SI O>1, FOB O1, TD1 O2, TD5 O12, TD3 O12, TD4 O5, PKG O25, "
            "MSG O>1}, ADV O>1 {DTM O>1, MTX O>1}, PO1 O100000 {LIN O>1, SI O>1, CUR O1, PO3 O25, CTP O>1, PAM "
            "O10, MEA O40, PID O1000 {MEA O10}, PWK O25, PO4 O>1, REF O>1, PER O3, SAC O25 {CUR O1}, IT8 O1, CSH "
            "O>1, ITD O2, DIS O20, INC O1, TAX O>1, FOB O>1, SDQ O500, DTM O10, LDT O12, TD1 O1, TD5 O12, TD3 "
            "O12, TD4 O5, ACK O104 {DTM O1}, MAN O10, AMT O1, CTB O>1, TXI O>1, QTY O>1 {SI O>1}, PKG O200 {MEA "
            "O>1}, SCH O200 {TD1 O2, TD5 O12, TD3 O12, TD4 O5, REF O>1}, N9 O1000 {DTM O>1, MSG O1000}, N1 O200 "
            "{N2 O2, N3 O2, N4 O1, NX2 O>1, REF O12, PER O3, SI O>1, DTM O1, FOB O1, SCH O200, TD1 O2, TD5 O12, "
            "TD3 O12, TD4 O5, QTY O>1, PKG O25}, SLN O1000 {MSG O>1, SI O>1, PID O1000, PO3 O25, CTP O25, PAM "
            "O10, ACK O104, SAC O10 {CUR O1}, DTM O10, PO4 O1, TAX O3, ADV O>1, QTY O>1 {SI O>1}, N9 O>1 {DTM "
            "O>1, MSG O>1}, N1 O10 {N2 O2, N3 O2, N4 O1, NX2 O>1, REF O12, PER O3, SI O>1}}}, CTT O1 {AMT O1}"
        ),
        added=(
            "N9/MTX O>1, N9/PWK O>1, N9/EFI O>1, N1/IN2 O>1, N1/MTX O>1, PO1/N9/MTX O>1, PO1/N9/PWK O>1, "
            "PO1/N9/EFI O>1, PO1/N1/IN2 O>1, PO1/SLN/MTX O>1, PO1/SLN/MEA O>1 before CTP, PO1/SLN/N9/MTX O>1, "
            "PO1/SLN/N1/IN2 O>1"
        ),
        removed="N9/MSG, N1/MSG, PO1/N9/MSG, PO1/SLN/MSG, PO1/SLN/N9/MSG",
    ),
    "860": SetTable(
        (
            "BCH M1, CUR O1, REF O>1, PER O3, TAX O>1, FOB O>1, CTP O>1, PAM O10, CSH O5, SAC O25 {CUR O1}, ITD "
            "O5, DIS O20, INC O1, DTM O10, LDT O12, LIN O5, SI O>1, PID O200, MEA O40, PWK O25, PKG O200, TD1 O2, "
            "TD5 O12, TD3 O12, TD4 O5, CTB O>1, MAN O10, G53 O>1, TXI O>1, PCT O>1, AMT O>1 {REF O>1, DTM O1, PCT "
            "O>1, FA1 O>1 {FA2 M>1}}, N9 O1000 {DTM O>1, MSG O1000}, N1 O200 {N2 O2, N3 O2, N4 O>1, NX2 O>1, REF "
            "O12, PER O>1, SI O>1, FOB O1, TD1 O2, TD5 O12, TD3 O12, TD4 O5, PKG O200}, LM O>1 {LQ M>1}, SPI O>1 "
            "{REF O5, DTM O5, MSG O50, N1 O20 {N2 O2, N3 O2, N4 O1, REF O20, G61 O1, MSG O50}, CB1 O>1 {REF O20, "
            "DTM O5, LDT O1, MSG O50}}, ADV O>1 {DTM O>1, MTX O>1}, POC O>1 {LIN O>1, SI O>1, CUR O1, CN1 O1, PO3 "
            "O25, CTP O>1, PAM O10, MEA O40, PID O1000 {MEA O10}, PWK O25, PKG O200, PO4 O>1, REF O>1, PER O3, "
            "SAC O25 {CUR O1}, IT8 O1, CSH O>1, ITD O2, DIS O20, INC O1, TAX O>1, FOB O>1, SDQ O500, DTM O10, TD1 "
            "O1, TD5 O12, TD3 O12, TD4 O5, MAN O10, PCT O>1, TC2 O2, CTB O>1, TXI O>1, SPI O>1, MSG O>1, QTY O>1 "
            "{SI O>1}, SCH O200 {TD1 O2, TD5 O12, TD3 O12, TD4 O5}, N9 O1000 {DTM O>1, MSG O1000}, LS O1 {LDT M>1 "
            "{QTY O>1, MSG O1, REF O3, LM O>1 {LQ M>1}}, LE M1}, N1 O200 {N2 O2, N3 O2, N4 O1, QTY O>1, NX2 O>1, "
            "REF O12, PER O3, SI O>1, DTM O1, FOB O1, SCH O200, TD1 O2, TD5 O12, TD3 O12, TD4 O5, PKG O200, LDT "
            "O>1 {MAN O10, QTY O5, MSG O1, REF O3}}, SLN O1000 {MSG O>1, SI O>1, PID O1000, PO3 O104, TC2 O2, SAC "
            "O10 {CUR O1}, DTM O10, CTP O25, PAM O10, PO4 O1, TAX O3, ADV O>1, QTY O>1 {SI O>1}, N9 O>1 {DTM O>1, "
            "MSG O>1}, N1 O10 {N2 O2, N3 O2, N4 O1, NX2 O>1, REF O12, PER O3, SI O>1}}, AMT O>1 {REF O1, PCT "
            "O>1}, LM O>1 {LQ M>1}}, CTT O1 {AMT O5}"
        ),
        added=(
            "LDT O>1 before AMT, LDT/QTY O>1, LDT/MTX O>1, LDT/REF O>1, N9/MTX O>1, N9/PWK O>1, N9/EFI O>1, "
            "N1/IN2 O>1, SPI/MTX O>1, SPI/N1/MTX O>1, SPI/CB1/MTX O>1, POC/MTX O>1, POC/SCH/REF O>1, POC/N9/MTX "
            "O>1, POC/N9/PWK O>1, POC/N9/EFI O>1, POC/LS/LDT/MTX O>1, POC/N1/IN2 O>1, POC/N1/LDT/MTX O>1, "
            "POC/SLN/MTX O>1, POC/SLN/MEA O>1 before TC2, POC/SLN/N9/MTX O>1, POC/SLN/N1/IN2 O>1"
        ),
        removed=(
            "LDT, N9/MSG, SPI/MSG, SPI/N1/MSG, SPI/CB1/MSG, POC/MSG, POC/N9/MSG, POC/LS/LDT/MSG, POC/N1/LDT/MSG, "
            "POC/SLN/MSG, POC/SLN/N9/MSG"
        ),
        changed="POC/AMT/REF 1 >1",
    ),
    "865": SetTable(
        (
            "BCA M1, CUR O1, REF O>1, PER O3, TAX O>1, FOB O>1, CTP O>1, PAM O10, CSH O1, SAC O25 {CUR O1}, ITD "
            "O5, DIS O20, INC O1, DTM O10, LDT O12, LIN O5, SI O>1, PID O200, MEA O40, PWK O25, PKG O25, TD1 O2, "
            "TD5 O12, TD3 O12, TD4 O5, PCT O>1, MAN O10, TXI O>1, CTB O>1, G53 O>1, N9 O1000 {DTM O>1, MSG "
            "O1000}, N1 O200 {N2 O2, N3 O2, N4 O1, NX2 O>1, REF O12, PER O>1, SI O>1, FOB O1, TD1 O2, TD5 O12, "
            "TD3 O12, TD4 O5, PKG O25, MSG O>1}, AMT O>1 {PCT O>1}, ADV O>1 {DTM O>1, MTX O>1}, POC O>1 {LIN O>1, "
            "SI O>1, CUR O1, PO3 O25, CTP O>1, PAM O10, MEA O40, PID O1000 {MEA O10}, PWK O25, PKG O25, PO4 O>1, "
            "REF O>1, PER O3, SAC O25 {CUR O1}, IT8 O1, CSH O>1, ITD O2, DIS O20, INC O1, TAX O>1, FOB O>1, SDQ "
            "O500, DTM O10, TD1 O1, TD5 O12, TD3 O12, TD4 O5, TXI O>1, PCT O>1, ACK O104 {DTM O1}, MAN O10, SPI "
            "O>1, MSG O>1, CTB O>1, AMT O>1 {PCT O>1}, QTY O>1 {SI O>1}, SCH O200 {TD1 O2, TD5 O12, TD3 O12, TD4 "
            "O5, REF O>1}, LDT O>1 {QTY O>1, MSG O1, LM O>1 {LQ M>1}}, N9 O1000 {DTM O>1, MSG O1000}, N1 O200 {N2 "
            "O2, N3 O2, N4 O1, QTY O>1, NX2 O>1, REF O12, PER O3, SI O>1, DTM O1, FOB O1, SCH O200, TD1 O2, TD5 "
            "O12, TD3 O12, TD4 O5, PKG O25, LDT O>1 {MAN O10, QTY O5, MSG O1}}, SLN O1000 {MSG O>1, SI O>1, PID "
            "O1000, PO3 O25, CTP O25, PAM O10, ACK O104, SAC O10 {CUR O1}, DTM O10, PO4 O1, TAX O3, ADV O>1, QTY "
            "O>1 {SI O>1}, N9 O>1 {DTM O>1}, N1 O10 {N2 O2, N3 O2, N4 O1, NX2 O>1, REF O12, PER O3, SI O>1}}, PD "
            "O>1 {PDD O>1}}, CTT O1 {AMT O5}"
        ),
        added=(
            "LDT O>1 before N9, LDT/QTY O>1, LDT/MTX O>1, N9/MTX O>1, N9/PWK O>1, N9/EFI O>1, N1/IN2 O>1, N1/MTX "
            "O>1, LM O>1 before POC, LM/LQ M>1, POC/MTX O>1, POC/LM O>1 before AMT, POC/LM/LQ M>1, POC/LDT/MTX "
            "O>1, POC/N9/MTX O>1, POC/N9/PWK O>1, POC/N9/EFI O>1, POC/N1/IN2 O>1, POC/N1/LDT/MTX O>1, POC/SLN/MTX "
            "O>1, POC/SLN/MEA O>1 before CTP, POC/SLN/N9/MTX O>1, POC/SLN/N1/IN2 O>1"
        ),
        removed="LDT, N9/MSG, N1/MSG, POC/MSG, POC/LDT/MSG, POC/N9/MSG, POC/N1/LDT/MSG, POC/SLN/MSG",
    ),
}
