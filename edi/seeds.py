"""Demo partners with their mailboxes, and the first orders that wait in them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from distportal.accounts.models import Account
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from edi.choices import Direction, PartnerRole
from edi.models import Agreement, DeadlineRule, InboundFile, Mailbox, TradingPartner
from edi.process.agreeing import agree_sets
from edi.process.mailboxes import folder_of
from edi.queries.agreements import forget, written_release
from edi.x12.tokens import Elements
from edi.x12.writer import OutEnvelope, OutSet, render_interchange

OUR_ID = "NORTHLINE"
IN_SETS = ("850", "860", "820", "812", "180", "824")
OUT_SETS = ("855", "865", "856", "810", "180")
RELEASES = ["004010", "005010"]
PARTNERS = (("CRESTLINE", "004010", "0001", "44871"), ("BRIGHTWAY", "005010", "0004", "NL-203"))
"""Code (also ISA06), release, structure of ship notices, the number they know us by (REF IA)."""

OTHERS = (("STOWELL", "Stowell Logistics", "warehouse", ()), ("ROADRUN", "Roadrunner Freight", "carrier", ("RRFT",)))
"""Who ships and carries for us, with SCACs. `play_partners` links Stowell to its warehouses once the ERP told them."""
DEADLINES = (
    ("CRESTLINE", "997", "received", 24, 0, "none", "0", "0"),
    ("CRESTLINE", "855", "received", 24, 0, "flat", "50", "0"),
    ("CRESTLINE", "856", "shipped", 1, 0, "per_carton", "0.75", "100"),
    ("CRESTLINE", "810", "shipped", 0, 2, "percent", "3", "0"),
    ("BRIGHTWAY", "855", "received", 8, 0, "none", "0", "0"),
    ("BRIGHTWAY", "856", "delivery", -4, 0, "flat", "250", "0"),
)
"""Partner, set, counted from, hours or business days, kind of fee, amount, minimum."""

CLEAN = (
    ("1", "100", "EA", "0.40", "812345000016", "FST-10001"),
    ("2", "24", "EA", "6.32", "812345000023", "FST-10002"),
)
SAMPLES = (
    ("CRESTLINE", "po_clean.edi", "CR-88001", "0117", CLEAN),
    ("CRESTLINE", "po_wrong_price.edi", "CR-88002", "0233", (("1", "40", "EA", "6.10", "812345008012", "PLB-30001"),)),
    ("BRIGHTWAY", "po_unknown_item.edi", "BW-51001", "DC01",
     (("1", "24", "EA", "3.56", "812345016024", "SAF-50002"), ("2", "12", "EA", "9.90", "", "SAF-59999"))),
    ("BRIGHTWAY", "po_short_stock.edi", "BW-51002", "DC02", (("1", "60", "EA", "8.10", "812345012026", "HTL-40002"),)),
)  # fmt: skip
"""Partner, file, PO number, ship-to, lines of (number, quantity, unit, price, UPC, our SKU)."""


def seed_edi() -> None:
    """Partners, mailboxes and folders are there, and each sample was dropped once; running it again changes nothing."""
    for code, release, structure, _ in PARTNERS:
        seed_partner(code=code, release=release, structure=structure)
    _agree_stock("CRESTLINE")
    for code, name, role, scacs in OTHERS:
        seed_other(code=code, name=name, role=role, scacs=scacs)
    seed_deadlines()
    vendor_codes = {code: vendor for code, _, _, vendor in PARTNERS}
    today = site_day(database_now())
    for number, (code, name, po_number, ship_to, lines) in enumerate(SAMPLES, 1):
        partner = TradingPartner.objects.get(code=code)
        body = order_body(po_number, ship_to, lines, on=today, vendor_code=vendor_codes[code])
        drop_once(partner=partner, name=name, content=partner_file(partner, number, "850", "PO", body))


def seed_deadlines() -> None:
    """What the demo partners expect when, with what they charge; running it again changes nothing."""
    for code, set_id, counted_from, hours, days, kind, amount, minimum in DEADLINES:
        DeadlineRule.objects.get_or_create(
            partner=TradingPartner.objects.get(code=code),
            set_id=set_id,
            valid_from=dt.date(2026, 1, 1),
            defaults={
                "counted_from": counted_from,
                "hours": hours,
                "days": days,
                "fee_kind": kind,
                "fee_amount": Decimal(amount),
                "fee_minimum": Decimal(minimum),
                "source": "Demo vendor guide of 2026",
            },
        )


@transaction.atomic
def seed_partner(*, code: str, release: str = "004010", structure: str = "0001") -> TradingPartner:
    """The partner of the account with that code, sending as its code to us, with a mailbox of its own."""
    account = Account.objects.get(code=code)
    partner, fresh = TradingPartner.objects.get_or_create(
        code=code,
        defaults={
            "name": account.name,
            "account": account,
            "their_id": code,
            "our_id": OUR_ID,
        },
    )
    if fresh:
        agree_sets(partner=partner, direction=Direction.IN, set_ids=IN_SETS, release=release, releases=RELEASES)
        agree_sets(partner=partner, direction=Direction.OUT, set_ids=OUT_SETS, release=release)
        Agreement.objects.filter(partner=partner, direction=Direction.OUT, set_id="856").update(
            options={"asn_structure": structure}
        )
        forget(partner)
    Mailbox.objects.get_or_create(partner=partner, defaults={"path": code.lower()})
    return partner


OTHER_SETS = {
    PartnerRole.WAREHOUSE: (["945", "944"], ["940", "943"]),
    PartnerRole.CARRIER: (["214"], []),
}
"""Role -> sets in and out."""


@transaction.atomic
def seed_other(
    *, code: str, name: str, role: str, release: str = "004010", scacs: Sequence[str] = ()
) -> TradingPartner:
    """The partner who ships or carries for us under that code, with a mailbox of its own."""
    inbound, outbound = OTHER_SETS[PartnerRole(role)]
    partner, fresh = TradingPartner.objects.get_or_create(
        code=code, defaults={"name": name, "role": role, "their_id": code, "our_id": OUR_ID, "scacs": list(scacs)}
    )
    if fresh:
        agree_sets(partner=partner, direction=Direction.IN, set_ids=inbound, release=release, releases=RELEASES)
        agree_sets(partner=partner, direction=Direction.OUT, set_ids=outbound, release=release)
    Mailbox.objects.get_or_create(partner=partner, defaults={"path": code.lower()})
    return partner


@transaction.atomic
def _agree_stock(code: str) -> None:
    """The buyer is told of stock twice a day and of prices once a week; an operator who changed that is left alone."""
    fresh = TradingPartner.objects.filter(code=code, advice_hours=0, advised_slot="")
    if fresh.update(advice_hours=12, catalogue_days=7):
        partner = TradingPartner.objects.get(code=code)
        release = written_release(partner, "855")
        agree_sets(partner=partner, direction=Direction.IN, set_ids=(*IN_SETS, "846"), releases=RELEASES)
        agree_sets(partner=partner, direction=Direction.OUT, set_ids=(*OUT_SETS, "846", "832"), release=release)


def drop_once(*, partner: TradingPartner, name: str, content: bytes) -> bool:
    """Whether the file was dropped into the inbox now, complete when it is seen there, as a partner would."""
    inbox = folder_of(partner.mailbox).root / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    if (inbox / name).exists() or InboundFile.objects.filter(mailbox=partner.mailbox, name=name).exists():
        return False
    unfinished = inbox / f".{name}.tmp"
    unfinished.write_bytes(content)
    os.replace(unfinished, inbox / name)
    return True


def partner_file(
    partner: TradingPartner, number: int, set_id: str, functional_id: str, *bodies: list[Elements]
) -> bytes:
    """An interchange as the partner would send it to us, one set per body."""
    envelope = OutEnvelope(
        sender_qualifier=partner.their_qualifier,
        sender=partner.their_id,
        receiver_qualifier=partner.our_qualifier,
        receiver=partner.our_id,
        control_number=number,
        group_sender=partner.their_id,
        group_receiver=partner.our_id,
        group_control_number=number,
        functional_id=functional_id,
        version=written_release(partner, set_id),
        at=timezone.localtime(database_now()),
        usage=partner.usage,
        line_breaks=True,
    )
    return render_interchange(envelope, [OutSet(set_id, f"{at:04d}", body) for at, body in enumerate(bodies, 1)])


def order_body(
    po_number: str,
    ship_to: str,
    lines: tuple[tuple[str, str, str, str, str, str], ...],
    *,
    on: dt.date,
    vendor_code: str = "",
) -> list[Elements]:
    """The body of an 850, BEG to CTT (X12 850)."""
    wanted = on + dt.timedelta(days=7)
    body = [["BEG", "00", "SA", po_number, "", f"{on:%Y%m%d}"], ["CUR", "BY", "USD"]]
    body += [["REF", "IA", vendor_code]] if vendor_code else []
    body += [["DTM", "010", f"{wanted:%Y%m%d}"], ["N1", "ST", "", "92", ship_to]]
    for line_no, quantity, unit, price, upc, sku in lines:
        pairs = [*(("UP", upc) if upc else ()), "VN", sku]
        body.append(["PO1", line_no, quantity, unit, price, "PE" if price else "", *pairs])
    return [*body, ["CTT", str(len(lines))]]
