"""What orders and what follows them hold of people. Papers keep their figures; contacts go once the order is closed."""

from __future__ import annotations

from django.db.models import Q

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from orders import models as rows
from orders.choices import OrderStatus

WHO, A, C, K = DataClass.IDENTITY, DataClass.AUDIT, DataClass.CONTACT, DataClass.CONTENT
KEPT, REMOVED = OnErasure.KEPT, OnErasure.REMOVED
_CLOSED = "contacts and streets once the order is closed"
_SENT = "what the ERP was sent or sent; must be the same when it is sent again"


def _order_closed() -> Q:
    return ~Q(status__in=OrderStatus.OPEN)


def _of_a_closed_order() -> Q:
    return ~Q(order__status__in=OrderStatus.OPEN)


hold(
    Held(
        model=rows.Order, owners=("placed_by",), fields={"placed_name": A, "canonical": C, "closed_reason": K},
        shown=("number", "po_number", "placed_at", "status"), closed=_order_closed, why=_CLOSED,
    )
)  # fmt: skip
hold(
    Held(
        model=rows.OrderVersion, fields={"actor": A, "reason": K, "canonical": C, "changes": K}, shown=("order",),
        closed=_of_a_closed_order, why=_CLOSED,
    )
)  # fmt: skip
hold(
    Held(
        model=rows.ChangeRequest, fields={"asked_name": A, "reason": K, "canonical": C}, shown=("order", "purpose"),
        closed=_of_a_closed_order, why=_CLOSED,
    )
)  # fmt: skip
hold(Held(model=rows.Intake, fields={"canonical": C}, on_erasure=KEPT, why="what a channel asked, word for word"))
hold(Held(model=rows.ErpCommand, fields={"draft": C}, on_erasure=KEPT, why=_SENT))
hold(Held(model=rows.WarehouseRelease, fields={"canonical": C}, on_erasure=KEPT, why=_SENT))
hold(Held(model=rows.Shipment, fields={"canonical": C}, on_erasure=KEPT, why=_SENT))
hold(Held(model=rows.Invoice, fields={"canonical": C}, on_erasure=KEPT, why="tax law wants it as it was issued"))
hold(Held(model=rows.ProofOfDelivery, fields={"signed_by": A}, shown=("place",)))
hold(Held(model=rows.ProofImage, fields={"content": WHO}, on_erasure=KEPT, why="evidence that goods arrived"))
hold(Held(model=rows.CarrierMessage, fields={"body": C}, on_erasure=KEPT, why="goes by itself"))
hold(Held(model=rows.FieldChoice, fields={"actor": A}))
hold(Held(model=rows.AccountNote, fields={"author": A, "text": K}, shown=("account",)))
hold(
    Held(
        model=rows.ApprovalRequest, owners=("requested_by",), shown=("po_number",),
        fields={"requested_name": A, "shown": K, "orders": C}, on_erasure=OnErasure.PSEUDONYM,
        closed=lambda: ~Q(state="waiting"), why="contacts once it is decided",
    )
)  # fmt: skip
hold(Held(model=rows.ApprovalEntry, owners=("user",), fields={"actor": A, "text": K}))
hold(Held(model=rows.ApprovalRule, owners=("approver",), fields={"approver": A}, on_erasure=KEPT, why="a rule"))
hold(Held(model=rows.ApprovalAbsence, owners=("user", "deputy"), fields={"user": A}, on_erasure=REMOVED))
hold(Held(model=rows.ApprovalLimit, owners=("user",), fields={"user": A}, on_erasure=KEPT, why="a rule"))
hold(
    Held(
        model=rows.Dispute, shown=("number", "opened_at"), why="money that was claimed",
        owners=(
            "opened_by", "coordinator", "processor", "responsible", "decided_by", "approved_by", "reversed_by",
            "reversal_agreed_by",
        ),
        fields={"opened_name": A, "note": K, "decision_reason": K, "reversal_reason": K},
    )
)  # fmt: skip
hold(Held(model=rows.DisputeEntry, fields={"actor": A, "text": K}))
hold(Held(model=rows.DisputeEvidence, fields={"actor": A, "words": K}))
hold(Held(model=rows.DisputeLetter, fields={"written_by": A, "body": K}))
hold(Held(model=rows.LetterTemplate, fields={"written_by": A, "body": K}))
hold(
    Held(
        model=rows.Return, owners=("requested_by", "decided_by", "approved_by"), shown=("reference",),
        fields={"requested_name": A, "note": K, "decision_reason": K, "canonical": C},
        closed=lambda: Q(status__in=("refused", "credited", "withdrawn")), why="contacts once it is settled",
    )
)  # fmt: skip
hold(Held(model=rows.Draft, owners=("user",), fields={"one_off": C, "note": K}, on_erasure=REMOVED))
hold(Held(model=rows.ShoppingList, owners=("owner",), fields={"name": K, "note": K}, why="colleagues order by it"))
hold(Held(model=rows.SavedFilter, owners=("user",), fields={"name": K, "query": K}, on_erasure=REMOVED))
hold(Held(model=rows.Export, owners=("user",), fields={"name": K, "chosen_by": K}, on_erasure=REMOVED))
