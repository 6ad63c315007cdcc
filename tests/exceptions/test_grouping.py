"""Cases of one cause: a key that can be read, nothing joined to what is closed, and what people did by hand stays."""

from __future__ import annotations

from typing import Any

import pytest

from exceptions.choices import Resolution
from exceptions.errors import CaseChanged
from exceptions.models import Case
from exceptions.process.cases import open_case, resolve_case
from exceptions.process.grouping import cause_in_words, join_cases, split_case
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def case(subject: str, **more: Any) -> Case:
    facts = {"kind": "order.unit_unknown", "code": "held", "subject_type": "order", "sentence": "x", **more}
    return open_case(subject_id=subject, **facts)


def test_the_key_names_what_is_the_same_and_says_so(cast: Cast) -> None:
    ctn = {"account": cast.harbor, "data": {"cause": "FST-10001 CTN", "codes": ["unit_unknown"]}}
    one, other = case("1", **ctn), case("2", **ctn)
    third = case("3", account=cast.harbor, data={"cause": "FST-10001 BX"})
    assert one.group_key == other.group_key == "order.unit_unknown · HARBOR · FST-10001 CTN"
    assert third.group_key == "order.unit_unknown · HARBOR · FST-10001 BX"
    assert cause_in_words(one) == (
        "Open cases in which the kind and the account and the cause are the same: "
        "order.unit_unknown · HARBOR · FST-10001 CTN"
    )
    assert case("4", kind="erp.refused", data={"code": "E17"}, account=cast.harbor).group_key == "erp.refused · E17"


def test_a_split_is_for_good_also_when_it_is_seen_again_or_comes_back(cast: Cast) -> None:
    one, other = case("1", data={"cause": "A"}), case("2", data={"cause": "A"})
    alone = split_case(case_id=one.pk, reason="another matter")
    assert case("1", data={"cause": "A"}).group_key == alone.group_key != other.group_key
    resolve_case(case_id=one.pk, resolution=Resolution.BY_HAND, reason="done")
    assert case("1", data={"cause": "A"}).group_key == alone.group_key
    assert cause_in_words(alone) == "Somebody put it there by hand; it stays so."


def test_nothing_is_joined_to_a_case_that_is_closed(cast: Cast) -> None:
    one, other, closed = case("1", data={"cause": "A"}), case("2", data={"cause": "B"}), case("3")
    resolve_case(case_id=closed.pk, resolution=Resolution.BY_HAND, reason="done")
    with pytest.raises(CaseChanged, match="nothing was put together"):
        join_cases(case_ids=[one.pk, other.pk], into=closed.pk)
    other.refresh_from_db()
    assert (other.group_by_hand, other.entries.count()) == (False, 1)
    [joined] = join_cases(case_ids=[one.pk, other.pk], into=one.pk)
    assert joined.group_key == one.group_key == case("1", data={"cause": "C"}).group_key
    with pytest.raises(CaseChanged):
        split_case(case_id=closed.pk)
