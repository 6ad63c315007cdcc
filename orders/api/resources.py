"""An order as clients read it."""

from __future__ import annotations

from functools import cache
from typing import Any

from rest_framework import serializers

from orders.models import Order, OrderFinding, OrderLine


class FindingResource(serializers.ModelSerializer[OrderFinding]):
    """What the rules found: `action` says what it did to the order or line."""

    line_no = serializers.CharField(source="line.line_no", default="", help_text="Empty for the whole order")

    class Meta:
        model = OrderFinding
        fields = ("code", "severity", "action", "line_no", "message", "remedy")


class PartResource(serializers.Serializer[Any]):
    """What one warehouse sends of a line, in the line's unit."""

    warehouse = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    confirmed = serializers.DecimalField(max_digits=14, decimal_places=3)
    shipped = serializers.DecimalField(max_digits=14, decimal_places=3)
    on = serializers.DateField(allow_null=True, help_text="When it leaves, as the ERP confirmed it")


class LineResource(serializers.ModelSerializer[OrderLine]):
    """Quantities and prices are per `unit`. `erp_unit` and `erp_quantity` are set where the ERP has it in another one;
    `parts` where several warehouses send it.
    """

    sku = serializers.CharField(source="item.sku", default="", help_text="Empty while the item is unknown")
    original_sku = serializers.CharField(
        source="original_item.sku", default="", help_text="What was asked where a substitute is sent"
    )
    parts = PartResource(many=True, read_only=True)

    class Meta:
        model = OrderLine
        fields = (
            "line_no", "sku", "original_sku", "description", "status", "status_reason", "quantity", "unit",
            "unit_price", "price_reason", "amount", "confirmed_quantity", "shipped_quantity", "invoiced_quantity",
            "promised_on", "promise_reason", "erp_unit", "erp_quantity", "parts",
        )  # fmt: skip


class OrderSummary(serializers.ModelSerializer[Order]):
    """An order in a list."""

    number = serializers.SerializerMethodField()
    account = serializers.CharField(source="account.code")

    class Meta:
        model = Order
        fields = ("number", "account", "po_number", "status", "channel", "total", "currency", "ordered_on", "placed_at")

    def get_number(self, order: Order) -> str:
        return str(order)


class OrderResource(OrderSummary):
    """An order with its lines and what the rules found about the version in force."""

    ship_to = serializers.CharField(source="ship_to.code", default="")
    lines = LineResource(many=True)
    findings = serializers.SerializerMethodField()
    shipments = serializers.SerializerMethodField()
    invoices = serializers.SerializerMethodField()

    class Meta(OrderSummary.Meta):
        fields = (  # type: ignore[assignment]
            *OrderSummary.Meta.fields, "ship_to", "requested_on", "ship_complete", "version", "erp_number",
            "accepted_at", "confirmed_at", "lines", "findings", "shipments", "invoices",
        )  # fmt: skip

    def get_findings(self, order: Order) -> list[dict[str, Any]]:
        rows = [f for f in order.findings.all() if f.order_version == order.version]
        return list(FindingResource(rows, many=True).data)

    def get_shipments(self, order: Order) -> list[dict[str, Any]]:
        return [
            {"number": s.number, "shipped_at": s.shipped_at, "carrier": s.carrier, "tracking_number": s.tracking_number}
            for s in order.shipments.all()
        ]

    def get_invoices(self, order: Order) -> list[dict[str, Any]]:
        return [{"number": i.number, "kind": i.kind, "total": str(i.total)} for i in order.invoices.all()]


@cache
def _whole() -> OrderResource:
    return OrderResource()


def told_order(order: Order) -> dict[str, Any]:
    """The order as OrderResource shows it. A process makes it once: its thirty fields take longer to make than
    an order takes to be told.
    """
    return dict(_whole().to_representation(order))
