"""A customer's own numbers for our items: taught one by one or by a file, and given back as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import Account
from distportal.canonical.parts import ItemId
from distportal.common.csv_lines import csv_lines, plain_cell
from distportal.common.errors import Invalid, NotFound
from distportal.common.tables import rows_of
from inventory.models import Item, ItemCrossReference
from inventory.queries.items import items_named, normalise_code, part_numbers_of

COLUMNS = ("your_number", "our_item")
MOST_ROWS = 20_000
MOST_TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many numbers a file taught, how many of them were there so already, and what of it could not be taken."""

    taken: int
    known: int
    problems: tuple[str, ...]


@transaction.atomic
def teach_part_number(*, account: Account, code: str, sku: str, by: str) -> ItemCrossReference:
    """The account's number stands for this item from now on, and for no other. Raises Invalid or NotFound."""
    norm = _norm(code)
    item = _items(account.pk, [sku])[0]
    if item is None:
        raise NotFound(_("No one item is known as %(name)s; nothing was changed.") % {"name": sku})
    ItemCrossReference.objects.filter(account=account, code_norm=norm).exclude(item=item).delete()
    values = {"code": code.strip(), "created_by": by[:120]}
    return ItemCrossReference.objects.update_or_create(account=account, code_norm=norm, item=item, defaults=values)[0]


@transaction.atomic
def forget_part_number(*, account: Account, reference_id: int) -> None:
    """The number stands for that item no more; those of other accounts are not touched. Raises NotFound."""
    if not ItemCrossReference.objects.filter(account=account, pk=reference_id).delete()[0]:
        raise NotFound(_("This number is not there any more; nothing was changed."))


@transaction.atomic
def import_part_numbers(*, account: Account, content: bytes, by: str) -> Imported:
    """What of a CSV or XLSX file with `your_number` and `our_item` (SKU or barcode) was taken. The numbers it names
    stand for what it says and nothing else; the others stay. A number that it gives to several items is kept so and
    told: nobody can order by it until one is chosen. Raises Invalid for a file that is none; nothing is changed then.
    """
    rows = list(_rows(content))
    items = _items(account.pk, [name for _, _, name in rows])
    problems, wanted = [], dict[str, dict[int, str]]()
    for (line, code, name), item in zip(rows, items, strict=True):
        norm = normalise_code(code)
        if not norm:
            problems.append(_("Row %(row)s: “%(code)s” is no number") % {"row": line, "code": code})
        elif item is None:
            problems.append(_("Row %(row)s: no one item is known as %(name)s") % {"row": line, "name": name})
        else:
            wanted.setdefault(norm, {})[item.pk] = code
    unclear = [next(iter(found.values())) for found in wanted.values() if len(found) > 1]
    several = _("%(code)s stands for several items: nobody can order by it until one is chosen")
    problems += [several % {"code": code} for code in unclear]
    known = _write(account, wanted, by)
    taken = sum(len(found) for found in wanted.values())
    return Imported(taken=taken, known=known, problems=tuple(problems))


def export_part_numbers(*, account: Account) -> str:
    """All numbers of the account as such a file."""
    return "".join(csv_lines(COLUMNS, ((row.code, row.item.sku) for row in part_numbers_of(account.pk))))


def _write(account: Account, wanted: Mapping[str, Mapping[int, str]], by: str) -> int:
    """How many were there so already; what their numbers stood for besides is gone."""
    before = (
        ItemCrossReference.objects.select_for_update(no_key=True)
        .filter(account=account, code_norm__in=wanted)
        .order_by("pk")
    )
    rows = list(before)
    gone = [row.pk for row in rows if row.item_id not in wanted[row.code_norm]]
    ItemCrossReference.objects.filter(pk__in=gone).delete()
    new = [
        ItemCrossReference(account=account, code=code, code_norm=norm, item_id=item_id, created_by=by[:120])
        for norm, found in wanted.items()
        for item_id, code in found.items()
    ]
    ItemCrossReference.objects.bulk_create(new, ignore_conflicts=True)
    return len(rows) - len(gone)


def _rows(content: bytes) -> Iterator[tuple[int, str, str]]:
    heading, *rows = rows_of(content) or [[]]
    if not set(COLUMNS) <= set(heading):
        raise Invalid(
            _("The first row has to name the columns %(one)s and %(other)s; nothing was changed.")
            % dict(zip(("one", "other"), COLUMNS, strict=True))
        )
    if len(rows) > MOST_ROWS:
        raise Invalid(_("The file has more than %(most)s rows; nothing was changed.") % {"most": f"{MOST_ROWS:,}"})
    for line, row in enumerate(rows, 2):
        cells = dict(zip(heading, row, strict=False))
        yield line, plain_cell(cells.get("your_number", ""))[:48], cells.get("our_item", "")[:48]


def _items(account_id: UUID, names: Sequence[str]) -> list[Item | None]:
    """Our items by SKU or barcode, never by a number of the customer's."""
    asked = [(ItemId(qualifier="sku", value=name), ItemId(qualifier="upc", value=name)) for name in names]
    return items_named(account_id=account_id, names=asked)


def _norm(code: str) -> str:
    norm = normalise_code(code)
    if not norm or len(code.strip()) > 48:
        raise Invalid(_("Your number needs letters or digits, 48 at most; nothing was changed."))
    return norm
