"""The lines of shopping lists. Whoever changes them has the list's row lock; two people at once lose nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.common.errors import Invalid
from orders.models import ListLine, ShoppingList
from orders.process.lists import MOST_LINES, locked_list, locked_lists

MOST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Noted:
    """What a person saw as a line's note, and what they say instead."""

    was: str
    now: str


@transaction.atomic
def add_items(*, list_id: UUID, account: Account, user: User, item_ids: Collection[int]) -> int:
    """How many of the items are new in the list; those that stand there already stay as they are. Raises NotFound,
    NotAllowed, or Invalid where they would be too many.
    """
    row = locked_list(list_id=list_id, account=account, user=user)
    there = set(row.lines.values_list("item_id", flat=True))
    fresh = [pk for pk in dict.fromkeys(item_ids) if pk not in there]
    _check_room(row, len(there) + len(fresh))
    ListLine.objects.bulk_create([ListLine(list=row, item_id=pk) for pk in fresh])
    return len(fresh)


@transaction.atomic
def note_lines(*, list_id: UUID, account: Account, user: User, notes: Mapping[int, Noted]) -> dict[int, str]:
    """Notes by line id are written where they were changed. What somebody else wrote meanwhile is kept and comes back:
    line id -> what it says now. Lines that are gone are passed over.
    """
    row = locked_list(list_id=list_id, account=account, user=user)
    other: dict[int, str] = {}
    changed = []
    for line in row.lines.filter(pk__in=notes):
        noted = notes[line.pk]
        said = noted.now.strip()[:MOST_NOTE]
        if said in (noted.was, line.note):
            continue
        if line.note != noted.was:
            other[line.pk] = line.note
            continue
        line.note = said
        changed.append(line)
    ListLine.objects.bulk_update(changed, ["note"])
    return other


@transaction.atomic
def drop_lines(*, list_id: UUID, account: Account, user: User, line_ids: Collection[int]) -> int:
    """How many lines are gone; lines of other lists are not touched."""
    row = locked_list(list_id=list_id, account=account, user=user)
    return row.lines.filter(pk__in=line_ids).delete()[0]


@transaction.atomic
def transfer_lines(
    *, list_id: UUID, into_id: UUID, account: Account, user: User, line_ids: Collection[int], keep: bool
) -> int:
    """How many lines stand in the other list now; with `keep` they stay here too. An item that is there already keeps
    its line, with both notes.
    """
    if list_id == into_id:
        raise Invalid(_("That is the same list; nothing was changed."))
    source, target = locked_lists(list_ids=[list_id, into_id], account=account, user=user)
    lines = list(source.lines.filter(pk__in=line_ids))
    there = {line.item_id: line for line in target.lines.all()}
    fresh = [ListLine(list=target, item_id=line.item_id, note=line.note) for line in lines if line.item_id not in there]
    _check_room(target, len(there) + len(fresh))
    met = [_with_note(there[line.item_id], line.note) for line in lines if line.item_id in there]
    ListLine.objects.bulk_create(fresh)
    ListLine.objects.bulk_update(met, ["note"])
    if not keep:
        source.lines.filter(pk__in=[line.pk for line in lines]).delete()
    return len(lines)


def _with_note(line: ListLine, note: str) -> ListLine:
    if note and note not in line.note:
        both = f"{line.note} / {note}" if line.note else note
        if len(both) > MOST_NOTE:
            raise Invalid(
                _("The two notes of %(sku)s are too long for one line; nothing was changed.") % {"sku": line.item.sku}
            )
        line.note = both
    return line


def _check_room(row: ShoppingList, lines: int) -> None:
    if lines > MOST_LINES:
        raise Invalid(
            _("A list holds %(most)s items and “%(name)s” would hold more; nothing was changed.")
            % {"most": f"{MOST_LINES:,}", "name": row.name}
        )
