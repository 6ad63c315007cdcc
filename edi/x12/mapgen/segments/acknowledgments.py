"""Acknowledgments and application advice.

IK3 to IK5 stand in 999 only. Their code elements (618, 620, 621) have no list: implementation codes differ by guide.
"""

from __future__ import annotations

ACKNOWLEDGMENTS: dict[str, tuple[str, str, str]] = {
    "AK1": (
        "01 479 M ID2; 02 28 M N0(1-9)",
        "",
        "+03 480 O AN1-12",
    ),
    "AK2": (
        "01 143 M ID3; 02 329 M AN4-9",
        "",
        "+03 1705 O AN1-35",
    ),
    "AK3": (
        "01 721 M ID2-3; 02 719 M N0(1-6); 03 447 O AN1-6; 04 720 O ID1-3",
        "",
        "02: 6 10; 03: 6 4",
    ),
    "AK4": (
        "01 M C030; 02 725 O N0(1-4); 03 723 M ID1-3; 04 724 O AN1-99",
        "",
        "",
    ),
    "AK5": (
        "01 717 M ID1; 02 718 O ID1-3; 03 718 O ID1-3; 04 718 O ID1-3; 05 718 O ID1-3; 06 718 O ID1-3",
        "",
        "",
    ),
    "AK9": (
        "01 715 M ID1; 02 97 M N0(1-6); 03 123 M N0(1-6); 04 2 M N0(1-6); 05 716 O ID1-3; 06 716 O ID1-3; 07 716 "
        "O ID1-3; 08 716 O ID1-3; 09 716 O ID1-3",
        "",
        "",
    ),
    "IK3": (
        "01 721 M ID2-3; 02 719 M N0(1-6); 03 447 O AN1-6; 04 620 O ID1-3",
        "",
        "",
    ),
    "IK4": (
        "01 M C030; 02 725 O N0(1-4); 03 621 M ID1-3; 04 724 O AN1-99",
        "",
        "",
    ),
    "IK5": (
        "01 717 M ID1; 02 618 O ID1-3; 03 618 O ID1-3; 04 618 O ID1-3; 05 618 O ID1-3; 06 618 O ID1-3",
        "",
        "",
    ),
    "OTI": (
        "01 110 M ID1-2; 02 128 M ID2-3; 03 127 M AN1-30; 04 142 O AN2-15; 05 124 O AN2-15; 06 373 O DT8; 07 337 "
        "O TM4-8; 08 28 O N0(1-9); 09 329 O AN4-9; 10 143 O ID3; 11 480 O AN1-12; 12 353 O ID2; 13 640 O ID2; 14 "
        "346 O ID2; 15 306 O ID1-2; 16 305 O ID1-2; 17 641 O ID3",
        "C0908",
        "03: 30 50",
    ),
    "TED": (
        "01 647 M ID1-3; 02 3 O AN1-60; 03 721 O ID2-3; 04 719 O N0(1-6); 05 722 O N0(1-2); 06 725 O N0(1-4); 07 "
        "724 O AN1-99; 08 961 O AN1-99",
        "",
        "04: 6 10",
    ),
}
