"""What the caches spared, as monitoring and people read it."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.distportal.systems.cache.conftest import World
from tests.distportal.web.test_metrics import scrape

pytestmark = pytest.mark.django_db


def test_a_hundred_looks_and_one_call(world: World) -> None:
    world.system.values = {"a": 1}
    world.look("a")
    world.asked()
    for _ in range(99):
        world.look("a")
    name, found = world.read.name, scrape()
    assert found["portal_cache_answers",] == 1
    assert (found["portal_cache_looks_total", name], found["portal_cache_calls_total", name]) == (100, 1)
    assert found["portal_cache_calls_saved", name] == 99
    assert (found["portal_cache_keys_total", "fresh", name], found["portal_cache_keys_total", "missing", name]) == (
        99,
        1,
    )
    out = StringIO()
    call_command("erp_calls_saved", stdout=out)
    [line] = [line.split() for line in out.getvalue().splitlines() if line.startswith(name)]
    assert line == [name, "100", "1", "99.0%", "100", "99.0%", "0.0%"]


def test_without_redis_nothing_is_made_up(world: World, gone: Any) -> None:
    found = scrape()
    assert found["portal_cache_answers",] == 0
    assert not [key for key in found if key[0] == "portal_cache_calls_saved"]
    with pytest.raises(CommandError, match="does not answer"):
        call_command("erp_calls_saved")
