"""Every test of this folder runs once for each ERP. An ERP that cannot be had is a failure, never a skip."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from _pytest.mark import ParameterSet

from distportal.systems.erp.port import SETTLED_STAGES, ErpPort, OrderDraft, OrderState
from tests.conformance.worlds import WORLDS
from tests.conformance.worlds.base import World

FIRST_TIME_SECONDS = 600  # the first run installs the peers and makes their databases


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of an ERP may take its time."""
    for item in items:
        if "tests/conformance/" in item.nodeid:
            item.add_marker(pytest.mark.timeout(FIRST_TIME_SECONDS))


def only(*names: str) -> pytest.MarkDecorator:
    """The tests of some ERPs' own ways."""
    return pytest.mark.parametrize("running", [_param(name) for name in names], indirect=True)


def _param(name: str) -> ParameterSet:
    return pytest.param(name, marks=pytest.mark.xdist_group(f"erp-{name}"))


@pytest.fixture(scope="session", params=[_param(name) for name in WORLDS])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The ERP, for the whole session; its tests stay on one worker, so that it is started once."""
    world = WORLDS[request.param](tmp_path_factory.mktemp(request.param))
    yield world
    world.stop()


@pytest.fixture
def world(running: World) -> Iterator[World]:
    """The ERP without faults, before and after."""
    running.well()
    yield running
    running.well()


@pytest.fixture
def erp(world: World) -> ErpPort:
    """An adapter of its own."""
    return world.erp()


@pytest.fixture
def evidence(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says what was seen; the lines are printed at the end of the run."""
    return lambda line: record_property("evidence", line)


def settled(erp: ErpPort, wanted: OrderDraft, state: OrderState | None = None) -> OrderState:
    """The order, brought on until the ERP is bound to it."""
    for _ in range(6):
        if state is not None and state.stage in SETTLED_STAGES:
            return state
        state = erp.advance_order(wanted, state)
    raise AssertionError(f"still {state.stage if state else 'nothing'} after six steps")
