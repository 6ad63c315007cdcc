"""An IDoc as a tree, whatever form it came in; reading flat files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from distportal.systems.erp.files.numbers import number
from distportal.systems.erp.idoc_file.master_segments import PARENTS
from distportal.systems.erp.idoc_file.segments import CONTROL, HEADER_LENGTH, Layout, layout, sliced

_CONTROL = layout(CONTROL)
NO_DATES = frozenset({"", "00000000"})


class BadIdoc(ValueError):
    """What is missing or wrong in one IDoc."""


@dataclass(slots=True)
class Segment:
    """One segment with those below it; a field that is not there is blank."""

    name: str
    fields: Mapping[str, str]
    place: str
    below: list[Segment] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The text of a field."""
        return self.fields.get(name, "")

    def all(self, name: str) -> list[Segment]:
        """The segments of a name right below."""
        return [segment for segment in self.below if segment.name == name]

    def of(self, name: str, qualifier_field: str, qualifier: str) -> Segment | None:
        """The first segment of a name with this qualifier."""
        return next((s for s in self.all(name) if s.get(qualifier_field) == qualifier), None)

    def number(self, name: str) -> Decimal | None:
        """A number, or None where it is blank; the sign may stand behind. Raises BadIdoc."""
        text = self.get(name)
        if not text:
            return None
        try:
            return number(text)
        except ValueError as error:
            raise BadIdoc(f"{self.place}: {name} of {self.name}: {error}") from error

    def date(self, name: str) -> dt.date | None:
        """A date, or None where it is blank. Raises BadIdoc."""
        text = self.get(name)
        if text in NO_DATES:
            return None
        try:
            return dt.datetime.strptime(text, "%Y%m%d").replace(tzinfo=dt.UTC).date()
        except ValueError as error:
            raise BadIdoc(f"{self.place}: {name} of {self.name} is {text!r}, which is no date") from error


@dataclass(slots=True)
class Idoc:
    """One message: the control record's fields, the segments at the top below `root`, and its own bytes."""

    control: Mapping[str, str]
    root: Segment
    raw: bytes = field(repr=False)
    place: str = ""

    @property
    def number(self) -> str:
        """The sender's number of the message."""
        return self.control.get("DOCNUM", "")

    @property
    def message(self) -> str:
        """The message type: ORDRSP, DESADV …"""
        return self.control.get("MESTYP", "")

    def made_at(self) -> dt.datetime | None:
        """When the sender made it, taken as UTC: only compared with other IDocs of the same sender."""
        text = self.control.get("CREDAT", "") + (self.control.get("CRETIM", "") or "000000")
        try:
            return dt.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        except ValueError:
            return None

    def first(self, name: str) -> Segment:
        """The first top segment of a name. Raises BadIdoc where there is none."""
        found = self.root.all(name)
        if not found:
            raise BadIdoc(f"the IDoc {self.number} has no {name}")
        return found[0]


def known_name(name: str, layouts: Mapping[str, Layout]) -> str:
    """The plain name of an external, versioned one (E2EDK01005 is E1EDK01); empty for one that is not known."""
    plain = f"E1{name[2:]}" if name.startswith("E2") else name
    for length in (len(plain), *range(len(plain) - 1, max(len(plain) - 4, 0), -1)):
        if plain[:length] in layouts and (plain[length:] == "" or plain[length:].isdigit()):
            return plain[:length]
    return ""


def read_flat(text: str, encoding: str, layouts: Mapping[str, Layout]) -> Iterator[Idoc]:
    """The IDocs of a flat file. Raises BadIdoc for a file that does not begin with a control record."""
    current: list[tuple[int, str]] = []
    for count, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if line.startswith("EDI_DC40") and current:
            yield _flat(current, encoding, layouts)
            current = []
        if not current and not line.startswith("EDI_DC40"):
            known = "the old record form of R/3 3.x" if line.startswith("EDI_DC") else "no EDI_DC40"
            raise BadIdoc(f"line {count} begins with {line[:10].strip()!r}: {known}")
        current.append((count, line))
    if current:
        yield _flat(current, encoding, layouts)


def _flat(lines: list[tuple[int, str]], encoding: str, layouts: Mapping[str, Layout]) -> Idoc:
    first, control = lines[0]
    root = Segment("", {}, f"line {first}")
    open_segments: dict[str, Segment] = {}
    for count, line in lines[1:]:
        name = known_name(line[:30].strip(), layouts)
        if not name:
            continue  # a segment of the customer's own: nothing of ours is in it
        segment = Segment(name, sliced(layouts[name], line[HEADER_LENGTH:]), f"line {count}")
        # A child without its parent goes to the top, where nobody looks for it: a lone one is no reason to fail.
        open_segments.get(PARENTS.get(name, ""), root).below.append(segment)
        open_segments[name] = segment
    raw = "".join(f"{line}\r\n" for _, line in lines).encode(encoding, errors="replace")
    return Idoc(sliced(_CONTROL, control), root, raw, f"the IDoc from line {first}")
