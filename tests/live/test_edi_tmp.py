from __future__ import annotations
import time
import pytest
from django.conf import settings
from edi.models import *
from edi.seeds import seed_edi
from orders.models import Order
from exceptions.models import Case
from tests.live.portal import LivePortal
from distportal.events.models import Job, OutboxDelivery
pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

def test_it(portal: LivePortal):
    settings.EDI_ROOT = portal.edi_root
    portal.start_beat()
    t=time.monotonic()
    seed_edi()
    portal.wait(lambda: Order.objects.filter(status="confirmed").count() == 2, what="orders confirmed", seconds=60)
    print("confirmed after", time.monotonic()-t)
    portal.wait(lambda: OutboundFile.objects.exclude(sent_at=None).count() == 6, what="files", seconds=60)
    print("sent after", time.monotonic()-t)
    print([str(p.relative_to(portal.edi_root)) for p in sorted(portal.edi_root.glob("*/*/*"))])
    print([(c.kind, c.sentence) for c in Case.objects.all()])
    print(list(Job.objects.exclude(state="done").values_list("kind","state","last_error")))
    print([(o.po_number, o.status) for o in Order.objects.all()])
