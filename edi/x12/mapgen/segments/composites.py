"""The composites, in the notation of the segments: their parts and what 005010 changes."""

from __future__ import annotations

COMPOSITES: dict[str, tuple[str, str]] = {
    "C001": ("01 355 M ID2; 02 1018 O R1-15; 03 649 O R1-10; 04-15 4x(355 ID2, 1018 R1-15, 649 R1-10) O", ""),
    "C030": ("01 722 M N0(1-2); 02 1528 O N0(1-2)", "+03 1686 O N0(1-4)"),
    "C040": ("01 128 M ID2-3; 02 127 M AN1-30; 03-06 2x(128 ID2-3, 127 AN1-30) O", ""),
}
