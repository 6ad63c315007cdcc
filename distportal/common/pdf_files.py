"""PDF files that others send: judged by their content, and kept only as pages."""

from __future__ import annotations

import io

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from distportal.common.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 100
# What a page is drawn from. Scripts, actions, forms, links and attached files hang on other entries.
_DRAWN = frozenset(
    {"/Type", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate",
     "/UserUnit", "/Group"}
)  # fmt: skip
# What the reader raises for bytes that are no PDF, or only the beginning of one.
_BROKEN = (PyPdfError, OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError)


class UnusablePdf(Invalid):
    """The bytes are no PDF that is kept; the message says why."""

    code = "unusable_pdf"


def clean_pdf(content: bytes) -> bytes:
    """A PDF made anew from the pages: what else the file held, such as scripts and attachments, is not in it. Raises
    UnusablePdf for anything that is not one readable PDF of at most 10 MiB and 100 pages without a password.
    """
    if not content or len(content) > MOST_BYTES:
        raise UnusablePdf(f"the PDF has {len(content)} bytes; it may have 1 to {MOST_BYTES}")
    if not content.startswith(b"%PDF-"):
        raise UnusablePdf("the file is not a PDF")
    try:
        return _made_anew(PdfReader(io.BytesIO(content)))
    except _BROKEN as error:
        raise UnusablePdf("the PDF is broken; save it again and send that") from error


def _made_anew(read: PdfReader) -> bytes:
    if read.is_encrypted:
        raise UnusablePdf("the PDF has a password; send one without")
    if not 0 < len(read.pages) <= MOST_PAGES:
        raise UnusablePdf(f"the PDF has {len(read.pages)} pages; it may have 1 to {MOST_PAGES}")
    written = PdfWriter()
    for page in read.pages:
        for entry in [name for name in page if name not in _DRAWN]:
            del page[NameObject(entry)]
        written.add_page(page)
    out = io.BytesIO()
    written.write(out)
    return out.getvalue()
