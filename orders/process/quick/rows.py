"""Keep, change and drop rows of a quick order, and put those that are sound into the cart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from distportal.common.errors import Conflict, Invalid
from orders.models import Draft, QuickRow
from orders.process.drafts import Wanted, put_into_draft
from orders.process.quick.judging import judge_rows
from orders.process.quick.reading import TypedRow

MOST_ROWS = 1_000
"""What one person looks through at once; a longer list goes in parts."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows went into the cart, and how many stayed because something is wrong with them."""

    added: int
    left: int


@transaction.atomic
def keep_rows(*, draft: Draft, rows: Sequence[TypedRow]) -> int:
    """How many rows stand behind those that are there now. Raises Invalid when they would be too many: none is kept."""
    _lock(draft)
    last = draft.quick_rows.aggregate(last=Max("position"))["last"] or 0
    if draft.quick_rows.count() + len(rows) > MOST_ROWS:
        raise Invalid(
            _(
                "A quick order holds %(most)s rows and this would be more; nothing was added. "
                "Put what is here into the cart first, or send the rest in a second part."
            )
            % {"most": f"{MOST_ROWS:,}"}
        )
    QuickRow.objects.bulk_create(
        QuickRow(
            draft=draft, position=last + at, code=row.code, quantity=row.quantity, unit=row.unit, origin=row.origin
        )
        for at, row in enumerate(rows, 1)
    )
    return len(rows)


@transaction.atomic
def change_rows(*, draft: Draft, rows: Mapping[UUID, TypedRow]) -> None:
    """Each row says this now; a key that is not there yet is a new row. A new row without words is not kept, an old one
    that lost its words is dropped. Raises Conflict for a key of somebody else's row, and Invalid as `keep_rows`.
    """
    _lock(draft)
    known = {row.pk: row for row in draft.quick_rows.select_for_update(no_key=True).filter(pk__in=rows)}
    said = {key: row for key, row in rows.items() if row.code or row.quantity}
    fresh = [key for key in said if key not in known]
    if draft.quick_rows.count() + len(fresh) > MOST_ROWS:
        raise Invalid(
            _("A quick order holds %(most)s rows; put what is here into the cart first.") % {"most": f"{MOST_ROWS:,}"}
        )
    last = draft.quick_rows.aggregate(last=Max("position"))["last"] or 0
    _add(_filled(QuickRow(pk=key, draft=draft, position=last + at), said[key]) for at, key in enumerate(fresh, 1))
    QuickRow.objects.bulk_update(
        [_filled(row, said[key]) for key, row in known.items() if key in said], ["code", "quantity", "unit"]
    )
    draft.quick_rows.filter(pk__in=[key for key in known if key not in said]).delete()


def _add(rows: Iterable[QuickRow]) -> None:
    try:
        with transaction.atomic():
            QuickRow.objects.bulk_create(rows)
    except IntegrityError as error:  # a key of a row that is not ours to see
        raise Conflict(_("These rows belong to another order; nothing was changed. Load the page again.")) from error


def _filled(row: QuickRow, said: TypedRow) -> QuickRow:
    row.code, row.quantity, row.unit = said.code[:80], said.quantity[:20], said.unit[:20]
    return row


@transaction.atomic
def drop_rows(*, draft: Draft, row_ids: Collection[UUID] | None = None) -> int:
    """How many rows are gone; all of the draft without `row_ids`. Rows of others are not touched."""
    _lock(draft)
    rows = draft.quick_rows.all() if row_ids is None else draft.quick_rows.filter(pk__in=row_ids)
    return rows.delete()[0]


@transaction.atomic
def take_rows(*, draft: Draft) -> Taken:
    """The sound rows are in the cart and gone from here, all together; those with problems stay. Called twice at once,
    the second finds nothing to add.
    """
    _lock(draft)
    sheet = judge_rows(draft=draft, guess=False)
    ready = sheet.ready
    wanted = [Wanted(line.item, line.unit, line.quantity) for line in ready if line.item and line.quantity]
    put_into_draft(draft=draft, wanted=wanted)
    drop_rows(draft=draft, row_ids=[line.row.pk for line in ready])
    return Taken(added=len(ready), left=len(sheet.problems))


def _lock(draft: Draft) -> None:
    """Whoever changes rows of a draft has its row lock; the cart's lines come after it. Raises Conflict once placed."""
    if (
        not Draft.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=draft.pk, order=None, asked=False)
        .exists()
    ):
        raise Conflict(_("This cart was placed in the meantime; nothing was changed. Load the page again."))
