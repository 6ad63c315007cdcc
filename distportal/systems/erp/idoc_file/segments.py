"""Segment layouts as data: NAME:offset+length within SDATA, 0-based characters.

Newer versions only append fields, so the longest layout reads every version. Segments of ORDERS and INVOIC agree in two
or more listings; those of deliveries, materials and conditions come from one each: a customer's own (WE60) replaces
them by the setting `segments`.
"""

from __future__ import annotations

from collections.abc import Mapping

Layout = dict[str, tuple[int, int]]

CONTROL_LENGTH = 524
HEADER_LENGTH = 63
CONTROL = (
    "TABNAM:0+10 MANDT:10+3 DOCNUM:13+16 DOCREL:29+4 STATUS:33+2 DIRECT:35+1 OUTMOD:36+1 EXPRSS:37+1 "
    "TEST:38+1 IDOCTYP:39+30 CIMTYP:69+30 MESTYP:99+30 MESCOD:129+3 MESFCT:132+3 STD:135+1 STDVRS:136+6 "
    "STDMES:142+6 SNDPOR:148+10 SNDPRT:158+2 SNDPFC:160+2 SNDPRN:162+10 SNDSAD:172+21 SNDLAD:193+70 "
    "RCVPOR:263+10 RCVPRT:273+2 RCVPFC:275+2 RCVPRN:277+10 RCVSAD:287+21 RCVLAD:308+70 CREDAT:378+8 "
    "CRETIM:386+6 REFINT:392+14 REFGRP:406+14 REFMES:420+14 ARCKEY:434+70 SERIAL:504+20 "
)
HEADER = "SEGNAM:0+30 MANDT:30+3 DOCNUM:33+16 SEGNUM:49+6 PSGNUM:55+6 HLEVEL:61+2"

