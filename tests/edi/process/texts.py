"""Interchanges of Crestline as text, so that tests can damage them."""

from __future__ import annotations


def isa(number: str = "000009001", sender: str = "CRESTLINE", receiver: str = "NORTHLINE", usage: str = "P") -> str:
    return f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{sender:15}*ZZ*{receiver:15}*261124*1200*U*00401*{number}*0*{usage}*>~"


def po(number: str = "0001", po_number: str = "PO-9", quantity: str = "10", unit: str = "EA") -> str:
    return (
        f"ST*850*{number}~BEG*00*SA*{po_number}**20261124~N1*ST**92*0117~"
        f"PO1*1*{quantity}*{unit}*.42*PE*VN*FST-10001~CTT*1~SE*6*{number}~"
    )


def group(*sets: str, functional_id: str = "PO", number: str = "71", version: str = "004010", count: int = 0) -> str:
    head = f"GS*{functional_id}*CRESTLINE*NORTHLINE*20261124*1200*{number}*X*{version}~"
    return head + "".join(sets) + f"GE*{count or len(sets)}*{number}~"


def whole(*groups: str, number: str = "000009001", count: int = 0, **more: str) -> bytes:
    return f"{isa(number, **more)}{''.join(groups)}IEA*{count or len(groups)}*{number}~".encode("latin-1")
