"""The envelope segments in the same notation (X12.5 and X12.6)."""

from __future__ import annotations

ENVELOPE: dict[str, str] = {"ISA": "IEA", "GS": "GE", "ST": "SE"}

ENVELOPE_ELEMENTS: dict[str, str] = {
    "ISA": "01 I01 M ID2; 02 I02 M AN10; 03 I03 M ID2; 04 I04 M AN10; 05 I05 M ID2; 06 I06 M AN15; 07 I05 M ID2; "
    "08 I07 M AN15; 09 I08 M AN6; 10 I09 M AN4; 11 I10 M AN1; 12 I11 M ID5; 13 I12 M N0(9); 14 I13 M ID1; "
    "15 I14 M ID1; 16 I15 M AN1",
    "IEA": "01 I16 M N0(1-5); 02 I12 M N0(9)",
    "TA1": "01 I12 M N0(9); 02 I08 M AN6; 03 I09 M AN4; 04 I17 M ID1; 05 I18 M ID3",
    "GS": "01 479 M ID2; 02 142 M AN2-15; 03 124 M AN2-15; 04 373 M DT8; 05 337 M TM4-8; 06 28 M N0(1-9); "
    "07 455 M ID1-2; 08 480 M AN1-12",
    "GE": "01 97 M N0(1-6); 02 28 M N0(1-9)",
    "ST": "01 143 M ID3; 02 329 M AN4-9; 03 1705 O AN1-35",
    "SE": "01 96 M N0(1-10); 02 329 M AN4-9",
}
