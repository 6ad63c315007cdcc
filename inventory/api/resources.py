"""Items, prices and availability as clients read them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from inventory.choices import SubstituteReason
from inventory.models import Item
from inventory.queries.packs import sold_as


class LevelResource(serializers.Serializer[Any]):
    """One level of packing: a `unit` holds `size` base units and bears a barcode, where the ERP tells one."""

    unit = serializers.CharField()
    size = serializers.DecimalField(max_digits=14, decimal_places=3)
    barcode = serializers.CharField()
    sold = serializers.BooleanField(help_text="Whether orders may be in this unit")


class SubstituteResource(serializers.Serializer[Any]):
    """What may be sent or offered instead; `up_sell` is only ever offered."""

    sku = serializers.CharField()
    reason = serializers.ChoiceField(choices=SubstituteReason.choices)
    priority = serializers.IntegerField(help_text="The lowest is taken first")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class ItemResource(serializers.ModelSerializer[Item]):
    """An item of the catalogue. Quantities are counted in `base_unit`; a `pack_unit` holds `pack_size` of them, and
    `levels` are all units with what one holds and whether orders may be in it.
    """

    levels = LevelResource(many=True, read_only=True)
    substitutes = SubstituteResource(many=True, read_only=True)
    sold_as = serializers.SerializerMethodField(help_text="How it is sold, in words; empty where one by one")

    class Meta:
        model = Item
        fields = (
            "sku", "name", "description", "family", "upc", "base_unit", "pack_unit", "pack_size", "status", "hazmat",
            "hazard", "least_shelf_life", "weight_lb", "levels", "min_quantity", "order_multiple", "sold_as",
            "last_order_on", "while_stock_lasts", "substitutes", "as_of",
        )  # fmt: skip

    def get_sold_as(self, item: Item) -> str:
        return sold_as(item)


class WarehouseResource(serializers.Serializer[Any]):
    """What one warehouse can promise now, and what it expects next."""

    code = serializers.CharField()
    name = serializers.CharField()
    available = serializers.DecimalField(max_digits=14, decimal_places=3)
    supply_on = serializers.DateField(allow_null=True)
    supply_quantity = serializers.DecimalField(max_digits=14, decimal_places=3)


class CheckResource(serializers.Serializer[Any]):
    """What the ERP itself says, and how sure that is: `fresh` and `stale` were asked for, `snapshot` is what its feed
    told last, `nothing` is not known yet. Ask again in some seconds where it is being asked (`asking`).
    """

    how = serializers.ChoiceField(choices=["fresh", "stale", "snapshot", "nothing"])
    as_of = serializers.DateTimeField(allow_null=True, help_text="By the ERP's clock")
    checked_at = serializers.DateTimeField(allow_null=True, help_text="When the ERP said so")
    asking = serializers.BooleanField()


class StockCheckResource(CheckResource):
    """What is free by the ERP in all warehouses, before what was promised here since."""

    available = serializers.DecimalField(max_digits=14, decimal_places=3, source="figure", allow_null=True)


class PriceCheckResource(CheckResource):
    """What the ERP would charge per base unit; an order is placed at the price that was shown and compared with it."""

    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4, source="figure", allow_null=True)


class AvailabilityResource(serializers.Serializer[Any]):
    """What can be promised of one item in base units; `as_of` is the oldest figure in it, by the ERP's clock."""

    sku = serializers.CharField()
    available = serializers.DecimalField(max_digits=14, decimal_places=3, source="total")
    sentence = serializers.CharField()
    as_of = serializers.DateTimeField(allow_null=True)
    by_warehouse = WarehouseResource(many=True)
    erp = StockCheckResource(help_text="The check with the ERP; no request waits for it")


class RungResource(serializers.Serializer[Any]):
    """One step of a price ladder."""

    min_quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4)


class PriceResource(serializers.Serializer[Any]):
    """The price per base unit for the asked quantity, why it is so, and the whole ladder."""

    sku = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4)
    currency = serializers.CharField()
    reason = serializers.CharField()
    as_of = serializers.DateTimeField()
    ladder = RungResource(many=True)
    erp = PriceCheckResource(help_text="The check with the ERP; no request waits for it")
