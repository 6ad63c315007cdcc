"""The sample of each set and release, whole or with one segment changed, and its verdict in short."""

from __future__ import annotations

from pathlib import Path

from edi.x12.catalog import FUNCTIONAL_IDS
from edi.x12.validate import validate_set
from edi.x12.verdicts import SetVerdict
from tests.edi.x12.texts import group, interchange, set_of, tset

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
INTERCHANGE = {"004010": ("00401", "U"), "005010": ("00501", "^")}


def body_of(set_id: str, release: str) -> list[str]:
    """The segments between ST and SE of a sample."""
    rows = [row.strip() for row in (SAMPLES / set_id / f"{release}.edi").read_text().split("~")]
    return rows[3:-4]


def changed(set_id: str, release: str, old: str, new: str) -> str:
    """A whole file of the sample in which the only segment `old` became `new`: several with ~, "" drops it."""
    rows = body_of(set_id, release)
    assert rows.count(old) == 1, f"{old} stands {rows.count(old)} times in the sample"
    at = rows.index(old)
    rows[at : at + 1] = [row for row in new.split("~") if row]
    version, standard = INTERCHANGE[release]
    text = group(tset(*rows, set_id=set_id), functional_id=FUNCTIONAL_IDS[set_id], version=release)
    return interchange(text, version=version, standard=standard)


def told(verdict: SetVerdict) -> list[str]:
    """Each error as `segment position AK304`, then `element:AK403` or `element-component:AK403` of its elements."""
    found = []
    for error in verdict.errors:
        places = [f"{e.position}{f'-{e.component}' if e.component else ''}:{e.code}" for e in error.elements]
        found.append(" ".join([error.segment, str(error.position), error.code, *places]))
    return found


def told_of(set_id: str, release: str, old: str, new: str) -> list[str]:
    """What is told of a sample in which one segment was changed."""
    verdict = validate_set(set_of(changed(set_id, release, old, new)))
    assert verdict.failure == ""
    assert verdict.accepted is not bool(verdict.errors)
    return told(verdict)
