"""What each transaction set is made of: 004010, and what 005010 adds, drops and widens.

`M1` mandatory once, `O>1` optional without limit, `{…}` the children of the loop that the segment before opens."""

from __future__ import annotations

from edi.x12.mapgen.notation import SetTable
from edi.x12.mapgen.sets.acknowledgments import ACKNOWLEDGMENTS
from edi.x12.mapgen.sets.money import MONEY
from edi.x12.mapgen.sets.orders import ORDERS
from edi.x12.mapgen.sets.shipping import SHIPPING
from edi.x12.mapgen.sets.stock import STOCK
from edi.x12.mapgen.sets.warehouse import WAREHOUSE

SETS: dict[str, SetTable] = {
    **ORDERS,
    **SHIPPING,
    **MONEY,
    **STOCK,
    **WAREHOUSE,
    **ACKNOWLEDGMENTS,
}
