"""What is behind a case can be read as it came, in words, as it was mapped and as the ERP got it, without scripts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account
from exceptions.models import Case
from orders.models import Order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.exceptions.test_editor import ITEM, held, refused
from tests.posts import crestline
from tests.sandbox import SandboxProcess

__all__ = ["crestline"]
pytestmark = pytest.mark.django_db


def test_an_edi_order_is_read_from_its_segments_to_the_erp(cast: Cast, crestline: Post) -> None:
    crestline.take(crestline.order((ITEM, "2", "0.01"), po="CR-1"))
    order = Order.objects.get()
    case = Case.objects.get(subject_id=str(order.pk))
    agent, address = signed_in(cast.agent), f"/desk/{case.number}/"
    plain = agent.get(address).content.decode()
    for name in ("raw", "parsed", "mapped", "erp"):
        assert f'href="?look={name}#look"' in plain
    assert f"/chain/{order.correlation_id}/" in plain
    assert "BEG*00*" not in plain, "what nobody asked for is not read"
    assert "BEG*00*SA*CR-1" in agent.get(address, {"look": "raw"}).content.decode()
    assert '<span class="tag info">line 1</span>' in agent.get(address, {"look": "parsed"}).content.decode()
    mapped = agent.get(address, {"look": "mapped"}).content.decode()
    assert '<span class="quiet">po number</span> <b>CR-1</b>' in mapped
    assert "Nothing of it is kept in this form." in agent.get(address, {"look": "erp"}).content.decode()
    assert agent.get(address, {"look": "nothing"}).status_code == 200

    finance = signed_in(cast.finance).get(address, {"look": "raw"}).content.decode()
    assert ("BEG*00*" in finance, 'href="?look=erp#look"' in finance) == (True, True)
    assert signed_in(cast.buyer).get(address, {"look": "raw"}).status_code == 403


def test_what_the_erp_refused_is_read_as_it_was_sent(cast: Cast, synced: SandboxProcess) -> None:
    order, case = refused(cast)
    page = signed_in(cast.agent).get(f"/desk/{case.number}/", {"look": "erp"}).content.decode()
    assert f"NL-{order.number}" in page
    assert "Sent 1 time<" in page
    assert '<span class="quiet">ship to</span> <b>HARBOR-99</b>' in page


def test_a_document_that_could_not_be_placed_is_read_from_its_case(cast: Cast, crestline: Post) -> None:
    Account.objects.filter(pk=crestline.partner.account_id).update(status="closed")
    crestline.take(crestline.order((ITEM, "2", "20.00"), po="CR-2"))
    case = Case.objects.get(kind="edi.unreadable_order")
    agent, address = signed_in(cast.agent), f"/desk/{case.number}/"
    assert "BEG*00*SA*CR-2" in agent.get(address, {"look": "raw"}).content.decode()
    assert "CR-2" in agent.get(address, {"look": "parsed"}).content.decode()
    assert '<span class="quiet">po number</span> <b>CR-2</b>' in agent.get(address, {"look": "mapped"}).content.decode()
    assert 'href="?look=erp#look"' not in agent.get(address).content.decode(), "no order, nothing for the ERP"


def test_looks_cost_nothing_until_one_is_asked_for(cast: Cast, synced: SandboxProcess) -> None:
    _, case = held((ITEM, "10", "EA", "0.30"))
    agent = signed_in(cast.agent)
    agent.get(f"/desk/{case.number}/")
    with CaptureQueriesContext(connection) as seen:
        agent.get(f"/desk/{case.number}/")
    assert not [q["sql"] for q in seen.captured_queries if 'FROM "edi_document"' in q["sql"]]
