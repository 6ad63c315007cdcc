"""What the ERP itself would charge: the portal's price function follows what it was told, the ERP may know more."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from distportal.accounts.models import Account
from distportal.common.remembering import remembering
from distportal.events.clock import database_now
from distportal.systems.cache.answers import NEVER, Ages, Answer, CachedRead, Seen, cached_read
from distportal.systems.cache.looking import look_up
from distportal.systems.erp.port import DraftLine
from distportal.systems.errors import Misconfigured
from distportal.systems.registry import erp
from inventory.models import Item
from inventory.queries.packs import base_of
from inventory.queries.prices import prices_for

ANYBODY = "*"
_FOURTH = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """So much of an item, in one of its units."""

    sku: str
    unit: str
    quantity: Decimal


def check_prices(
    *, account: Account, wanted: Sequence[Wanted], on: dt.date, connection: str = "default"
) -> dict[Wanted, Seen]:
    """The ERP's own price per unit, `{unit_price}`, for each wanted quantity on a day, and when it said so; else what
    the portal's price function says.
    """
    keys = {
        line: json.dumps([account.code, line.sku, line.unit, f"{line.quantity.normalize():f}", on.isoformat()])
        for line in wanted
    }
    seen = look_up(PRICES, list(keys.values()), connection=connection)
    return {line: seen[key] for line, key in keys.items()}


def other_price(ours: Decimal | None, check: Seen | None) -> Decimal | None:
    """The ERP's price per unit where it has said another one than ours just now, else None. An ERP that rounds to cents
    says no other price than we do with four decimals.
    """
    if ours is None or check is None or check.how != "fresh" or not check.value:
        return None
    theirs = Decimal(check.value["unit_price"])
    return None if ours.quantize(theirs, rounding=ROUND_HALF_UP) == theirs else theirs


def price_tags(account: str, sku: str) -> tuple[str, str]:
    """News may be of the account's price of an item, or of everybody's."""
    return f"{account}|{sku}", f"{ANYBODY}|{sku}"


def _fetch(connection: str, keys: Sequence[str]) -> Mapping[str, Answer]:
    """One call for each account and day; who looks is one account on one day."""
    port, now, found = erp(connection), database_now(), {}
    if port.capabilities().price == "none":
        raise Misconfigured("erp.not_offered", "this ERP cannot be asked for prices")
    for (account, on), rows in _groups(keys).items():
        lines = [
            DraftLine(line_key=str(at), sku=sku, quantity=Decimal(quantity), unit=unit)
            for at, (_, sku, unit, quantity) in enumerate(rows)
        ]
        for line in port.quote_price(account, lines, dt.date.fromisoformat(on)):
            value = {"unit_price": f"{line.unit_price:f}"} if line.unit_price is not None else None
            found[rows[int(line.line_key)][0]] = Answer(value=value, as_of=now, checked_at=now)
    return found


def _snapshot(connection: str, keys: Sequence[str]) -> Mapping[str, Answer]:
    found: dict[str, Answer] = {}
    for (code, on), rows in _groups(keys).items():
        account = Account.objects.get(code=code)
        items = {item.sku: item for item in Item.objects.filter(sku__in={sku for _, sku, _, _ in rows})}
        day = dt.date.fromisoformat(on)
        with remembering():  # one query for all items, whatever their quantities
            prices_for(account_id=account.pk, wanted={item.pk: Decimal(1) for item in items.values()}, on=day)
            for key, sku, unit, told in rows:
                answer = _our_answer(account, items.get(sku), unit, Decimal(told), day)
                if answer is not None:
                    found[key] = answer
    return found


def _our_answer(account: Account, item: Item | None, unit: str, quantity: Decimal, on: dt.date) -> Answer | None:
    base = base_of(item, quantity, unit) if item is not None else None
    if item is None or base is None:
        return None
    quote = prices_for(account_id=account.pk, wanted={item.pk: base}, on=on)[item.pk]
    price = (quote.unit_price * base / quantity).quantize(_FOURTH)
    # Whatever the feed told: that the ERP would charge this is what it is asked for.
    return Answer(value={"unit_price": f"{price:f}"}, as_of=quote.as_of, checked_at=NEVER)


def _groups(keys: Sequence[str]) -> dict[tuple[str, str], list[tuple[str, str, str, str]]]:
    """(account, day) -> (key, sku, unit, quantity) of each."""
    found: dict[tuple[str, str], list[tuple[str, str, str, str]]] = {}
    for key in keys:
        account, sku, unit, quantity, on = json.loads(key)
        found.setdefault((account, on), []).append((key, sku, unit, quantity))
    return found


def _tags(key: str) -> tuple[str, str]:
    account, sku, *_ = json.loads(key)
    return price_tags(account, sku)


PRICES = cached_read(
    CachedRead(name="price", ages=Ages(soft=900, hard=86_400, unknown=60), fetch=_fetch, snapshot=_snapshot, tags=_tags)
)
