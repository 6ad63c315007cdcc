"""A PO that comes whole races with the same PO in parts: one of the two holds, the other is one case."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction

from edi.models import Document
from edi.process.inbound import read_file
from edi.process.mailboxes import poll_mailboxes
from edi.process.placing import place_document
from exceptions.models import Case
from orders.models import Intake, Order
from tests.at_once import at_once, waiting_for_lock
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
WHOLE = ("BEG*00*SA*{}**20261124", "N1*ST**92*0117", "PO1*1*90*EA*.40*PE*VN*FST-10001", "CTT*1")
PARTS = ("BEG*00*SA*{}**20261124", "PO1*1*100*EA*.40*PE*VN*FST-10001", "SDQ*EA*92*0117*40*0233*60", "CTT*1")


def received(post: Post, rows: tuple[str, ...], po: str) -> Document:
    """The 850, read and not placed yet."""
    name = post.drop(file_850(post, *(row.format(po) for row in rows)))
    poll_mailboxes()
    read_file(file_id=post.partner.mailbox.files.get(name=name).pk)
    return Document.objects.filter(direction="in").latest("created_at")


def parts_of(po: str) -> list[str]:
    return list(Order.objects.filter(po_number=po).order_by("po_part").values_list("po_part", flat=True))


@pytest.mark.parametrize(
    ("first", "second", "placed"), [(WHOLE, PARTS, [""]), (PARTS, WHOLE, ["0117", "0233"])], ids=["whole", "parts"]
)
def test_the_second_waits_until_the_first_is_there(
    crestline: Post, catalogue: SandboxProcess, first: tuple[str, ...], second: tuple[str, ...], placed: list[str]
) -> None:
    one, other = received(crestline, first, "CR-RACE"), received(crestline, second, "CR-RACE")
    late = threading.Thread(target=_closing(partial(place_document, document_id=other.pk)))
    with transaction.atomic():
        place_document(document_id=one.pk)
        late.start()
        until = time.monotonic() + 20
        while not waiting_for_lock("advisory") and late.is_alive() and time.monotonic() < until:
            time.sleep(0.02)
        assert late.is_alive(), "it was placed beside an order that was not committed yet"
    late.join(20)
    assert parts_of("CR-RACE") == placed
    [case] = Case.objects.all()
    assert (case.kind, case.data["first"]) == ("order.duplicate_po", str(Order.objects.order_by("number")[0]))
    other.refresh_from_db()
    assert (other.state, set(Intake.objects.filter(source_key__contains=str(other.pk)).values_list("outcome"))) == (
        "failed",
        {("conflict",)},
    )


def test_let_go_at_once_again_and_again_one_of_the_two_holds(crestline: Post, catalogue: SandboxProcess) -> None:
    pairs = [(received(crestline, WHOLE, f"CR-{n}"), received(crestline, PARTS, f"CR-{n}")) for n in range(6)]
    for n, pair in enumerate(pairs):
        at_once(*(partial(place_document, document_id=document.pk) for document in pair))
        assert parts_of(f"CR-{n}") in ([""], ["0117", "0233"])
    assert Case.objects.count() == len(pairs)


def _closing(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run
