"""A table from a spreadsheet: what it would do is told row by row, and it is done whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from distportal.common.tables import MOST_BYTES, BadTable, rows_of
from distportal.systems.mapping.exporting import mapping_lines, problem_lines
from distportal.systems.mapping.importing import apply_import, plan_import
from distportal.systems.mapping.models import CrossReference
from distportal.systems.mapping.words import words_of
from tests.conftest import Cast
from tests.mappings import mapped

pytestmark = pytest.mark.django_db
SCOPE = "account:HARBOR"
HEAD = "kind,theirs,ours,valid_from,valid_until,reason\n"


def table(*lines: str) -> bytes:
    return (HEAD + "".join(f"{line}\n" for line in lines)).encode()


def workbook(*rows: tuple[str, ...]) -> bytes:
    """The smallest XLSX that holds these texts."""
    cells = "".join(
        f'<row r="{n}">' + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for n, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        )
    return packed.getvalue()


def test_each_row_is_new_changed_same_or_wrong_and_nothing_is_written(cast: Cast) -> None:
    mapped(SCOPE, "unit", "CS", "CA")
    mapped(SCOPE, "unit", "BX", "BX")
    plan = plan_import(
        content=table("unit,CS,CT", "unit,BX,BX", "unit,EACH,EA", "unit,X,QQ", "unit,EACH,EA", "unit,T,EA,31.12.26,"),
        scope=SCOPE,
    )
    assert plan.counts == {"new": 1, "changed": 1, "same": 1, "wrong": 3}
    assert [(row.line, row.problem) for row in plan.wrong] == [
        (5, "we have no unit QQ"),
        (6, "the same code stands further up in the file"),
        (7, "valid_from '31.12.26' is no date such as 2027-01-31"),
    ]
    assert CrossReference.objects.count() == 2
    assert CrossReference.objects.get(theirs="CS").ours == "CA"


def test_with_a_wrong_row_nothing_is_imported_unless_it_is_left_out(cast: Cast) -> None:
    content = table("unit,CS,CA", "unit,X,QQ")
    with pytest.raises(BadTable, match="1 rows are wrong; nothing was imported"):
        apply_import(content=content, scope=SCOPE)
    assert not CrossReference.objects.exists()
    apply_import(content=content, scope=SCOPE, skip_wrong=True, reason="from their guide")
    row = CrossReference.objects.get()
    assert (row.theirs, row.ours, row.reason) == ("CS", "CA", "from their guide")
    assert words_of(SCOPE).ours == {"unit": {"CS": "CA"}}


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    content = table("unit,CS,CA", "terms,Z030,Net 30,2026-01-01,2026-12-31,")
    apply_import(content=content, scope=SCOPE)
    before = list(CrossReference.objects.order_by("pk").values())
    assert apply_import(content=content, scope=SCOPE).counts == {"new": 0, "changed": 0, "same": 2, "wrong": 0}
    assert list(CrossReference.objects.order_by("pk").values()) == before


def test_days_must_not_overlap_with_what_is_stored_or_stands_in_the_file(cast: Cast) -> None:
    mapped(SCOPE, "unit", "CS", "CA", valid_until=dt.date(2026, 6, 30))
    plan = plan_import(
        content=table("unit,CS,CT,2026-06-01,", "unit,CS,CT,2026-07-01,", "unit,CS,BX,2027-01-01,"), scope=SCOPE
    )
    assert [row.verdict for row in plan.rows] == ["wrong", "new", "wrong"]


def test_rows_may_name_who_they_are_of_and_nobody_is_made_up(cast: Cast) -> None:
    content = b"scope;kind;theirs;ours\naccount:SUMMIT;unit;CS;CA\naccount:NOBODY;unit;CS;CA\nerp:default;unit;KAR;CA\n"
    plan = plan_import(content=content)
    assert [row.problem for row in plan.rows] == ["", "there is nobody called account:NOBODY", ""]


def test_a_workbook_is_read_like_a_csv(cast: Cast) -> None:
    content = workbook(("Kind", "Theirs", "Ours"), ("unit", "CS", "CA"), ("ship-to", "9", "HARBOR-01"))
    plan = apply_import(content=content, scope=SCOPE)
    assert plan.counts["new"] == 2
    assert set(CrossReference.objects.values_list("kind", "theirs", "ours")) == {
        ("unit", "CS", "CA"),
        ("ship_to", "9", "HARBOR-01"),
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no rows below"),
        (b"kind,theirs\nunit,CS\n", "no column ours"),
        (b"\x00\x01binary", "neither CSV nor XLSX"),
        (b"PK\x03\x04 not a workbook", "cannot be read"),
        (b"kind,theirs,ours\n\"unit,CS,CA\n", "no CSV that can be read"),
        (b"x" * (MOST_BYTES + 1), "more than 5 MB"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_the_reason(cast: Cast, content: bytes, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        plan_import(content=content, scope=SCOPE)


def test_a_workbook_that_would_burst_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for n in range(11):
            book.writestr(f"xl/worksheets/sheet{n}.xml", b"0" * 10 * 1024 * 1024)
    assert len(packed.getvalue()) < MOST_BYTES
    with pytest.raises(BadTable, match="too big unpacked"):
        rows_of(packed.getvalue())


def test_what_goes_out_runs_nothing_and_comes_in_the_same(cast: Cast) -> None:
    mapped(SCOPE, "terms", '=HYPERLINK("http://x")', "-Net 30", reason="@them")
    mapped(SCOPE, "unit", "CS", "CA", valid_from=dt.date(2026, 1, 1))
    sent = "".join(mapping_lines(CrossReference.objects.order_by("pk")))
    cells = sent.splitlines()[1]
    assert "'=HYPERLINK" in cells
    assert "'-Net 30" in cells
    assert "'@them" in cells
    assert plan_import(content=sent.encode()).counts == {"new": 0, "changed": 0, "same": 2, "wrong": 0}
    plan = plan_import(content=table("unit,=1+1,QQ"), scope=SCOPE)
    assert "'=1+1" in "".join(problem_lines(plan.wrong))


def test_ten_thousand_rows_are_a_few_statements(cast: Cast, django_assert_max_num_queries: object) -> None:
    content = table(*(f"terms,Z{n},Net {n}" for n in range(10_000)))
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        apply_import(content=content, scope=SCOPE)
    assert len(words_of(SCOPE).ours["terms"]) == 10_000
