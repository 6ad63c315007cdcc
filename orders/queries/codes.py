"""Which units, accounts and ship-tos of ours there are, and which a code is likely to mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from distportal.accounts.choices import AccountStatus
from distportal.accounts.models import Account, ShipTo
from distportal.common.units import NAMES
from distportal.systems.mapping.choices import Side
from distportal.systems.mapping.models import MissingCode
from distportal.systems.mapping.registry import Scope, Suggestion, Wanted
from distportal.systems.models import ErpConnection
from distportal.systems.registry import mapping_scope
from orders.models import OrderLine

_LIKE_UNITS = {
    "CS": "CA", "CSE": "CA", "CTN": "CT", "EACH": "EA", "PCE": "PC", "PCS": "PC", "ST": "EA", "KAR": "CA", "PAK": "PK",
    "SCH": "BX", "DOZ": "DZ", "DZN": "DZ", "ROL": "RL", "PAL": "PL", "UNIT": "UN",
}  # fmt: skip
"""What others write for a unit and what it usually means here (X12 element 355); only ever a suggestion."""


def erp_scopes(wanted: Wanted) -> Iterator[Scope]:
    """ERP connections, stored or of the settings."""
    stored = ErpConnection.objects.values_list("name", flat=True)
    for name in sorted({*settings.ERP_ADAPTERS, *stored}):
        title = f"ERP {name}"
        if name in wanted.codes if wanted.codes is not None else wanted.text.lower() in title.lower():
            yield Scope(mapping_scope(name), title)


def account_scopes(wanted: Wanted) -> Iterator[Scope]:
    """Open accounts."""
    rows = Account.objects.exclude(status=AccountStatus.CLOSED).order_by("name")
    if wanted.codes is not None:
        rows = rows.filter(code__in=wanted.codes)
    else:
        rows = rows.filter(Q(name__icontains=wanted.text) | Q(code__icontains=wanted.text))
    for code, name in rows.values_list("code", "name")[: wanted.most]:
        yield Scope(f"account:{code}", f"{name} ({code})")


def known_units(codes: Collection[str]) -> set[str]:
    """Those of the codes that are units we sell in."""
    return {code for code in codes if code in NAMES}


def likely_units(missing: MissingCode) -> list[Suggestion]:
    """The units that the items which wait are sold in, what the unit usually means, then what begins like it."""
    if missing.side == Side.OURS:
        return []
    usual = _LIKE_UNITS.get(missing.code.upper(), "")
    first = [Suggestion(usual, f"usually {NAMES[usual]}")] if usual else []
    sold = [
        Suggestion(unit, f"{NAMES.get(unit, unit)}, {sku} is sold so")
        for sku, *units in _items_that_wait(missing)
        for unit in units
    ]
    alike = [code for code in NAMES if code != usual and code[0] == missing.code[:1].upper()]
    return first + sold + [Suggestion(code, NAMES[code]) for code in alike]


def _items_that_wait(missing: MissingCode) -> list[tuple[str, str, str]]:
    """SKU, base unit and pack unit of a few lines that are asked in the unit."""
    orders = [UUID(pk) for pk in missing.waiting.filter(subject_type="order").values_list("subject_id", flat=True)[:20]]
    lines = OrderLine.objects.filter(order__in=orders, unit=missing.code, item__isnull=False).order_by("pk")
    return list(lines.values_list("item__sku", "item__base_unit", "item__pack_unit")[:3])


def known_accounts(codes: Collection[str]) -> set[str]:
    """Those of the codes that are accounts."""
    return set(Account.objects.filter(code__in=codes).values_list("code", flat=True))


def likely_accounts(missing: MissingCode) -> list[Suggestion]:
    """The account that the ERP calls so; for ours what the ERP calls it."""
    if missing.side == Side.OURS:
        rows = Account.objects.filter(code=missing.code).exclude(erp_code="")
        return [Suggestion(row.erp_code, "its number in the ERP") for row in rows]
    rows = Account.objects.filter(erp_code=missing.code) | Account.objects.filter(code__iexact=missing.code)
    return [Suggestion(row.code, row.name) for row in rows.order_by("code")[:5]]


def known_places(codes: Collection[str]) -> set[str]:
    """Those of the codes that are ship-tos in use."""
    return set(ShipTo.objects.filter(code__in=codes, active=True).values_list("code", flat=True))


def likely_places(missing: MissingCode) -> list[Suggestion]:
    """The ship-tos of whoever waits, those whose code or name looks like the missing one first."""
    if missing.side == Side.OURS:
        rows = ShipTo.objects.filter(code=missing.code).exclude(erp_code="")
        return [Suggestion(row.erp_code, "its number in the ERP") for row in rows]
    wanted = missing.code.casefold()
    digits = "".join(c for c in wanted if c.isdigit()).lstrip("0")
    found = []
    for place in ShipTo.objects.filter(account__in=missing.waiting.values("account"), active=True).order_by("code"):
        own = "".join(c for c in place.code if c.isdigit()).lstrip("0")
        alike = wanted in place.name.casefold() or wanted in place.code.casefold() or (digits and digits == own)
        found.append((not alike, Suggestion(place.code, f"{'alike: ' if alike else ''}{place}")))
    return [suggestion for _, suggestion in sorted(found, key=lambda one: one[0])][:8]
