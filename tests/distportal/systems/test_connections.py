"""ERP connections are rows: a slip of the pen is told when it is made, a secret is never stored."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from distportal.systems.connections import read_settings, save_connection, switch_connection
from distportal.systems.erp.port import ErpPort
from distportal.systems.errors import AuthFailed, Misconfigured
from distportal.systems.kinds import KINDS
from distportal.systems.models import ErpConnection
from distportal.systems.registry import erp, forget_connections
from distportal.systems.status import connections
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
TRYTON = {"url": "http://127.0.0.1:1", "database": "erp", "warehouses": {"RENO": "R"}, "units": {"Unit": "EA"}}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No adapter of another test."""
    forget_connections()
    yield
    forget_connections()


@pytest.fixture
def token(sandbox_erp: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> str:
    """A secret in the environment."""
    monkeypatch.setenv("A_TOKEN", sandbox_erp.token)
    return "env:A_TOKEN"


def test_a_stored_connection_wins_and_a_change_is_in_force_at_once(
    sandbox_erp: SandboxProcess, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_connection(name="default", kind="sandbox", settings={"url": sandbox_erp.url}, secrets={"token": token})
    port = erp()
    assert port.health().ok
    assert erp() is port
    monkeypatch.setenv("OLD_TOKEN", "wrong")
    save_connection(
        name="default", kind="sandbox", settings={"url": sandbox_erp.url}, secrets={"token": "env:OLD_TOKEN"}
    )
    with pytest.raises(AuthFailed):
        erp().find_order("NL-1")
    assert ErpConnection.objects.count() == 1


def test_two_connections_of_different_kinds_stand_side_by_side(
    sandbox_erp: SandboxProcess, token: str, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "key").write_text("k" * 128 + "\n")
    save_connection(name="west", kind="sandbox", settings={"url": sandbox_erp.url}, secrets={"token": token})
    save_connection(name="east", kind="tryton", settings=TRYTON, secrets={"key": f"file:{tmp_path}/key"})
    assert erp("west").health().ok
    assert erp("east").capabilities().order_key == "searchable"
    assert isinstance(erp("east"), ErpPort)


def test_a_connection_that_is_off_is_not_called(sandbox_erp: SandboxProcess, token: str) -> None:
    save_connection(name="default", kind="sandbox", settings={"url": sandbox_erp.url}, secrets={"token": token})
    erp()
    switch_connection(name="default", active=False)
    with pytest.raises(Misconfigured) as caught:
        erp()
    assert caught.value.code == "erp.connection_off"
    switch_connection(name="default", active=True)
    assert erp().health().ok


@pytest.mark.parametrize(
    ("change", "secrets", "told"),
    [
        ({"databse": "erp"}, {"key": "env:K"}, "databse"),
        ({"database": 7}, {"key": "env:K"}, "database has to be str"),
        ({"units": "EA"}, {"key": "env:K"}, "units has to be dict"),
        ({"read_timeout": True}, {"key": "env:K"}, "read_timeout"),
        ({"credit_limits": "yes"}, {"key": "env:K"}, "credit_limits has to be bool"),
        ({"key": "a" * 128}, {}, "must not be stored"),
        ({}, {}, "say where these secrets lie"),
        ({}, {"key": "a" * 128}, "say where these secrets lie"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    change: dict[str, Any], secrets: dict[str, str], told: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        save_connection(name="east", kind="tryton", settings={**TRYTON, **change}, secrets=secrets)
    assert told in caught.value.message
    assert "aaaa" not in caught.value.message
    assert not ErpConnection.objects.exists()


def test_a_missing_setting_an_unknown_kind_and_a_missing_secret_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Misconfigured, match="database is missing"):
        read_settings("tryton", {k: v for k, v in TRYTON.items() if k != "database"} | {"key": "k"})
    with pytest.raises(Misconfigured, match="there are"):
        read_settings("odoo", {})
    monkeypatch.delenv("NOWHERE", raising=False)
    save_connection(name="east", kind="tryton", settings=TRYTON, secrets={"key": "env:NOWHERE"})
    with pytest.raises(Misconfigured) as caught:
        erp("east")
    assert caught.value.code == "system.secret_missing"


def test_no_secret_of_any_kind_shows_when_its_settings_are_printed() -> None:
    for kind, needed in {
        "sandbox": {"url": "u", "token": "sesame"},
        "tryton": {**TRYTON, "key": "sesame"},
        "sap_odata": {
            "url": "u", "user": "u", "password": "sesame", "sales_organization": "1", "plants": {}, "units": {},
        },
    }.items():  # fmt: skip
        assert kind in KINDS
        assert "sesame" not in repr(read_settings(kind, needed))


def test_the_command_stores_checks_and_switches(
    sandbox_erp: SandboxProcess, token: str, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "s.json").write_text(json.dumps({"url": sandbox_erp.url}))

    def run(*words: str) -> str:
        out = StringIO()
        call_command("erp_connection", *words, stdout=out)
        return out.getvalue()

    run("set", "west", "--kind", "sandbox", "--file", str(tmp_path / "s.json"), "--secret", f"token={token}")
    assert "answers" in run("check", "west")
    assert "off" in run("off", "west")
    assert run("list").split() == ["west", "sandbox", "off"]
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("set", "west", "--kind", "tryton", "--file", str(tmp_path / "s.json"), "--secret", f"key={token}")
    with pytest.raises(CommandError, match="no ERP connection"):
        run("off", "nowhere")


def test_the_status_shows_stored_connections_beside_those_of_the_settings(token: str) -> None:
    save_connection(
        name="west", kind="sandbox", settings={"url": "http://127.0.0.1:1"}, secrets={"token": token},
        rate_per_minute=30, active=False,
    )  # fmt: skip
    shown = {status.name: (status.adapter, status.rate_per_minute) for status in connections()}
    assert shown["west"] == ("sandbox, off", 30)
    assert shown["default"][0] == "sandbox"
