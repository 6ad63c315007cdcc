"""Segments that the sets allow and whose elements we do not judge: anything in them passes."""

from __future__ import annotations

_IDS = """
    AAA ADV AIN ASM AT5 AT9 ATN BAL BIN BNX CB1 CD3 CLD CN1 CRC CRD CTB CTX DD DED DIS DMG DTP EFI EMS ETD FA1 FA2
    G08 G26 G36 G38 G39 G40 G43 G53 G54 G55 G66 G72 G93 GF IN2 INC INV IT3 IT8 L7 LDT LE LEP LFG LFH LH1 LH2 LH3
    LH4 LH6 LHE LHR LHT LOC LS M7 NX2 OID PAM PCT PD PDD PEN PKL PYD R2 R4 RDM RED RPA RYL SI SPI SPO SR TC2 TSD
    TXP V1 VEH W09 W18 W20 W28 W6 YNQ
"""
OPEN_SEGMENTS: tuple[str, ...] = tuple(_IDS.split())
