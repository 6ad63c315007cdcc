"""An order, a change or a cancellation as an IDoc on ORDERS05: the least that a standard inbound profile takes.

ORDCHG names its order by the customer's reference (K02 001), as ORDERS does, and lists what it touches: each item with
its action. A cancellation cancels every item.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from distportal.canonical.base import plain
from distportal.systems.erp.files.codes import Codes
from distportal.systems.erp.files.facts import Action, LineAction
from distportal.systems.erp.files.line_changes import LineChange, line_changes
from distportal.systems.erp.idoc_file.flat import written_flat
from distportal.systems.erp.idoc_file.idoc import BadIdoc, Segment
from distportal.systems.erp.idoc_file.profile import Profile
from distportal.systems.erp.idoc_file.xml import written_xml
from distportal.systems.erp.port import OrderDraft

_ACTIONS: dict[LineAction, str] = {"new": "001", "changed": "002", "deleted": "003"}


def order_file(
    profile: Profile, codes: Codes, action: Action, draft: OrderDraft, before: OrderDraft | None, number: int,
    now: dt.datetime,
) -> bytes:  # fmt: skip
    """The exact file. Raises BadIdoc for what does not fit, Misconfigured for a code that nobody mapped."""
    changes = line_changes(action, draft, before)
    items = [change for change in changes if action == "order" or change.action != "same"]
    segments = [
        _s("E1EDK01", CURCY=draft.currency, **({"AUTLF": "X"} if draft.ship_complete else {})),
        *(_s("E1EDK14", QUALF=q, ORGID=value) for q, value in profile.organization.items() if value),
        _s("E1EDK03", IDDAT="012", DATUM=_day(now.astimezone().date())),
        *([_s("E1EDK03", IDDAT="002", DATUM=_day(draft.requested_on))] if draft.requested_on else []),
        _partner(profile, "AG", codes.theirs("customers", draft.customer)),
        _partner(profile, "WE", codes.theirs("ship_tos", draft.ship_to)),
        _s("E1EDK02", QUALF="001", BELNR=draft.order_key, DATUM=_day(now.astimezone().date())),
        *(_item(profile, codes, draft, item, _ACTIONS[item.action] if action != "order" else "") for item in items),
        _s("E1EDS01", SUMID="001", SUMME=str(len(items))),
    ]
    places = [segment.get("POSEX") for segment in segments if segment.name == "E1EDP01"]
    if len(set(places)) != len(places):
        raise BadIdoc("two lines have the same number once leading zeros are dropped")
    for segment in segments:
        _check(segment, profile)
    control = _control(profile, "ORDERS" if action == "order" else "ORDCHG", draft, number, now)
    if profile.form == "xml":
        return written_xml("ORDERS05", control, segments)
    return written_flat(control, segments, profile.layouts, profile.encoding, profile.item_segment)


def _item(profile: Profile, codes: Codes, draft: OrderDraft, change: LineChange, action: str) -> Segment:
    line = change.line
    if not line.line_key.isdigit() or len(line.line_key) > 6:
        raise BadIdoc(f"line number {line.line_key!r} is not of up to six digits, as POSEX has to be")
    unit, quantity = codes.theirs("units", line.unit), plain(line.quantity)
    price = {"VPREI": plain(line.unit_price or Decimal(0)), "PEINH": "1"} if profile.prices else {}
    plant = {"WERKS": codes.theirs("warehouses", line.warehouse)} if line.warehouse else {}
    done = {"ACTION": action} if action else {}
    item = _s("E1EDP01", POSEX=line.line_key.zfill(6), **done, MENGE=quantity, MENEE=unit, **price, **plant)
    requested = line.requested_on or draft.requested_on
    item.below.append(_s("E1EDP20", WMENG=quantity, **({"EDATU": _day(requested)} if requested else {})))
    material = codes.theirs("items", line.sku)
    item.below.append(_s("E1EDP19", QUALF=profile.item_qualifier, IDTNR=material))
    return item


def _check(segment: Segment, profile: Profile) -> None:
    """Raises BadIdoc for a text that SAP would cut off, in either form."""
    for name, text in segment.fields.items():
        length = profile.layouts[segment.name][name][1]
        if len(text) > length:
            raise BadIdoc(f"{text!r} is longer than the {length} characters of {name} in {segment.name}")
    for child in segment.below:
        _check(child, profile)


def _control(profile: Profile, message: str, draft: OrderDraft, number: int, now: dt.datetime) -> dict[str, str]:
    control = {
        "TABNAM": "EDI_DC40", "MANDT": profile.client, "DOCNUM": f"{number:016d}", "DIRECT": "2",
        "TEST": "X" if profile.test else "", "IDOCTYP": "ORDERS05", "MESTYP": message,
        "CREDAT": _day(now.date()), "CRETIM": f"{now:%H%M%S}", "ARCKEY": draft.order_key,
        "SERIAL": f"{now:%Y%m%d%H%M%S}",
    }  # fmt: skip
    for side, partner in (("SND", profile.sender), ("RCV", profile.receiver)):
        control.update(zip((f"{side}POR", f"{side}PRT", f"{side}PRN"), partner.split("/"), strict=True))
    return control


def _partner(profile: Profile, role: str, code: str) -> Segment:
    return Segment("E1EDKA1", {"PARVW": role, profile.partner_field: code}, "")


def _s(name: str, **fields: str) -> Segment:
    return Segment(name, fields, "")


def _day(day: dt.date) -> str:
    return f"{day:%Y%m%d}"
