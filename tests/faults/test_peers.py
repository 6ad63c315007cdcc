"""The peers do what they say and forget nothing, so that what the chaos shows is true."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from edi.transports.as2.certificates import facts_of, key_pem
from edi.transports.as2.mdn import read_receipt
from edi.transports.as2.message import Recipe, compose
from tests.edi.transports.as2.keys import make_pair
from tests.faults.peers import as2, listening
from tests.faults.peers.listening import HttpPeer, set_mood
from tests.faults.peers.record import Record
from tests.faults.peers.record import facts_of as facts_of_file
from tests.faults.peers.senders import head
from tests.faults.peers.sftp import collect
from tests.faults.peers.sink import RECORD, sink

FILE = b"ISA*00*          *00*          *ZZ*NORTHLINE      *ZZ*IRONWORK       *261126*1200*U*00401*000000042*0*P*>~"


@pytest.fixture
def peers() -> Iterator[list[HttpPeer]]:
    """Peers that a test puts here run in threads until it ends."""
    made: list[HttpPeer] = []
    yield made
    for one in made:
        one.shutdown()
        one.server_close()


def started(peers: list[HttpPeer], peer: HttpPeer) -> str:
    peers.append(peer)
    threading.Thread(target=peer.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return f"http://127.0.0.1:{peer.server_port}/"


def test_a_receiver_notes_what_it_takes_in_whatever_mood(
    peers: list[HttpPeer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "HANG_SECONDS", 0.05)
    url = started(peers, sink(tmp_path, 0))

    def send(body: str) -> Any:
        return httpx.post(url, content=body, headers={"webhook-id": "1", "cookie": "no"}, timeout=10)

    assert send("first").status_code == 204
    set_mood(tmp_path, "refuse")
    assert send("refused").status_code == 503
    for mood, body in (("hang", "hung"), ("forget", "forgotten")):
        set_mood(tmp_path, mood)  # type: ignore[arg-type]
        with pytest.raises(httpx.RemoteProtocolError):
            send(body)
    set_mood(tmp_path, "")
    assert send("last").status_code == 204
    rows = Record(tmp_path / RECORD).rows()
    assert [row["body"] for row in rows] == ["first", "forgotten", "last"]
    assert rows[0]["headers"] == {"webhook-id": "1"}


def test_an_as2_address_notes_each_message_and_its_receipt_names_the_digest(
    peers: list[HttpPeer], tmp_path: Path
) -> None:
    theirs, ours = make_pair("partner"), make_pair("portal")
    (tmp_path / as2.OWN).write_text(facts_of(theirs.certificate).pem + key_pem(theirs))
    (tmp_path / as2.PORTAL).write_text(facts_of(ours.certificate).pem)
    url = started(peers, as2.as2(tmp_path, 0))
    made = compose(FILE, filename="x_997.edi", recipe=Recipe(), signer=ours, receiver=theirs.certificate)
    for _ in range(2):
        answer = httpx.post(url, content=made.body, headers={**head("<1@portal>"), **made.headers}, timeout=10)
        receipt = read_receipt(dict(answer.headers), answer.content, [theirs.certificate])
        assert (receipt.accepted, receipt.signed, receipt.mic, receipt.message_id) == (
            True, True, made.mic, "<1@portal>",
        )  # fmt: skip
    expected = {"message_id": "<1@portal>", "name": "x_997.edi", **facts_of_file(FILE)}
    assert expected["number"] == "000000042"
    assert Record(tmp_path / as2.RECORD).rows() == [expected, expected]


def test_a_partner_takes_files_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    outbox, taken, record = tmp_path / "outbox", tmp_path / "taken", Record(tmp_path / "files")
    outbox.mkdir()
    taken.mkdir()
    for name in ("b.edi", "a.edi", ".c.edi.tmp"):
        (outbox / name).write_bytes(FILE)
        if name == "b.edi":
            assert collect(outbox, taken, record) == 1
    assert collect(outbox, taken, record) == 1
    assert [row["name"] for row in record.rows()] == ["b.edi", "a.edi"]
    assert sorted(file.name for file in outbox.iterdir()) == [".c.edi.tmp"]
    assert (taken / "a.edi").read_bytes() == FILE


def test_half_a_line_that_a_kill_left_hides_no_other(tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    assert record.rows() == []
    record.add(at=1)
    with open(tmp_path / "record", "ab") as file:
        file.write(b'{"at": ')
    record.add(at=2)
    assert record.rows() == [{"at": 1}, {"at": 2}]
