"""A cached read: who looks never waits, of many that look one asks, and the newer answer wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest

from distportal.common.redis_client import cache_absence, cache_redis
from distportal.events.choices import Level
from distportal.events.clock import database_now
from distportal.systems.cache import refreshing
from distportal.systems.cache.answers import Answer
from distportal.systems.cache.store import counts, mark_news, put_answers, read_entries
from distportal.systems.errors import Misconfigured, Transient
from tests.at_once import at_once
from tests.distportal.systems.cache.conftest import World, moment

pytestmark = pytest.mark.django_db


def told(world: World, key: str, value: object, as_of: float) -> int:
    answer = Answer(value=value, as_of=moment(as_of), checked_at=database_now())
    return put_answers(world.read, {key: answer}, connection="default")


def filled(world: World, *keys: str) -> None:
    """The system was asked for the keys."""
    world.system.values |= {key: f"{key}1" for key in keys}
    world.look(*keys)
    world.asked()
    world.system.calls.clear()


def test_a_first_look_gives_what_postgresql_has_and_asks_in_the_background_once(world: World) -> None:
    world.behind("a", "old", as_of=0.5)
    world.system.values = {"a": "new", "b": "b1"}
    first = world.look("a", "b", "a")
    assert (first["a"].value, first["a"].how, first["a"].asking) == ("old", "snapshot", "now")
    assert (first["b"].answer, first["b"].how, first["b"].asking) == (None, "nothing", "now")
    assert world.system.calls == [], "who looks asks nobody"
    assert world.look("a", "b")["a"].asking == "now", "somebody asks already"
    assert world.waiting() == 1
    assert world.asked() == [["a", "b"]]
    seen = world.look("a", "b")
    assert {key: (s.value, s.how, s.asking) for key, s in seen.items()} == {
        "a": ("new", "fresh", "no"), "b": ("b1", "fresh", "no"),
    }  # fmt: skip
    assert seen["a"].as_of == moment(1)
    assert world.asked() == [["a", "b"]]


def test_nothing_to_look_up_asks_nothing(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert world.look() == {}


def test_a_fresh_answer_costs_no_query(world: World, django_assert_num_queries: Any) -> None:
    filled(world, "a", "b")
    with django_assert_num_queries(0):
        assert world.look("a", "b")["b"].value == "b1"


def test_past_the_soft_age_it_is_served_and_asked_for_again(world: World) -> None:
    filled(world, "a", "b")
    world.age(12, "a")
    world.system.values["a"], world.system.as_of = "a2", 2.0
    seen = world.look("a", "b")
    assert (seen["a"].value, seen["a"].how, seen["a"].asking) == ("a1", "stale", "now")
    assert seen["b"].how == "fresh"
    assert world.asked() == [["a"]]
    assert world.look("a")["a"].value == "a2"


def test_past_the_hard_age_postgresql_answers(world: World) -> None:
    filled(world, "a")
    world.behind("a", "kept", as_of=0.5)
    world.age(111, "a")
    seen = world.look("a")["a"]
    assert (seen.value, seen.how, seen.asking) == ("kept", "snapshot", "now")


def test_ages_differ_from_entry_to_entry(world: World) -> None:
    filled(world, *(f"k{n}" for n in range(40)))
    entry = f"cache:{world.read.name}:default:entry:k"
    ends = [int(str(cache_redis().hget(f"{entry}{n}", "soft"))) for n in range(40)]
    assert 1000 < max(ends) - min(ends) <= 2100, "ten seconds, a tenth more or less"


@pytest.mark.django_db(transaction=True)
def test_two_hundred_readers_at_once_are_one_call(world: World) -> None:
    world.system.values = {"a": "a1"}
    seen = at_once(*[lambda: [world.look("a")["a"].asking for _ in range(25)]] * 8)
    assert {asking for some in seen for asking in some} == {"now"}
    assert world.waiting() == 1
    assert world.asked() == [["a"]]
    world.age(12, "a")
    at_once(*[lambda: [world.look("a") for _ in range(25)]] * 8)
    assert world.asked() == [["a"], ["a"]]


def test_a_worker_that_died_with_its_claim_holds_up_nobody_for_long(world: World) -> None:
    world.system.values = {"a": "a1"}
    world.look("a")
    name = f"cache:{world.read.name}:default:claim:a"
    assert 0 < cache_redis().pttl(name) <= 15_000
    cache_redis().delete(name)  # its time is up
    world.look("a")
    assert world.asked() == [["a"]], "the same keys are one job"


def test_connections_do_not_mix(world: World) -> None:
    filled(world, "a")
    assert world.look("a", connection="other")["a"].how == "nothing"
    mark_news(world.read, {"a": moment(9)}, connection="other")
    assert world.look("a")["a"].how == "fresh"


def test_an_older_answer_never_overwrites_a_newer(world: World) -> None:
    filled(world, "a")
    assert told(world, "a", "older", 0.5) == 0
    assert told(world, "a", "same moment", 1.0) == 1
    assert told(world, "a", "newer", 1.5) == 1
    assert told(world, "a", "late", 1.2) == 0
    assert world.look("a")["a"].value == "newer"


def test_news_make_void_exactly_what_is_older(world: World) -> None:
    filled(world, "a", "b", "c")
    world.behind("a", "a by the feed", as_of=2)
    mark_news(world.read, {"a": moment(2), "b": moment(1), "nobody looks at it": moment(5)}, connection="default")
    seen = world.look("a", "b", "c")
    assert {key: (s.value, s.how) for key, s in seen.items()} == {
        "a": ("a by the feed", "snapshot"), "b": ("b1", "fresh"), "c": ("c1", "fresh"),
    }  # fmt: skip
    mark_news(world.read, {"a": moment(1.5)}, connection="default")
    assert told(world, "a", "of before the news", 1.9) == 0, "older news change nothing"
    assert told(world, "a", "of after the news", 2.1) == 1
    assert not cache_redis().exists(f"cache:{world.read.name}:default:news:nobody looks at it")


def test_news_that_come_while_the_system_is_asked_are_not_lost(world: World) -> None:
    """The answer was made before the change, and comes in after the news of it."""
    world.system.values = {"a": "before the change"}
    world.behind("a", "after the change", as_of=2)
    world.look("a")
    mark_news(world.read, {"a": moment(2)}, connection="default")
    world.asked()
    seen = world.look("a")["a"]
    assert (seen.value, seen.how) == ("after the change", "snapshot")


def test_an_entry_whose_tags_were_evicted_is_not_trusted(world: World) -> None:
    filled(world, "a")
    world.behind("a", "kept", as_of=3)
    cache_redis().delete(f"cache:{world.read.name}:default:news:a")
    assert world.look("a")["a"].value == "kept"


def test_what_postgresql_was_told_just_now_is_not_asked_for(world: World) -> None:
    world.behind("a", "by the feed", as_of=1, checked=3)
    seen = world.look("a")["a"]
    assert (seen.value, seen.how, seen.asking) == ("by the feed", "fresh", "no")
    world.look("a")
    assert (world.asked(), world.system.looks_behind) == ([], 1)


def test_an_unknown_key_is_asked_once_and_spoils_no_other(world: World) -> None:
    world.system.values = {f"k{n}": n for n in range(7)}
    keys = [*world.system.values, "no such"]
    refuse = Misconfigured("erp.unmapped_item", "no such")
    fetch = world.system.fetch

    def strict(connection: str, wanted: Any) -> Any:
        found = fetch(connection, wanted)
        if "no such" in wanted:
            raise refuse
        return found

    object.__setattr__(world.read, "fetch", strict)
    world.look(*keys)
    assert len(world.asked()) == 7, "all, two halves, and so on down to the one"
    seen = world.look(*keys)
    assert seen["k6"].value == 6
    assert (seen["no such"].value, seen["no such"].how) == (None, "fresh")
    assert len(world.asked()) == 7
    world.age(6, "no such")
    assert (world.look("no such")["no such"].how, len(world.asked())) == ("nothing", 8)


def test_what_the_system_does_not_know_any_more_takes_the_place_of_what_it_said(world: World) -> None:
    filled(world, "a")
    world.system.values = {}
    world.age(12, "a")
    world.look("a")
    world.asked()
    assert (world.look("a")["a"].value, world.look("a")["a"].how) == (None, "fresh")


def test_a_system_that_does_not_answer_is_left_alone_and_what_is_known_stays(world: World) -> None:
    filled(world, "a")
    world.age(12, "a")
    world.system.failure = Transient("erp.unreachable", "refused")
    assert world.look("a")["a"].value == "a1"
    assert world.asked() == [["a"]]
    seen = world.look("a")["a"]
    assert (seen.value, seen.how, seen.asking) == ("a1", "stale", "resting")
    assert world.asked() == [["a"]], "not again for half a minute"
    left = cache_redis().pttl(f"cache:{world.read.name}:default:claim:a") / 1000
    assert refreshing.REST_SECONDS * 0.8 < left < refreshing.REST_SECONDS * 1.2


def test_under_pressure_nothing_is_asked(world: World, press: Callable[[Level], None]) -> None:
    world.behind("a", "kept", as_of=1)
    press(Level.SHED)
    assert (world.look("a")["a"].value, world.look("a")["a"].asking, world.waiting()) == ("kept", "no", 0)
    press(Level.NORMAL)
    assert world.look("a")["a"].asking == "now"


def test_without_redis_postgresql_answers_and_nothing_is_asked(
    world: World, monkeypatch: pytest.MonkeyPatch, gone: Any
) -> None:
    world.behind("a", "kept", as_of=1)
    monkeypatch.setattr(cache_absence, "seconds", 600.0)
    with patch.object(cache_absence, "note", wraps=cache_absence.note) as waited:
        seen = world.look("a", "b")
        for _ in range(20):
            assert world.look("a")["a"].value == "kept"
    assert waited.call_count == 1, "of twenty-one looks one waited for it"
    assert (seen["a"].value, seen["a"].how, seen["a"].asking) == ("kept", "snapshot", "no")
    assert (seen["b"].how, world.waiting()) == ("nothing", 0)
    assert told(world, "a", "new", 5) == 0
    mark_news(world.read, {"a": moment(5)}, connection="default")
    assert counts(world.read.name) is None


def test_news_that_redis_did_not_hear_are_made_up_for_when_it_is_back(world: World) -> None:
    """A Redis that only hung for a while comes back with all that it had."""
    filled(world, "a")
    world.behind("a", "newer", as_of=2)
    cache_absence.note()
    mark_news(world.read, {"a": moment(2)}, connection="default")
    mark_news(world.read, {}, connection="default")
    cache_absence.forget()
    assert world.look("a")["a"].value == "a1", "nobody has told it yet"
    mark_news(world.read, {}, connection="default")
    assert world.look("a")["a"].value == "newer"


def test_reads_and_calls_are_counted(world: World) -> None:
    filled(world, "a", "b")
    for _ in range(8):
        world.look("a", "b")
    world.age(12, "a")
    world.look("a")
    world.asked()
    world.look("nope")
    world.asked()
    world.look("nope")
    found = counts(world.read.name)
    assert found == {
        "lookups": 12, "missing": 3, "fresh": 17, "stale": 1, "unknown": 1, "calls": 3,
    }  # fmt: skip


def test_an_answer_is_whole_and_exact(world: World) -> None:
    value = [{"warehouse": "RENO", "available": "0.0001", "ü": None}]
    at = moment(0.123457)
    answer = Answer(value=value, as_of=at, checked_at=database_now())
    read_entries(world.read, ["a"], connection="default", claim=True)
    put_answers(world.read, {"a": answer}, connection="default")
    seen = world.look("a")["a"]
    assert seen.answer == answer
