"""Tests that share something heavy run on one worker."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("alone")
def test_the_group_is_in_the_name_that_the_scheduler_sees(request: pytest.FixtureRequest) -> None:
    alone = not hasattr(request.config, "workerinput")
    assert request.node.nodeid.endswith("@alone") or alone
