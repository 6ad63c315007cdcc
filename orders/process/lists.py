"""Shopping lists as a whole: made, renamed, shared, copied, ended."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import acts_of, require_act
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound
from orders.models import ListLine, ShoppingList
from orders.queries.lists import lists_of

MOST_LISTS, MOST_LINES = 200, 1_000


@transaction.atomic
def create_list(
    *, account: Account, user: User, name: str, shared: bool = False, item_ids: Sequence[int] = ()
) -> ShoppingList:
    """A new list with these items. Raises Invalid without a name or where there are too many, and NotAllowed."""
    require_act(user=user, account_id=account.pk, act=Act.KEEP_PART_NUMBERS)
    if lists_of(account=account, user=user).count() >= MOST_LISTS:
        raise Invalid(
            _("You have %(most)s lists; delete one before you make another. Nothing was changed.")
            % {"most": MOST_LISTS}
        )
    row = ShoppingList.objects.create(account=account, owner=user, name=_name(name), shared=shared)
    if len(item_ids) > MOST_LINES:
        raise Invalid(
            _("A list holds %(most)s items and these are more; nothing was changed.") % {"most": f"{MOST_LINES:,}"}
        )
    ListLine.objects.bulk_create([ListLine(list=row, item_id=pk) for pk in dict.fromkeys(item_ids)])
    return row


@transaction.atomic
def change_list(
    *, list_id: UUID, account: Account, user: User, was: tuple[str, str], now: tuple[str, str], shared: bool
) -> ShoppingList:
    """The list with another name and note. `was` is what the person saw of them: what somebody else changed meanwhile
    is not written over. Only its owner makes a list private. Raises Conflict, Invalid, NotFound or NotAllowed.
    """
    row = locked_list(list_id=list_id, account=account, user=user)
    for field, seen, said in zip(("name", "note"), was, now, strict=True):
        if said == seen:
            continue
        if getattr(row, field) not in (seen, said):
            raise Conflict(
                f"Somebody changed the {field} to “{getattr(row, field)}” meanwhile; yours was not saved. Send it "
                "again to have yours instead."
            )
        setattr(row, field, _name(said) if field == "name" else said[:300])
    if row.shared and not shared and row.owner_id != user.pk:
        raise NotAllowed(_("Only who made the list can take it back from the company. Nothing was changed."))
    row.shared = shared
    row.save()
    return row


@transaction.atomic
def duplicate_list(*, list_id: UUID, account: Account, user: User) -> ShoppingList:
    """A private copy with all lines and notes."""
    row = locked_list(list_id=list_id, account=account, user=user)
    copy = create_list(account=account, user=user, name=f"{row.name[:70]} (copy)")
    lines = row.lines.order_by("pk").values_list("item_id", "note")
    ListLine.objects.bulk_create([ListLine(list=copy, item_id=item_id, note=note) for item_id, note in lines])
    return copy


@transaction.atomic
def delete_list(*, list_id: UUID, account: Account, user: User) -> str:
    """The name of the list that is gone; who did not make it needs to be an administrator. Raises NotFound."""
    row = locked_list(list_id=list_id, account=account, user=user)
    if row.owner_id != user.pk and Act.MANAGE_USERS not in acts_of(user, account.pk):
        raise NotAllowed(_("Only who made the list or an administrator of your company can delete it."))
    row.delete()
    return row.name


def locked_list(*, list_id: UUID, account: Account, user: User) -> ShoppingList:
    """The list under its row lock, if the person may change it. Raises NotFound or NotAllowed."""
    return locked_lists(list_ids=[list_id], account=account, user=user)[0]


def locked_lists(*, list_ids: Sequence[UUID], account: Account, user: User) -> list[ShoppingList]:
    """The lists in the order of `list_ids`, locked in the order of their keys: two moves at once never wait in a
    ring.
    """
    require_act(user=user, account_id=account.pk, act=Act.KEEP_PART_NUMBERS)
    rows = (
        lists_of(account=account, user=user)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in=list_ids)
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    if len(found) < len(set(list_ids)):
        raise NotFound(_("This list is not there any more; nothing was changed."))
    return [found[pk] for pk in list_ids]


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 80:
        raise Invalid(_("A list needs a name, 80 signs at most; nothing was changed."))
    return name
