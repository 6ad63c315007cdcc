"""One meaning a day for each of their codes, known to every process at once, with its history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.common.errors import NotFound
from distportal.common.remembering import remembering
from distportal.observability.actor import acting
from distportal.systems.mapping.editing import Mapping, end_mapping, replace_words, save_mapping
from distportal.systems.mapping.errors import BadMapping, MappingTaken
from distportal.systems.mapping.models import CrossReference
from distportal.systems.mapping.uses import flush_uses
from distportal.systems.mapping.words import forget_words, ours, theirs, words_of
from tests.at_once import at_once
from tests.mappings import mapped

ACME, TODAY = "partner:ACME", timezone.localdate()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh() -> None:
    forget_words()


@pytest.fixture(autouse=True)
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Midnight does not come while these run."""
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


def changed(row: CrossReference, **to: Any) -> CrossReference:
    said = {name: getattr(row, name) for name in ("scope", "kind", "theirs", "ours", "valid_from", "valid_until")}
    return save_mapping(mapping=Mapping(**{**said, **to}), reference_id=row.pk)


@pytest.mark.django_db
def test_many_codes_are_one_query_and_what_nobody_mapped_is_left_out() -> None:
    mapped(ACME, "terms", "Z030", "Net 30")
    mapped(ACME, "terms", "Z060", "Net 60")
    mapped(ACME, "carrier", "Z030", "UPSN")
    mapped("partner:OTHER", "terms", "Z090", "Net 90")
    words_of(ACME)
    with CaptureQueriesContext(connection) as asked:
        found = ours(ACME, "terms", ["Z030", "Z060", "Z090", "Z000"])
    assert found == {"Z030": "Net 30", "Z060": "Net 60"}
    assert len(asked) == 1, "only whether what is kept still holds"
    with remembering():
        ours(ACME, "terms", ["Z030"])
        with CaptureQueriesContext(connection) as asked:
            ours(ACME, "terms", ["Z060"])
    assert len(asked) == 0, "once a batch"
    assert theirs(ACME, "terms", ["Net 30"]) == {"Net 30": "Z030"}


@pytest.mark.django_db
def test_of_several_codes_that_mean_the_same_the_first_by_name_goes_out() -> None:
    for code in ("CSE", "CS", "KAR"):
        mapped(ACME, "unit", code, "CA")
    assert theirs(ACME, "unit", ["CA"]) == {"CA": "CS"}
    assert ours(ACME, "unit", ["KAR", "CSE"]) == {"KAR": "CA", "CSE": "CA"}


@pytest.mark.django_db(transaction=True)
def test_a_change_is_known_from_its_commit_on_and_not_before() -> None:
    row = mapped(ACME, "unit", "CS", "CA")
    assert ours(ACME, "unit", ["CS"]) == {"CS": "CA"}

    def from_elsewhere() -> dict[str, str]:
        return ours(ACME, "unit", ["CS"])

    with transaction.atomic():
        changed(row, ours="CT")
        assert at_once(from_elsewhere) == [{"CS": "CA"}], "not committed yet"
    assert ours(ACME, "unit", ["CS"]) == {"CS": "CT"}
    end_mapping(reference_id=row.pk, reason="they write CA now")
    assert ours(ACME, "unit", ["CS"]) == {}


@pytest.mark.django_db
def test_what_was_rolled_back_is_never_kept() -> None:
    row = mapped(ACME, "unit", "CS", "CA")
    with transaction.atomic():
        changed(row, ours="BX")
        assert ours(ACME, "unit", ["CS"]) == {"CS": "BX"}, "its own change"
        transaction.set_rollback(True)
    changed(row, ours="CT")
    assert ours(ACME, "unit", ["CS"]) == {"CS": "CT"}


