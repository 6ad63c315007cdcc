"""What validation says of one transaction set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from edi.x12.leniency import Tolerance


@dataclass(frozen=True, slots=True)
class ElementError:
    """One wrong element: AK401 position and component (0: none), AK402 reference, AK403 code, AK404 value.

    `trigger` is the position of the element that makes this one wrong by a syntax rule, 0 for none.
    """

    position: int
    component: int
    reference: str
    code: str
    value: str
    text: str
    trigger: int = 0


@dataclass(frozen=True, slots=True)
class SegmentError:
    """One wrong segment: AK301 id, AK302 position (ST is 1), AK303 LS loop, AK304 code; 8 means see `elements`."""

    segment: str
    position: int
    loop: str
    code: str
    text: str
    elements: tuple[ElementError, ...] = ()


@dataclass(frozen=True, slots=True)
class SetVerdict:
    """Accepted, accepted with errors or rejected, with the AK502 codes and every error.

    `failure`: the engine broke. `used`: what the text of the set was forgiven.
    """

    set_id: str
    control_number: str
    implementation: str
    verdict: Literal["A", "E", "R"]
    codes: tuple[str, ...] = ()
    errors: tuple[SegmentError, ...] = ()
    failure: str = ""
    envelope: tuple[str, ...] = ()
    used: tuple[Tolerance, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the set may be processed."""
        return self.verdict in ("A", "E")

    @property
    def sentences(self) -> list[str]:
        """Every finding as a sentence for people."""
        found = [f"{text[:1].upper()}{text[1:]}." for text in self.envelope]
        for error in self.errors:
            for element in error.elements:
                found.append(f"Segment {error.position} ({error.segment}): {element.text}")
            if not error.elements:
                found.append(f"Segment {error.position} ({error.segment}): {error.text}")
        return found + ([self.failure] if self.failure else [])
