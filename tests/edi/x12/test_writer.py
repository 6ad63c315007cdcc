"""What is rendered reads back as it was given, whatever the data holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.x12.envelope import read_interchange
from edi.x12.errors import WriteError
from edi.x12.tokens import COMPONENT, Delimiters, split_interchanges
from edi.x12.writer import OutEnvelope, OutSet, clean_value, render_interchange

NOON = dt.datetime(2026, 11, 23, 12, 5, tzinfo=dt.UTC)


def envelope(**changes: Any) -> OutEnvelope:
    values: dict[str, Any] = {
        "sender_qualifier": "01",
        "sender": "123456789",
        "receiver_qualifier": "ZZ",
        "receiver": "RETAILER",
        "control_number": 7,
        "group_sender": "NORTH",
        "group_receiver": "RETAIL",
        "group_control_number": 8,
        "functional_id": "PR",
        "at": NOON,
    }
    return OutEnvelope(**(values | changes))


def test_the_bytes_of_an_interchange() -> None:
    found = render_interchange(envelope(), [OutSet("855", "0009", [["BAK", "00", "AD", "PO1", "20261123", "", ""]])])
    assert found == (
        b"ISA*00*          *00*          *01*123456789      *ZZ*RETAILER       *261123*1205*U*00401*000000007*0*P*>~"
        b"GS*PR*NORTH*RETAIL*20261123*1205*8*X*004010~"
        b"ST*855*0009~BAK*00*AD*PO1*20261123~SE*3*0009~GE*1*8~IEA*1*000000007~"
    )


def test_a_lone_ta1_has_no_group() -> None:
    found = render_interchange(envelope(), [], ta1s=[["TA1", "000000001", "261123", "1200", "R", "021"]])
    assert found.endswith(b"*P*>~TA1*000000001*261123*1200*R*021~IEA*0*000000007~")


def test_delimiters_in_data_never_leave() -> None:
    rows = [["MSG", "A*B~C>D^E\r\nF\x07", "", "x"], ["N1", "ST", "Müller & Söhne GmbH – Łódź €5 漢"]]
    found = render_interchange(envelope(replacement="-"), [OutSet("855", "0009", rows)]).decode()
    assert "~MSG*A-B-C-D E  F**x~" in found
    assert "~N1*ST*Muller & Sohne GmbH - Lodz EUR5 ?~" in found


def test_components_get_the_separator_of_the_partner() -> None:
    rows = [["AK4", f"3{COMPONENT}2", "128", "7"]]
    found = render_interchange(envelope(delimiters=Delimiters("|", ":", "\n")), [OutSet("997", "0001", rows)])
    assert b"\nAK4|3:2|128|7\n" in found


@pytest.mark.parametrize(
    "changes",
    [
        {"delimiters": Delimiters("*", "*", "~")},
        {"delimiters": Delimiters("A", ">", "~")},
        {"delimiters": Delimiters("\n", ">", "~")},
        {"replacement": "~"},
        {"sender": ""},
        {"sender": "SIXTEEN LETTERS!"},
        {"sender": "A*B"},
        {"receiver_qualifier": "Z"},
        {"control_number": 10**9},
        {"group_control_number": 0},
        {"group_sender": "X"},
        {"usage": ""},
    ],
)
def test_an_impossible_envelope_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(WriteError):
        render_interchange(envelope(**changes), [OutSet("855", "0009", [["BAK"]])])


SEPARATORS = st.lists(st.sampled_from("*|>:~!;\n\x1d\x1c^+"), min_size=4, max_size=4, unique=True).filter(
    lambda chosen: "\n" not in (chosen[0], chosen[1], chosen[3])
)
VALUES = st.text(max_size=30)
ROWS = st.lists(
    st.tuples(st.sampled_from(["BAK", "REF", "N1", "MSG", "PO1"]), st.lists(VALUES, max_size=6)), max_size=8
)


@settings(max_examples=150, deadline=None)
@given(separators=SEPARATORS, rows=ROWS, version=st.sampled_from(["004010", "005010"]), breaks=st.booleans())
def test_reading_what_was_rendered_gives_the_clean_values_back(
    separators: list[str], rows: list[tuple[str, list[str]]], version: str, breaks: bool
) -> None:
    delimiters = Delimiters(*separators)
    out = envelope(delimiters=delimiters, version=version, line_breaks=breaks)
    body = [[name, *values] for name, values in rows]
    (raw,) = split_interchanges(render_interchange(out, [OutSet("855", "0009", body)]))
    found = read_interchange(raw)
    assert found.findings == []
    assert found.groups[0].findings == []
    (tset,) = found.groups[0].sets
    assert tset.findings == []
    used = delimiters if version == "005010" else Delimiters(*separators[:3])
    expected = []
    for row in body:
        values = [clean_value(v, used) for v in row]
        while len(values) > 1 and not values[-1]:
            values.pop()
        expected.append([v.replace(COMPONENT, used.component) for v in values])
    assert [s.elements for s in tset.segments[1:-1]] == expected
