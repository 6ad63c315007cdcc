"""Warehouse orders, shipments, transfers and receipts.

W04, W07, W08, W13 and W14 were checked against fewer sources than the others and carry only rules that their sources
share; W1403 and W1404 take anything, because their element numbers are not certain.
"""

from __future__ import annotations

WAREHOUSE: dict[str, tuple[str, str, str]] = {
    "W01": (
        "01 330 M R1-15; 02 355 M ID2; 03 438 O AN12; 04 235 O ID2; 05 234 O AN1-48; 06 235 O ID2; 07 234 O "
        "AN1-48; 08 59 O AN2-5; 09 121 O ID1-3; 10 23 O ID1; 11 22 O AN1-30; 12 416 O N0(6); 13 451 O AN1-12; 14 "
        "286 O ID2; 15 235 O ID2; 16 234 O AN1-48",
        "R0304 P0405 P0607 P1011 P1516",
        "01: 330 380",
    ),
    "W03": (
        "01 382 M R1-10; 02 81 O R1-10; 03 355 O ID2; 04 183 O R1-8; 05 355 O ID2; 06 80 O N0(1-7); 07 355 O ID2",
        "C0203 P0405 P0607",
        "syntax +P0203 -C0203",
    ),
    "W04": (
        "01 382 M R1-10; 02 355 M ID2; 03 438 O AN12; 04-07 2x(235 ID2, 234 AN1-48) O; 08 59 O AN2-5; 09 121 O "
        "ID1-3; 10 23 O ID1; 11 22 O AN1-30; 12 416 O N0(6); 13 844 O ID2; 14 235 O ID2; 15 234 O AN1-48",
        "R0304 P0405 P0607 P1011 P1415",
        "",
    ),
    "W07": (
        "01 413 M R1-7; 02 355 M ID2; 03 438 O AN12; 04-07 2x(235 ID2, 234 AN1-48) O; 08 451 O AN1-12; 09 893 O "
        "ID1; 10 235 O ID2; 11 234 O AN1-48",
        "R0304 P0405 P0607 P1011",
        "",
    ),
    "W08": (
        "01 91 M ID1-2; 02 140 O ID2-4; 03 387 O AN1-35; 04 206 O AN1-4; 05 207 O AN1-10; 06 225 O AN2-15; 07 225 "
        "O AN2-15; 08 407 O ID2; 09 400 O ID2",
        "",
        "",
    ),
    "W10": (
        "01 400 O ID2; 02 406 O N0(1-3); 03 399 O ID1; 04 225 O AN2-15; 05 225 O AN2-15; 06 408 O R1-4; 07 355 O "
        "ID2; 08 408 O R1-4; 09 355 O ID2",
        "P0607 P0809",
        "",
    ),
    "W12": (
        "01 368 M ID2; 02 330 O R1-15; 03 382 O R1-10; 04 383 O R1-9; 05 355 O ID2; 06 438 O AN12; 07 235 O ID2; "
        "08 234 O AN1-48; 09 451 O AN1-12; 10 81 O R1-10; 11 187 O ID1-2; 12 188 O ID1; 13 81 O R1-10; 14 187 O "
        "ID1-2; 15 188 O ID1; 16 438 O AN12; 17 235 O ID2; 18 234 O AN1-48; 19 892 O ID2; 20 893 O ID1; 21 235 O "
        "ID2; 22 234 O AN1-48",
        "R0607 P0708 P1718 P2122",
        "02: 330 380",
    ),
    "W13": (
        "01 380 M R1-15; 02 355 M ID2; 03 412 M ID2; 04 451 O AN1-12; 05 853 O ID2",
        "",
        "",
    ),
    "W14": (
        "01 413 M R1-7; 02 382 O R1-10; 03 0 O AN1-4096; 04 0 O AN1-4096; 05 80 O N0(1-7)",
        "",
        "",
    ),
    "W27": (
        "01 91 M ID1-2; 02 140 O ID2-4; 03 387 O AN1-35; 04 146 O ID2; 05 40 O ID2; 06 206 O AN1-4; 07 207 O "
        "AN1-10; 08 368 O ID2; 09 152 O ID2-3; 10 890 O ID2",
        "R0203",
        "07: 10 15",
    ),
    "W66": (
        "01 146 M ID2; 02 91 M ID1-2; 03 399 O ID1; 04 400 O ID2; 05 387 O AN1-35; 06 433 O ID2; 07 434 O AN1-30; "
        "08 625 O ID1; 09 610 O N2(1-15); 10 140 O ID2-4",
        "P0809",
        "",
    ),
    "W76": (
        "01 330 M R1-15; 02 81 O R1-10; 03 355 O ID2; 04 183 O R1-8; 05 355 O ID2; 06 398 O R1-10",
        "P0203 P0405 C0603",
        "01: 330 380",
    ),
}
