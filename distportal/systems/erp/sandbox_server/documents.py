"""Printed invoices and packing slips: a small PDF written by hand."""

from __future__ import annotations

from .store import Row, Tx
from .views import invoice_view, shipment_view

LINES_PER_PAGE = 48


def invoice_pdf(tx: Tx, number: str) -> bytes:
    """The invoice or credit memo as PDF. Raises NotFound."""
    data = invoice_view(tx, number)
    title = "CREDIT MEMO" if data["kind"] == "credit_memo" else "INVOICE"
    text = [
        f"{title} {data['number']}", "", "Northline Supply",
        f"Customer {data['customer']}    Your order {data['purchase_order'] or '-'}    Reference {data['reference']}",
        f"Issued {data['issued_on']}    Due {data['due_on']}    Terms {data['terms'] or '-'}",
    ]  # fmt: skip
    if data["corrects"]:
        text.append(f"Corrects invoice {data['corrects']}    Reason {data['reason'] or '-'}")
    text += ["", f"{'Item':<14}{'Description':<42}{'Qty':>7} {'Unit':<5}{'Price':>10}{'Amount':>12}", "-" * 92]
    for line in data["lines"]:
        text.append(
            f"{line['matnr']:<14}{line['name'][:41]:<42}{line['quantity']:>7} {line['unit']:<5}"
            f"{line['price']:>10}{line['amount']:>12}"
        )
    return write_pdf([*text, "-" * 92, f"{'Total ' + data['currency']:>78}{data['total']:>12}"])


def packing_slip(tx: Tx, number: str) -> bytes:
    """The packing slip of a delivery as PDF. Raises NotFound."""
    data = shipment_view(tx, number)
    to = data["ship_to"]
    text = [
        f"PACKING SLIP {data['number']}", "", f"From {data['ship_from']['name']}",
        f"To {to['name']}, {to['street']}, {to['city']}, {to['region']} {to['postcode']}",
        f"Carrier {data['carrier']}    Tracking {data['tracking']}    Cartons {data['cartons']}", "",
        f"{'Carton':<8}{'Item':<14}{'UPC':<16}{'Qty':>7} Unit", "-" * 60,
    ]  # fmt: skip
    return write_pdf(text + [_slip_line(line) for line in data["lines"]])


def write_pdf(lines: list[str]) -> bytes:
    """A PDF 1.4 file in Courier, one page per 48 lines."""
    pages = [lines[at : at + LINES_PER_PAGE] for at in range(0, len(lines), LINES_PER_PAGE)] or [[]]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        content = b"BT /F1 9 Tf 13 TL 48 744 Td " + b" ".join(b"(" + _escape(t) + b") Tj T*" for t in page) + b" ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    return _assemble(objects)


def _assemble(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _slip_line(line: Row) -> str:
    return f"{line['carton']:<8}{line['matnr']:<14}{line['upc']:<16}{line['quantity']:>7} {line['unit']}"


def _escape(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
