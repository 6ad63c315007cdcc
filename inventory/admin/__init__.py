"""The back office of goods: what may not be shipped where, and the documents of items."""

from inventory.admin.documents import ItemDocumentAdmin
from inventory.admin.restrictions import ShippingRestrictionAdmin

__all__ = ["ItemDocumentAdmin", "ShippingRestrictionAdmin"]
