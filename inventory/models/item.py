"""Items and the other names people know them by."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.functional import cached_property

from distportal.accounts.models import Account
from distportal.common.models import TimestampedModel
from distportal.common.units import Pack
from inventory.choices import ItemStatus
from inventory.models.spelling import CAPITALS, CODE, WORDS


class Item(TimestampedModel):
    """A thing we sell, as the ERP's item master has it. `code_norm` is the SKU in capitals without punctuation.

    `packs` are all levels above the base unit, `[{unit, size, barcode, sold}]`, where the ERP tells more than
    `pack_unit`; `barcodes` are theirs, as they are looked up. `min_quantity` and `order_multiple` are in base units, 0
    where there is none. A discontinued item is sold until `last_order_on`, or as long as there is some of it
    (`while_stock_lasts`). `substitutes` are what may be sent or offered instead, `[{sku, reason, priority, valid_from,
    valid_until}]`, of SubstituteReason; each is one way, and may name an item that the ERP has not told yet.
    `least_shelf_life` is how many days have to be left when it leaves, where it expires and nothing else is agreed with
    the buyer. `hazard` says what kind of dangerous goods it is, `{un_number, name, hazard_class, packing_group,
    limited_quantity}` (49 CFR 172.101), as far as the ERP tells it.
    """

    sku = models.CharField(max_length=40, unique=True)
    code_norm = models.CharField(max_length=40, db_index=True)
    erp = models.CharField(
        max_length=16, default="default", db_default="default", help_text="ERP connection it is with"
    )
    erp_code = models.CharField(max_length=40)
    upc = models.CharField(max_length=14, blank=True, db_index=True)
    name = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    family = models.CharField(max_length=40)
    base_unit = models.CharField(max_length=2, default="EA")
    pack_unit = models.CharField(max_length=2, default="CA")
    pack_size = models.DecimalField(max_digits=10, decimal_places=3, default=Decimal(1))
    packs = models.JSONField(default=list, db_default=[], blank=True)
    barcodes = ArrayField(models.CharField(max_length=14), default=list, db_default=[], blank=True)
    base_sold = models.BooleanField(default=True, db_default=True)
    min_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0))
    order_multiple = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0))
    list_price = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3, default="USD")
    status = models.CharField(max_length=12, choices=ItemStatus, default=ItemStatus.ACTIVE)
    last_order_on = models.DateField(null=True, blank=True)
    while_stock_lasts = models.BooleanField(default=False, db_default=False)
    substitutes = models.JSONField(default=list, db_default=[], blank=True)
    hazmat = models.BooleanField(default=False)
    hazard = models.JSONField(default=dict, db_default={}, blank=True)
    least_shelf_life = models.PositiveSmallIntegerField(default=0, db_default=0)
    restricted_regions = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    weight_lb = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    as_of = models.DateTimeField()
    erp_version = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["sku"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pack_size__gt=0), name="inventory_item_pack_positive"),
            models.UniqueConstraint(fields=["erp", "erp_code"], name="inventory_item_erp_code_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(OpClass(CAPITALS, "gin_trgm_ops"), name="inventory_item_name_upper"),
            GinIndex(WORDS, name="inventory_item_name_words"),
            models.Index(fields=["family", "sku"], name="inventory_item_of_family"),
            models.Index(CODE, name="inventory_item_code_begins"),
            GinIndex(fields=["code_norm"], name="inventory_item_code_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["barcodes"], name="inventory_item_barcodes"),
        ]

    def __str__(self) -> str:
        return self.sku

    @cached_property
    def levels(self) -> tuple[Pack, ...]:
        """The base unit and every pack of it, the smallest first; asked many times a line, so made once an object."""
        above = {self.pack_unit: Pack(self.pack_unit, self.pack_size)}
        for told in self.packs:
            above[told["unit"]] = Pack(told["unit"], Decimal(told["size"]), told["barcode"], told["sold"])
        above.pop(self.base_unit, None)
        base = Pack(self.base_unit, Decimal(1), self.upc, self.base_sold)
        return (base, *sorted(above.values(), key=lambda pack: pack.size))

    @property
    def hazard_text(self) -> str:
        """`UN1133, Adhesives, class 3, packing group II, limited quantity`; empty for what is no dangerous goods."""
        if not self.hazmat:
            return ""
        told = self.hazard
        parts = [
            f"UN{told['un_number']}" if told.get("un_number") else "",
            told.get("name", ""),
            f"class {told['hazard_class']}" if told.get("hazard_class") else "",
            f"packing group {told['packing_group']}" if told.get("packing_group") else "",
            "limited quantity" if told.get("limited_quantity") else "",
        ]
        return ", ".join(part for part in parts if part) or "not specified"


class ItemCrossReference(TimestampedModel):
    """What a buyer calls one of our items. `hits` says how often it was needed, `created_by` who taught it.

    A number that stands for several items is one that nobody can order by until a person has chosen.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=48)
    code_norm = models.CharField(max_length=48)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="cross_references")
    hits = models.PositiveIntegerField(default=0)
    created_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "code_norm", "item"], name="inventory_xref_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.account.code}: {self.code} = {self.item.sku}"
