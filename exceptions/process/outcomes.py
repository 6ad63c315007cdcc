"""What comes of the items of a run after they were done, and the run's own history."""

from __future__ import annotations

from distportal.observability.actor import actor_name
from exceptions.choices import ItemState, Resolution
from exceptions.models import BulkEntry, BulkItem, BulkRun, Case


def note_run(run: BulkRun, action: str, text: str = "") -> BulkEntry:
    """The new last line of the run's history, in the name of whoever acts now."""
    return BulkEntry.objects.create(run=run, actor=actor_name(), action=action, text=text[:300])


def note_settled(case: Case, reason: str) -> None:
    """The case is resolved: so is what a run tried again, or somebody left it undone."""
    left = case.resolution == Resolution.DISCARDED
    _note(case, ItemState.CANCELLED if left else ItemState.DONE, reason)


def note_dead_again(case: Case) -> None:
    """What a run tried again failed again."""
    _note(case, ItemState.AGAIN, case.sentence)


def _note(case: Case, state: ItemState, told: str) -> None:
    BulkItem.objects.filter(case=case, state=ItemState.RELEASED).update(state=state, told=told[:300])
