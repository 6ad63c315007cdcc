"""What was agreed with a partner, per direction and set: the one place that answers.

The rows of a partner are read once per partner object, so once per job or request; who changes them calls `forget`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects

from edi.choices import Ack, CttPolicy, Direction, ErrorPolicy
from edi.models import Agreement, TradingPartner
from edi.models.agreement_options import AgreementOptions

DEFAULT_RELEASE = "004010"
ALWAYS_TAKEN = ("997", "999")
"""Acknowledgments need no agreement: they settle what we sent."""


def agreements_of(partner: TradingPartner) -> Sequence[Agreement]:
    """All agreements of the partner, the inactive too; read once per partner object."""
    prefetch_related_objects([partner], "agreements")
    return list(partner.agreements.all())


def forget(partner: TradingPartner) -> None:
    """The next question about this partner object reads its rows again."""
    getattr(partner, "_prefetched_objects_cache", {}).clear()


def agreement(partner: TradingPartner, direction: str, set_id: str) -> Agreement | None:
    """The agreement in force about one set in one direction, if there is one."""
    rows = agreements_of(partner)
    return next((a for a in rows if a.active and a.direction == direction and a.set_id == set_id), None)


def wants(partner: TradingPartner, set_id: str) -> bool:
    """Whether the partner waits for documents of this set from us."""
    return agreement(partner, Direction.OUT, set_id) is not None


def takes(partner: TradingPartner, set_id: str) -> bool:
    """Whether we take documents of this set from the partner."""
    return set_id in ALWAYS_TAKEN or agreement(partner, Direction.IN, set_id) is not None


def terms(partner: TradingPartner, direction: str, set_id: str) -> AgreementOptions:
    """The options of a set, all at their defaults where nothing was agreed."""
    row = agreement(partner, direction, set_id)
    return row.terms if row else AgreementOptions()


def written_release(partner: TradingPartner, set_id: str) -> str:
    """GS08 of what we send; for a set without an agreement that of the partner's other documents."""
    row = agreement(partner, Direction.OUT, set_id)
    if row is None:
        row = next((a for a in agreements_of(partner) if a.active and a.direction == Direction.OUT), None)
    return row.release if row else DEFAULT_RELEASE


def ack_wanted(partner: TradingPartner, set_id: str) -> Ack:
    """The acknowledgment that we wait for after sending a set."""
    row = agreement(partner, Direction.OUT, set_id)
    return Ack(row.ack) if row else Ack.NONE


def ack_owed(partner: TradingPartner, set_ids: Iterable[str]) -> Ack:
    """The acknowledgment that a group of these sets is answered with: that of its first agreed set, else a 997."""
    rows = (agreement(partner, Direction.IN, set_id) for set_id in set_ids)
    return next((Ack(row.ack) for row in rows if row), Ack.FA997)


def error_policy(partner: TradingPartner, set_id: str) -> ErrorPolicy:
    """What a set with errors means for those that came with it."""
    row = agreement(partner, Direction.IN, set_id)
    return ErrorPolicy(row.error_policy) if row else ErrorPolicy.REJECT_SET


def ctt_policy(partner: TradingPartner, set_id: str) -> CttPolicy:
    """What a wrong count of lines means."""
    row = agreement(partner, Direction.IN, set_id)
    return CttPolicy(row.ctt_policy) if row else CttPolicy.NOTE


def duplicate_window_days(partner: TradingPartner) -> int:
    """How many days ISA13 must not come again with other content: the longest of all that was agreed for."""
    rows = [a for a in agreements_of(partner) if a.active and a.direction == Direction.IN]
    return max((row.duplicate_window_days for row in rows), default=365)


def leniencies(partner: TradingPartner) -> frozenset[str] | None:
    """The names of all leniencies agreed for anything the partner sends, since they hold for its whole interchanges;
    None where nothing was said, which allows every one.
    """
    rows = [a for a in agreements_of(partner) if a.active and a.direction == Direction.IN]
    said = [names for row in rows if (names := row.terms.leniencies) is not None]
    return frozenset(name for names in said for name in names) if said else None


def credit_memo_sets(partner: TradingPartner) -> list[str]:
    """The sets that tell the partner of a credit memo: those chosen for it, else 812 where agreed, else 810."""
    agreed = [set_id for set_id in ("810", "812") if wants(partner, set_id)]
    chosen = [set_id for set_id in agreed if set_id in partner.credit_memo_sets]
    return chosen or agreed[-1:]
