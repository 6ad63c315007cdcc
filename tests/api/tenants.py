"""Two dealers with one of everything the API tells of, and a key for each; a third key acts for both."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account, ApiKey, ApiPolicy
from distportal.uploads.cleaning import clean_file
from distportal.uploads.sent_ahead import send_ahead
from distportal.webhooks.models import Delivery, Endpoint
from edi.choices import TransportKind
from edi.models import InboundFile, Interchange, Mailbox, OutboundFile, TradingPartner
from inventory.choices import DocumentKind
from inventory.models import Item
from inventory.process.documents import DocumentFacts, add_document
from orders.choices import DisputeReason
from orders.models import Order, ProofImage, ProofOfDelivery, Return, Shipment, ShipmentLine, TrackingEvent
from orders.process.disputes import Claim, open_dispute
from orders.process.intake import place_order
from orders.process.notes import write_note
from tests.api.firsts import mean_it
from tests.orders.builders import asked
from tests.orders.money import an_invoice
from tests.threads.saying import a_picture

SKU = "FST-10001"


@dataclass
class Tenant:
    """A caller with its key; `values` are names of its own by what they name, `marks` what no other dealer may read."""

    name: str
    secret: str
    values: dict[str, str] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Api-Key {self.secret}"}

    def foreign(self, body: bytes, asked: str, others: list[Tenant]) -> list[str]:
        """What of other dealers stands in an answer, and was not named by the caller itself."""
        text = body.decode(errors="replace")
        marks = set().union(*(other.marks for other in others if other is not self))
        return sorted(mark for mark in marks if _stands(mark, text) and not _stands(mark, asked))


def _stands(mark: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", text) is not None


def key(name: str, account: Account | None) -> Tenant:
    """A caller that may do everything, without limits that tests would meet."""
    often, _ = ApiPolicy.objects.get_or_create(
        name="Proof", defaults={"burst": 1_000_000, "rate_per_minute": 1_000_000}
    )
    _, secret = ApiKey.objects.create_key(name=name, account=account, channel="api", scopes=list(Scope), policy=often)
    return Tenant(name, secret)


def dealer(code: str) -> Tenant:
    """A dealer with an order that left, was billed, disputed and sent back, one that may change, a webhook, EDI."""
    account, today, now, story = Account.objects.get(code=code), timezone.localdate(), timezone.now(), uuid.uuid4()
    tenant = key(f"{code} system", account)
    order = place_order(
        order=asked((SKU, "10", "EA", None), po=f"{code}-PO", account=code, ship_to=f"{code}-01", channel="api"),
        source_key=f"t:{code}",
    ).order
    fresh = place_order(
        order=asked((SKU, "10", "EA", None), po=f"{code}-NEXT", account=code, ship_to=f"{code}-01", channel="api"),
        source_key=f"t:{code}:next",
    ).order
    invoice = an_invoice(account, f"{code}-INV", "10.00", "20.00", issued_on=today, due_on=today, order=order)
    invoice.lines.update(item=Item.objects.get(sku=SKU))
    shipment, proof = _left(code, order)
    billed = invoice.lines.get(position=1)
    dispute = open_dispute(
        token=uuid.uuid4(), account=account, invoice_id=invoice.pk, reason=DisputeReason.FREIGHT,
        claims=[Claim(invoice_line_id=billed.pk, quantity=Decimal(1), amount=Decimal("4.00"))],
        note=f"{code} agreed on no freight", channel="api", opened_name=tenant.name,
    )  # fmt: skip
    back = Return.objects.create(
        number=story.int % 10**15, source_key=f"t:{code}", account=account, channel="api",
        requested_on=today, canonical={}, content_hash="h", correlation_id=story, status="approved",
        reference=f"{code}-RETURN", note=f"{code} bought too much",
    )  # fmt: skip
    back.lines.create(
        position=1, invoice_line=billed, item=billed.item, quantity=Decimal(1), unit="EA", reason="EI"
    )  # fmt: skip
    hook = Endpoint.objects.create(
        account=account, name=f"{code} till", url=f"https://hooks.{code.lower()}.example/", sealed_secret="x",
        event_types=["order.accepted"],
    )  # fmt: skip
    told = Delivery.objects.create(
        endpoint=hook, event_id=story, event_type="order.accepted", subject=f"{code} order", body=json.dumps({}),
        state="delivered", correlation_id=story, occurred_at=now,
    )  # fmt: skip
    file = send_ahead(account=account, client=tenant_client(tenant), form=uuid.uuid4(), file=clean_file(a_picture()))
    note = write_note(
        account=account, text=f"{code} pays late", author="M", source="crm", source_key=f"t:{code}", order=order
    )
    partner = TradingPartner.objects.create(
        code=f"{code}-EDI", name=f"{code} trading", account=account, their_id=code, our_id="US"
    )
    box = Mailbox.objects.create(partner=partner, path=code.lower(), transport=TransportKind.API)
    came = InboundFile.objects.create(
        mailbox=box, name=f"{code}.edi", sha256=story.hex, size=3, content=b"ISA", correlation_id=story
    )
    left = _waiting(partner, code, story)
    tenant.values = {
        "order": str(fresh), "invoice": invoice.number, "shipment": shipment.number, "dispute": str(dispute),
        "return": str(back), "proof": str(proof.pk), "webhook": str(hook.pk), "delivery": str(told.pk),
        "file": str(came.pk), "outbound": str(left.pk),
        "photo": str(file.pk), "account": code, "ship_to": f"{code}-01", "po": f"{code}-PO",
        "partner": partner.code, "line": "1", "document_id": _everybodys_document(),
    }  # fmt: skip
    tenant.marks = {
        str(order), account.name, note.text, str(note.pk), dispute.note, back.reference, back.note, hook.name, hook.url,
        told.subject, came.name, left.name, partner.name,
        *(v for k, v in tenant.values.items() if k not in ("line", "delivery", "document_id")),
    }  # fmt: skip
    return tenant


def _everybodys_document() -> str:
    """A drawing of the item, the same for every dealer."""
    facts = DocumentFacts(skus=[SKU], kind=DocumentKind.DRAWING, title="As it is seen from the side")
    return str(add_document(token=uuid.UUID(int=7), facts=facts, file=clean_file(a_picture()), by="t").pk)


def tenant_client(tenant: Tenant) -> str:
    """How events and files name the caller."""
    return str(ApiKey.objects.get(name=tenant.name).identity)


def _waiting(partner: TradingPartner, code: str, story: uuid.UUID) -> OutboundFile:
    """A file of ours that the partner has not collected yet."""
    interchange = Interchange.objects.create(
        partner=partner, direction="out", control_number="000000001", sender="US", receiver=code, content_hash="h",
        correlation_id=story,
    )  # fmt: skip
    return OutboundFile.objects.create(
        partner=partner, interchange=interchange, sequence=1, name=f"{code}-out.edi", content=b"ISA", sha256=story.hex,
        correlation_id=story,
    )  # fmt: skip


def _left(code: str, order: Order) -> tuple[Shipment, ProofOfDelivery]:
    now = timezone.now()
    shipment = Shipment.objects.create(
        number=f"{code}-SH", order=order, shipped_at=now, carrier="BRF", tracking_number=f"{code}-T", canonical={},
        erp_id=f"t:{code}", erp_version="1", correlation_id=order.correlation_id,
    )  # fmt: skip
    ShipmentLine.objects.create(shipment=shipment, order_line=order.lines.get(), quantity=Decimal(4))
    TrackingEvent.objects.create(shipment=shipment, status="D1", meaning="Delivered", at=now, source="t")
    image = ProofImage.objects.create(
        sha256=code.ljust(64, "a"), media_type="image/png", width=1, height=1, content=b"P"
    )
    proof = ProofOfDelivery.objects.create(
        shipment=shipment, source_key=f"t:{code}", signed_by=f"Someone of {code}", delivered_at=now, image=image,
        source="t",
    )  # fmt: skip
    return shipment, proof


def with_real_names(case: Any, tenants: list[Tenant], turn: int) -> None:
    """Three of four requests that fit the document name things that are there, of one dealer or the other; always the
    one whose turn is 0, of the first dealer.
    """
    if not case.meta.generation.mode.is_positive or turn % 4 == 3:
        return
    values = tenants[turn % 2].values
    kind = _KINDS.get(case.path.removeprefix("/api/v1/").split("/")[0], "")
    for name in case.path_parameters or {}:
        file = "outbound" if "/outbound/" in case.path else "file"
        known = {"number": kind, "file_id": file, "endpoint_id": "webhook", "proof_id": "proof"}.get(name, name)
        case.path_parameters[name] = SKU if name == "sku" else values[known]
    if turn == 0:
        mean_it(case, values)
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = "*"
    for holder in (case.query, case.body):
        if isinstance(holder, dict):
            _name(holder, values)


_KINDS = {"orders": "order", "invoices": "invoice", "shipments": "shipment", "disputes": "dispute", "returns": "return"}
_FIELDS = {
    "account": "account", "invoice": "invoice", "ship_to": "ship_to", "order": "order", "po_number": "po",
    "partner": "partner", "line_no": "line",
}  # fmt: skip


def _name(holder: dict[str, Any], values: dict[str, str]) -> None:
    for name, value in holder.items():
        if isinstance(value, dict):
            _name(value, values)
        elif name == "sku":
            holder[name] = [SKU] if isinstance(value, list) else SKU
        elif name in ("photos", "files") and isinstance(value, list) and value and holder.get("item", "photo"):
            holder[name] = [values["photo"]]
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    _name(one, values)
        elif name == "position":
            holder[name] = 1
        elif name in _FIELDS:
            holder[name] = values[_FIELDS[name]]