SEGMENTS = {
    "E1EDK01": (
        "ACTION:0+3 KZABS:3+1 CURCY:4+3 HWAER:7+3 WKURS:10+12 ZTERM:22+17 KUNDEUINR:39+20 EIGENUINR:59+20 "
        "BSART:79+4 BELNR:83+35 NTGEW:118+18 BRGEW:136+18 GEWEI:154+3 FKART_RL:157+4 ABLAD:161+25 BSTZD:186+4 "
        "VSART:190+2 VSART_BEZ:192+20 RECIPNT_NO:212+10 KZAZU:222+1 AUTLF:223+1 AUGRU:224+3 AUGRU_BEZ:227+40 "
        "ABRVW:267+3 ABRVW_BEZ:270+20 FKTYP:290+1 LIFSK:291+2 LIFSK_BEZ:293+20 EMPST:313+25 ABTNR:338+4 "
        "DELCO:342+3 WKURS_M:345+12 "
    ),
    "E1EDK14": ("QUALF:0+3 ORGID:3+35 "),
    "E1EDK03": ("IDDAT:0+3 DATUM:3+8 UZEIT:11+6 "),
    "E1EDKA1": (
        "PARVW:0+3 PARTN:3+17 LIFNR:20+17 NAME1:37+35 NAME2:72+35 NAME3:107+35 NAME4:142+35 STRAS:177+35 "
        "STRS2:212+35 PFACH:247+35 ORT01:282+35 COUNC:317+9 PSTLZ:326+9 PSTL2:335+9 LAND1:344+3 ABLAD:347+35 "
        "PERNR:382+30 PARNR:412+30 TELF1:442+25 TELF2:467+25 TELBX:492+25 TELFX:517+25 TELTX:542+25 "
        "TELX1:567+25 SPRAS:592+1 ANRED:593+15 ORT02:608+35 HAUSN:643+6 STOCK:649+6 REGIO:655+3 PARGE:658+1 "
        "ISOAL:659+2 ISONU:661+2 FCODE:663+20 IHREZ:683+30 BNAME:713+35 PAORG:748+30 ORGTX:778+35 "
        "PAGRU:813+30 KNREF:843+30 ILNNR:873+70 PFORT:943+35 SPRAS_ISO:978+2 TITLE:980+15 "
    ),
    "E1EDK02": ("QUALF:0+3 BELNR:3+35 POSNR:38+6 DATUM:44+8 UZEIT:52+6 "),
    "E1EDK04": ("MWSKZ:0+7 MSATZ:7+17 MWSBT:24+18 TXJCD:42+15 KTEXT:57+50 "),
    "E1EDK05": (
        "ALCKZ:0+3 KSCHL:3+4 KOTXT:7+80 BETRG:87+18 KPERC:105+8 KRATE:113+15 UPRBS:128+9 MEAUN:137+3 "
        "KOBTR:140+18 MWSKZ:158+7 MSATZ:165+17 KOEIN:182+3 "
    ),
    "E1EDK17": ("QUALF:0+3 LKOND:3+3 LKTEXT:6+70 "),
    "E1EDK18": ("QUALF:0+3 TAGE:3+8 PRZNT:11+8 ZTERM_TXT:19+70 "),
    "E1EDKT1": ("TDID:0+4 TSSPRAS:4+3 TSSPRAS_ISO:7+2 TDOBJECT:9+10 TDOBNAME:19+70 "),
    "E1EDKT2": ("TDLINE:0+70 TDFORMAT:70+2 "),
    "E1EDP01": (
        "POSEX:0+6 ACTION:6+3 PSTYP:9+1 KZABS:10+1 MENGE:11+15 MENEE:26+3 BMNG2:29+15 PMENE:44+3 ABFTZ:47+7 "
        "VPREI:54+15 PEINH:69+9 NETWR:78+18 ANETW:96+18 SKFBP:114+18 NTGEW:132+18 GEWEI:150+3 EINKZ:153+1 "
        "CURCY:154+3 PREIS:157+18 MATKL:175+9 UEPOS:184+6 GRKOR:190+3 EVERS:193+7 BPUMN:200+6 BPUMZ:206+6 "
        "ABGRU:212+2 ABGRT:214+40 ANTLF:254+1 FIXMG:255+1 KZAZU:256+1 BRGEW:257+18 PSTYV:275+4 EMPST:279+25 "
        "ABTNR:304+4 ABRVW:308+3 WERKS:311+4 LPRIO:315+2 LPRIO_BEZ:317+20 ROUTE:337+6 ROUTE_BEZ:343+40 "
        "LGORT:383+4 VSTEL:387+4 DELCO:391+3 MATNR:394+35 VALTG:429+2 HIPOS:431+6 HIEVW:437+1 POSGUID:438+22 "
        "MATNR_EXTERNAL:460+40 MATNR_VERSION:500+10 MATNR_GUID:510+32 "
    ),
    "E1EDP02": ("QUALF:0+3 BELNR:3+35 ZEILE:38+6 DATUM:44+8 UZEIT:52+6 BSARK:58+35 IHREZ:93+30 "),
    "E1EDP03": ("IDDAT:0+3 DATUM:3+8 UZEIT:11+6 "),
    "E1EDP04": ("MWSKZ:0+7 MSATZ:7+17 MWSBT:24+18 TXJCD:42+15 KTEXT:57+50 "),
    "E1EDP05": (
        "ALCKZ:0+3 KSCHL:3+4 KOTXT:7+80 BETRG:87+18 KPERC:105+8 KRATE:113+15 UPRBS:128+9 MEAUN:137+3 "
        "KOBTR:140+18 MENGE:158+15 PREIS:173+15 MWSKZ:188+7 MSATZ:195+17 KOEIN:212+3 CURTP:215+2 KOBAS:217+18 "
    ),
    "E1EDP19": ("QUALF:0+3 IDTNR:3+35 KTEXT:38+70 MFRPN:108+42 MFRNR:150+10 "),
    "E1EDP20": ("WMENG:0+15 AMENG:15+15 EDATU:30+8 EZEIT:38+6 EDATU_OLD:44+8 EZEIT_OLD:52+6 ACTION:58+3 "),
    "E1EDPT1": ("TDID:0+4 TSSPRAS:4+3 TSSPRAS_ISO:7+2 "),
    "E1EDPT2": ("TDLINE:0+70 TDFORMAT:70+2 "),
    "E1EDS01": ("SUMID:0+3 SUMME:3+18 SUNIT:21+3 WAERQ:24+3 "),
    "E1EDPA1": "",
    "E1EDP26": "QUALF:0+3 BETRG:3+18",
}
SEGMENTS["E1EDPA1"] = SEGMENTS["E1EDKA1"]


def layout(text: str) -> Layout:
    """The fields of a layout text. Raises ValueError for one that is not NAME:offset+length."""
    fields: Layout = {}
    for part in text.split():
        name, _, place = part.partition(":")
        offset, plus, length = place.partition("+")
        if not name or not plus or not offset.isdigit() or not length.isdigit() or int(length) < 1:
            raise ValueError(f"{part!r} is not of the form NAME:offset+length")
        fields[name] = (int(offset), int(length))
    return fields


def layouts(*tables: Mapping[str, str]) -> dict[str, Layout]:
    """The layouts of several tables by segment, a later table before an earlier one."""
    return {name: layout(text) for table in tables for name, text in table.items()}


def sliced(fields: Layout, text: str) -> dict[str, str]:
    """The fields of a record, trimmed; what a right-trimmed line lacks is blank."""
    return {name: text[at : at + length].strip() for name, (at, length) in fields.items()}
