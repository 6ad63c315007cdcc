"""N1 loops: who stands where in a document, read and written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from distportal.canonical.parts import Address
from edi.x12.tokens import Elements, Segment


@dataclass(slots=True)
class Party:
    """One N1 loop: `role` is N101 (X12 element 98), the code N104, the address what N3 and N4 add."""

    role: str
    position: int
    of_line: bool
    address: Address

    @classmethod
    def start(cls, segment: Segment, position: int, *, of_line: bool) -> Party:
        """The party that an N1 opens."""
        address = Address(code=segment.get(4).strip(), name=segment.get(2).strip())
        return cls(segment.get(1).strip(), position, of_line, address)

    def street(self, segment: Segment) -> None:
        """Take an N3; a second one continues the first."""
        lines = [v for v in (self.address.street, self.address.street2) if v]
        lines += [v.strip() for v in segment.elements[1:3] if v.strip()]
        lines += ["", ""]
        self.address = replace(self.address, street=lines[0], street2=lines[1])

    def place(self, segment: Segment) -> None:
        """Take an N4."""
        self.address = replace(
            self.address,
            city=segment.get(1).strip(),
            region=segment.get(2).strip(),
            postcode=segment.get(3).strip(),
            country=segment.get(4).strip() or "US",
        )


def party_segments(role: str, address: Address, *, code_qualifier: str = "92") -> list[Elements]:
    """N1, N3 and N4 of one place; the address follows only where there is one. 92 says the code is the buyer's."""
    name, code = address.name[:60], address.code
    if not name and not code:
        return []
    n1 = ["N1", role, name]
    if len(code) >= 2:
        n1 += [code_qualifier, code[:80]]
    elif not name:
        n1[2] = code
    rows = [n1]
    if address.street:
        rows.append(["N3", address.street[:55], address.street2[:55]])
    if len(address.city) >= 2:
        region = address.region if len(address.region) == 2 else ""
        postcode = address.postcode if 3 <= len(address.postcode) <= 15 else ""
        rows.append(["N4", address.city[:30], region, postcode, address.country if len(address.country) >= 2 else ""])
    return rows
