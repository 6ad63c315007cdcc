"""An ERP's folders on a real SFTP server: written once whatever is lost, read whole and once, errors told apart."""

from __future__ import annotations

import os
import pathlib
import time
from collections.abc import Iterator
from typing import Any

import asyncssh
import pytest

from distportal.systems.connections import make_adapter, save_connection
from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.errors import Misconfigured, Transient
from tests.distportal.systems.erp.csv_file.legacy import CONFIRMED, SETTINGS
from tests.distportal.systems.erp.drafts import draft
from tests.edi.transports.sftp_server import PASSWORD, USER, Server, after


@pytest.fixture
def server(tmp_path: pathlib.Path) -> Iterator[Server]:
    """The ERP's server."""
    running = Server(tmp_path / "theirs")
    yield running
    running.end()


def connected(server: Server, folder: pathlib.Path, **changes: Any) -> FileErp:
    """An adapter on the server; its own folder is beside it."""
    (folder / "ours").mkdir(exist_ok=True)
    values = {
        **SETTINGS, "folder": str(folder / "ours"), "sftp_host": "127.0.0.1", "sftp_port": server.port,
        "sftp_user": USER, "sftp_host_key": server.host_key, "sftp_password": PASSWORD, "poll_seconds": 0.0,
    }  # fmt: skip
    made = make_adapter("csv_file", {**values, **changes})
    assert isinstance(made, FileErp)
    return made


def answer(server: Server, name: str, key: str) -> None:
    server.drop(name, f"{CONFIRMED}\r\n{key};4711;1;10;8,80;;OK;\r\n".encode("cp1252"))


