"""XML that wants to read files, call others or fill memory; there is one place that reads XML."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import pytest

from distportal.systems.erp.idoc_file.idoc import BadIdoc
from distportal.systems.erp.idoc_file.xml import read_xml

ROOT = Path(__file__).resolve().parents[2]
APPS = ("distportal", "exceptions", "inventory", "orders", "edi")
BODY = "<ORDERS05><IDOC>{}</IDOC></ORDERS05>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "a file": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + BODY.format("&e;"),
    "an address": '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/x">]>' + BODY.format("&e;"),
    "a type elsewhere": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + BODY.format(""),
    "a public type": '<!DOCTYPE x PUBLIC "-//X" "http://127.0.0.1:9/x.dtd">' + BODY.format(""),
    "a parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>' + BODY.format(""),
    "laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>' + BODY.format("&l9;"),
    "quadratic": f'<!DOCTYPE x [<!ENTITY q "{"a" * 50_000}">]>' + BODY.format("&q;" * 50_000),
    "undeclared": BODY.format("&nbsp;"),
    "included": '<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></x>',
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_and_nobody_is_called(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: called.append(address))
    with pytest.raises(BadIdoc) as error:
        list(read_xml(HOSTILE[name].encode(), {}))
    assert "root:" not in str(error.value)
    assert called == []


def test_nobody_else_reads_xml() -> None:
    reads = re.compile(r"^\s*(?:from|import) (?:xml\b(?!\.sax\.saxutils)|lxml|defusedxml|xmltodict|bs4)", re.MULTILINE)
    found = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if reads.search(path.read_text())
    }
    assert found == {"distportal/systems/erp/idoc_file/xml.py"}
