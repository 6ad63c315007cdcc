"""What we know of items, stock and prices, and what is promised."""

from inventory.models.document import DocumentFile, ItemDocument, ItemDocumentVersion
from inventory.models.facts import ErpComparison, ErpDifference, ErpFact
from inventory.models.item import Item, ItemCrossReference
from inventory.models.price import Price
from inventory.models.promise import Promise
from inventory.models.reconciliation import Reconciliation
from inventory.models.restriction import ShippingRestriction
from inventory.models.stock import Reservation, StockLevel, Warehouse
from inventory.models.sync import FeedCursor, FeedPage
from inventory.models.word import SearchWord

__all__ = [
    "DocumentFile",
    "ErpComparison",
    "ErpDifference",
    "ErpFact",
    "FeedCursor",
    "FeedPage",
    "Item",
    "ItemCrossReference",
    "ItemDocument",
    "ItemDocumentVersion",
    "Price",
    "Promise",
    "Reconciliation",
    "Reservation",
    "SearchWord",
    "ShippingRestriction",
    "StockLevel",
    "Warehouse",
]