def test_an_order_goes_out_by_one_rename_and_its_answer_comes_back(server: Server, tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(server, tmp_path), draft()
    assert erp.advance_order(wanted, None).stage == "received"
    assert server.names("outbox") == [f"{wanted.order_key}.csv"]
    assert server.operations.count("rename") == 1
    answer(server, "AB1.CSV", wanted.order_key)
    assert erp.find_order(wanted.order_key)[0].stage == "accepted"
    assert server.names("inbox") == []
    assert [name.partition("-")[2] for name in server.names("archive")] == ["AB1.CSV"]
    assert [path.name.partition("-")[2] for path in (tmp_path / "ours" / "kept").iterdir()] == ["AB1.CSV"]
    assert "Signed in as" in erp.health().detail


@pytest.mark.parametrize("lost_at", ["write", "rename"])
def test_a_connection_cut_in_the_middle_leaves_one_file_in_the_end(
    server: Server, tmp_path: pathlib.Path, lost_at: str
) -> None:
    erp, wanted = connected(server, tmp_path), draft()
    server.fault = after(1, lost_at, server.cut)
    with pytest.raises(Transient) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == "erp.unreachable"
    server.fault = lambda _: None
    assert erp.advance_order(wanted, None).stage == "received"
    assert server.names("outbox") == [f"{wanted.order_key}.csv"]


def test_a_file_that_the_erp_took_before_we_heard_of_the_rename_is_not_written_again(
    server: Server, tmp_path: pathlib.Path
) -> None:
    erp, wanted = connected(server, tmp_path), draft()
    taken = tmp_path / "taken"

    def rename_is_done_and_the_answer_lost() -> None:
        [staged] = (server.root / "outbox").glob(".*.tmp")
        os.rename(staged, taken)
        server.cut()

    server.fault = after(1, "rename", rename_is_done_and_the_answer_lost)
    with pytest.raises(Transient):
        erp.advance_order(wanted, None)
    server.fault = lambda _: None
    again = connected(server, tmp_path)
    assert again.advance_order(wanted, None).stage == "received"
    assert server.names("outbox") == []
    assert again.sent_file(wanted.order_key).content == taken.read_bytes()


def test_a_name_that_another_file_has_is_not_overwritten(server: Server, tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(server, tmp_path), draft()
    (server.root / "outbox" / f"{wanted.order_key}.csv").write_text("theirs")
    with pytest.raises(Transient) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == "erp.name_taken"
    assert (server.root / "outbox" / f"{wanted.order_key}.csv").read_text() == "theirs"


def test_a_file_that_still_grows_is_left_until_it_rests(server: Server, tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(server, tmp_path, quiet_seconds=0.5), draft()
    erp.advance_order(wanted, None)
    answer(server, "AB1.CSV", wanted.order_key)
    assert erp.find_order(wanted.order_key)[0].stage == "received", "seen once, it may still grow"
    answer(server, "AB2.CSV.part", wanted.order_key)
    with (server.root / "inbox" / "AB1.CSV").open("ab") as file:
        file.write(b"\r\n")
    time.sleep(0.6)
    assert erp.find_order(wanted.order_key)[0].stage == "received", "it grew: the time begins anew"
    time.sleep(0.6)
    assert connected(server, tmp_path, quiet_seconds=0.5).find_order(wanted.order_key)[0].stage == "accepted"
    assert server.names("inbox") == ["AB2.CSV.part"]


def test_a_file_that_could_not_be_put_away_is_read_once(server: Server, tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(server, tmp_path), draft()
    erp.advance_order(wanted, None)
    answer(server, "AB1.CSV", wanted.order_key)
    server.fault = after(1, "rename", server.cut)
    with pytest.raises(Transient):
        erp.find_order(wanted.order_key)
    server.fault = lambda _: None
    answer_again = (server.root / "archive").glob("*AB1.CSV")
    for path in answer_again:  # as if the server had lost the move with the connection
        os.rename(path, server.root / "inbox" / "AB1.CSV")
    assert erp.find_order(wanted.order_key)[0].stage == "accepted"
    assert erp.find_order(wanted.order_key)[0].stage == "accepted"
    assert server.names("inbox") == []
    assert len(erp.changes("order", None, 10).changes) == 1


def test_what_a_person_has_to_mend_is_told_apart_from_what_passes(server: Server, tmp_path: pathlib.Path) -> None:
    foreign = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    for changes in ({"sftp_host_key": foreign}, {"sftp_password": "wrong"}, {"sftp_outbox": "nowhere"}):
        erp, wanted = connected(server, tmp_path, **changes), draft()
        with pytest.raises(Misconfigured) as refused:
            erp.advance_order(wanted, None)
        assert refused.value.code == "erp.sftp_refused"
    assert server.names("outbox") == []
    server.stop()
    with pytest.raises(Transient) as passing:
        connected(server, tmp_path).find_order("NL-1")
    assert passing.value.code == "erp.unreachable"


def test_a_key_signs_in_instead_of_a_password(tmp_path: pathlib.Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = Server(tmp_path / "theirs", client_key=key.export_public_key().decode())
    try:
        private = key.export_private_key("openssh").decode()
        assert connected(server, tmp_path, sftp_password="", sftp_private_key=private).health().ok
    finally:
        server.end()


@pytest.mark.django_db
def test_secrets_are_named_by_reference_and_only_those_that_are_needed(tmp_path: pathlib.Path) -> None:
    settings = {**SETTINGS, "folder": str(tmp_path), "sftp_host": "erp.example.com", "sftp_user": "portal",
                "sftp_host_key": "ssh-ed25519 AAAA"}  # fmt: skip
    row = save_connection(name="legacy", kind="csv_file", settings=settings, secrets={"sftp_password": "env:SFTP_PASS"})
    assert row.secrets == {"sftp_password": "env:SFTP_PASS"}
    for bad in ({**settings, "sftp_password": "written out"}, {**settings, "sftp_host_key": ""}):
        with pytest.raises(Misconfigured):
            save_connection(name="other", kind="csv_file", settings=bad, secrets={})
    assert save_connection(name="plain", kind="csv_file", settings={**SETTINGS, "folder": "/x"}, secrets={}).pk
