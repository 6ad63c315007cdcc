"""The connections of warehouses from the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from distportal.systems.errors import Misconfigured
from distportal.systems.logistics import wms
from tests.logistics.worlds import RestWorld

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("logistics_connection", *args, stdout=out)
    return out.getvalue()


def test_a_connection_is_stored_tried_and_switched(floor: RestWorld, tmp_path: Path) -> None:
    settings = tmp_path / "w.json"
    settings.write_text(f'{{"url": "{floor.sandbox.url}/wms"}}')
    run("off", floor.name)
    told = ("--file", str(settings), "--secret", "token=env:TEST_WMS_TOKEN", "--serves", "RENO=R1", "--title", "Dock")
    assert run("set", "dock", "--kind", "wms_rest", *told) == "Dock is stored and in force\n"
    assert "answers: sandbox-wms 1.0" in run("check", "dock")
    assert "dock             wms_rest   on   RENO" in run("list")
    assert run("off", "dock") == "Dock is off\n"
    with pytest.raises(Misconfigured):
        wms("dock")
    for said, args in (
        ("there is no connection 'nowhere'", ("check", "nowhere")),
        ("set needs a name and --kind", ("set", "x")),
        ("say where these secrets lie", ("set", "x", "--kind", "wms_rest", "--file", str(settings))),
    ):
        with pytest.raises(CommandError, match=said):
            run(*args)
