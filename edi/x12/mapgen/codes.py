"""The code lists a map judges by, per element number.

Only lists we know to be complete enough stand here: an element without a list takes any code of the right length, so a
rare but legal qualifier never rejects an order. A list holds the codes of all releases we judge: one list per element.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    "110": "BA BC BE BP BR GA GC GE GP GR IA IC IE IP IR TA TC TE TP TR",
    "248": "A C N P Q R S",
    "349": "F S X",
    "353": "00 01 02 03 04 05 06 07 08 10 11 12 13 14 15 16 17 18 19 20 21 22 24 25 26 27 28 30 31 32 33 34 35 36 37 "
    "38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 5C 77 CN CO EX GR PR RH RV SU ZZ",
    "355": "2N 2P 4A 4B 4G 50 58 5B A8 AA AS AY B0 BA BC BD BF BG BI BK BL BN BO BR BT BU BW BX C3 C8 CA CC CE CF CG "
    "CH CI CL CM CN CO CQ CR CS CT CU CX CY D3 DA DB DC DE DH DI DK DM DO DP DR DS DT DU DY DZ E4 EA EV FB FD FE FO FT "
    "FZ GA GH GL GM GN GR GS GT HA HD HG HL HR HT HU IE IN IP IU JA JE JR JU K6 K7 KE KG KT L2 LB LC LE LF LI LK LM LN "
    "LO LR LS LT LY M3 M6 MC ME ML MM MN MO MP MR MT MX N1 N2 N6 NC NI NL NS NT OP OZ P1 P3 P4 P5 P6 P7 P8 P9 PA PC PD "
    "PE PF PG PH PI PK PL PN PP PQ PR PT PU PV PW PX PY QR QS QT RA RE RL RM RO RU S1 SB SC SD SE SF SH SI SJ SK SL SM "
    "SN SO SP SQ SR SS ST SV SW SX SY T1 T2 TB TC TE TH TK TM TN TP TU TY TZ U1 UL UN UZ V2 VC VI VS WB WE WH WK YD YR "
    "Z3",
    "473": "A B C D E F G L N R S T X",
    "478": "C D",
    "587": "AC AD AE AH AK AP AT NA RD RF RJ RN RO RV ZZ",
    "668": "AA AC AR BP DR IA IB IC ID IE IF IH IP IQ IR IS IW R1 R2 R3 R4 R5 R6 R7 R8 SP",
    "670": "AI CA CB CC CD CE CF CG CH CI CT DI MU NC OA OC PC PQ PR QC QD QI RA RB RC RE RM RQ RS RZ TI",
    "715": "A E M P R W X",
    "716": "1 2 3 4 5 6 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26",
    "717": "A E M R W X",
    "718": "1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18 19 20 21 22 23 24 25 26 27",
    "720": "1 2 3 4 5 6 7 8",
    "723": "1 2 3 4 5 6 7 8 9 10 12 13",
    "735": "S O T P Q I K F",
    "736": "0 1",
    "1292": "CR DI KA KR MW PA RA RD RF RN RP RT SC SD",
}

ENVELOPE_CODES: dict[str, str] = {
    "110": "BA BC BE BP BR GA GC GE GP GR IA IC IE IP IR TA TC TE TP TR",
    "I01": "00 01 02 03 04 05 06",
    "I03": "00 01",
    "I05": "01 02 03 04 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 "
    "38 AM NR SA SN ZZ",
    "I13": "0 1",
    "I14": "I P T",
    "455": "T X",
}

VERSIONS: dict[str, tuple[str, ...]] = {
    "004010": ("004010", "004010VICS", "004010UCS", "004010AIAG", "004010X", "004010RTL"),
    "005010": ("005010", "005010VICS", "005010UCS", "005010X", "005010RTL"),
}
SET_VERSIONS: dict[str, tuple[str, ...]] = {"999": ("005010X231", "005010X231A1")}
"""GS08 of one set alone, where its guide has a name of its own."""

INTERCHANGE_VERSIONS: dict[str, str] = {"004010": "00401", "005010": "00501"}
