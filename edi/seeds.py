"""Demo partners with their mailboxes, and the first orders that wait in them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from distportal.accounts.models import Account
from distportal.events.clock import database_now
from edi.choices import PartnerRole
from edi.models import InboundFile, Mailbox, TradingPartner
from edi.process.mailboxes import folder_of
from edi.x12.tokens import Elements
from edi.x12.writer import OutEnvelope, OutSet, render_interchange

OUR_ID = "NORTHLINE"
PARTNERS = (("CRESTLINE", "004010", "0001", "44871"), ("BRIGHTWAY", "005010", "0004", "NL-203"))
"""Code (also ISA06), release, structure of ship notices, the number they know us by (REF IA)."""

OTHERS = (("STOWELL", "Stowell Logistics", "warehouse"), ("ROADRUN", "Roadrunner Freight", "carrier"))
"""Who ships and carries for us. Which warehouse Stowell runs is set in the back office, once the ERP told its own."""

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
    for code, name, role in OTHERS:
        seed_other(code=code, name=name, role=role)
    vendor_codes = {code: vendor for code, _, _, vendor in PARTNERS}
    today = timezone.localdate(database_now())
    for number, (code, name, po_number, ship_to, lines) in enumerate(SAMPLES, 1):
        partner = TradingPartner.objects.get(code=code)
        body = order_body(po_number, ship_to, lines, on=today, vendor_code=vendor_codes[code])
        drop_once(partner=partner, name=name, content=partner_file(partner, number, "850", "PO", body))


@transaction.atomic
def seed_partner(*, code: str, release: str = "004010", structure: str = "0001") -> TradingPartner:
    """The partner of the account with that code, sending as its code to us, with a mailbox of its own."""
    account = Account.objects.get(code=code)
    partner, _ = TradingPartner.objects.get_or_create(
        code=code,
        defaults={
            "name": account.name,
            "account": account,
            "their_id": code,
            "our_id": OUR_ID,
            "release": release,
            "accepted_releases": ["004010", "005010"],
            "inbound_sets": ["850", "860", "820", "812", "180", "824"],
            "outbound_sets": ["855", "856", "810", "865", "180"],
            "asn_structure": structure,
        },
    )
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
    partner, _ = TradingPartner.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "role": role,
            "their_id": code,
            "our_id": OUR_ID,
            "release": release,
            "accepted_releases": ["004010", "005010"],
            "inbound_sets": inbound,
            "outbound_sets": outbound,
            "scacs": list(scacs),
        },
    )
    Mailbox.objects.get_or_create(partner=partner, defaults={"path": code.lower()})
    return partner


def _agree_stock(code: str) -> None:
    """The buyer is told of stock twice a day and of prices once a week; an operator who changed that is left alone."""
    fresh = TradingPartner.objects.filter(code=code, advice_hours=0, advised_slot="")
    fresh.update(
        inbound_sets=["850", "846"],
        outbound_sets=["855", "856", "810", "846", "832"],
        advice_hours=12,
        catalogue_days=7,
    )


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
        version=partner.release,
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