@pytest.mark.django_db
def test_what_a_code_means_changes_with_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    mapped(ACME, "unit", "CS", "CA", valid_until=TODAY)
    mapped(ACME, "unit", "CS", "CT", valid_from=TODAY + DAY)
    assert ours(ACME, "unit", ["CS"]) == {"CS": "CA"}
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY + DAY)
    assert ours(ACME, "unit", ["CS"]) == {"CS": "CT"}, "what was kept is of yesterday"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, None),
        (TODAY, None),
        (None, TODAY),
        (TODAY + DAY * 3, TODAY + DAY * 9),
        (TODAY + DAY * 5, TODAY + DAY * 5),
    ],
)
def test_a_code_means_one_thing_a_day(first: dt.date | None, last: dt.date | None) -> None:
    mapped(ACME, "unit", "CS", "CA", valid_from=TODAY, valid_until=TODAY + DAY * 5)
    with pytest.raises(MappingTaken):
        mapped(ACME, "unit", "CS", "CT", valid_from=first, valid_until=last)
    mapped(ACME, "unit", "CS", "CT", valid_from=TODAY + DAY * 6)
    mapped(ACME, "terms", "CS", "Net 30")
    mapped("partner:OTHER", "unit", "CS", "CT")
    assert CrossReference.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_who_map_a_code_at_once_one_is_told() -> None:
    def save(ours: str) -> str:
        try:
            return mapped(ACME, "unit", "CS", ours).ours
        except MappingTaken as error:
            return error.code

    said = at_once(lambda: save("CA"), lambda: save("CT"))
    assert sorted(said)[-1] == "mapping_taken"
    assert CrossReference.objects.get().ours in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "colour"}, "no kind of code"),
        ({"scope": ""}, "whose code"),
        ({"theirs": ""}, "one of the two codes is missing"),
        ({"ours": "Q" * 81}, "more than 80"),
        ({"theirs": "A\0B"}, "cannot be printed"),
        ({"ours": "QQ"}, "we have no unit QQ"),
        ({"kind": "item", "ours": "NO-SUCH"}, "we have no item NO-SUCH"),
        ({"valid_from": TODAY, "valid_until": TODAY - DAY}, "ends before it begins"),
    ],
)
def test_nonsense_is_refused_with_the_reason(change: dict[str, Any], said: str) -> None:
    good: dict[str, Any] = {"scope": ACME, "kind": "unit", "theirs": "CS", "ours": "CA"}
    with pytest.raises(BadMapping, match=said):
        save_mapping(mapping=Mapping(**{**good, **change}))
    assert not CrossReference.objects.exists()


@pytest.mark.django_db
def test_who_changed_what_and_why_is_kept_and_counting_is_no_change() -> None:
    with acting("omar@northline.example"):
        row = mapped(ACME, "unit", "CS", "CA", reason="their guide")
    with acting("ana@northline.example"):
        row = changed(row, ours="CT", reason="they meant cartons")
    ours(ACME, "unit", ["CS"])
    ours(ACME, "unit", ["CS"])
    assert flush_uses() == 1
    row.refresh_from_db()
    assert row.hits == 2
    assert row.last_used_at is not None
    with acting("omar@northline.example"), pytest.raises(BadMapping):
        end_mapping(reference_id=row.pk, reason=" ")
    with acting("omar@northline.example"):
        end_mapping(reference_id=row.pk, reason="contract ended")
    history = list(row.events.order_by("pgh_id").values_list("pgh_label", "ours", "changed_by", "reason"))
    assert history == [
        ("insert", "CA", "omar@northline.example", "their guide"),
        ("update", "CT", "ana@northline.example", "they meant cartons"),
        ("update", "CT", "omar@northline.example", "contract ended"),
    ]
    row.refresh_from_db()
    assert row.valid_until == TODAY - DAY


@pytest.mark.django_db
def test_what_never_held_goes_whole() -> None:
    row = mapped(ACME, "unit", "CS", "CA", valid_from=TODAY + DAY)
    end_mapping(reference_id=row.pk, reason="not needed")
    assert not CrossReference.objects.exists()
    with pytest.raises(NotFound):
        end_mapping(reference_id=row.pk, reason="again")


@pytest.mark.django_db
def test_words_that_are_replaced_keep_what_stays_and_what_is_of_other_days() -> None:
    stays = mapped(ACME, "unit", "CS", "CA")
    mapped(ACME, "unit", "BOX", "BX")
    later = mapped(ACME, "unit", "PAL", "PL", valid_from=TODAY + DAY)
    replace_words(scope=ACME, kinds=["unit"], words=[("unit", "CS", "CA"), ("unit", "EACH", "EA")], reason="file")
    rows = list(CrossReference.objects.order_by("theirs").values_list("pk", "theirs"))
    assert [theirs for _, theirs in rows] == ["CS", "EACH", "PAL"]
    assert {stays.pk, later.pk} < {pk for pk, _ in rows}
