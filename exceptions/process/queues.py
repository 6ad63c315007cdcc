"""Keep queues: whose work they are, by which calendar their cases are due, where they go when nobody takes them."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from exceptions.errors import RuleRefused
from exceptions.models import Queue
from exceptions.process.edit_policies import GROUPS


@transaction.atomic
def save_queue(queue: Queue) -> Queue:
    """The queue counts as it is from now on; cases that are open keep the times they have. A new one gets a code from
    its name. Raises RuleRefused for one without a name, or of a name that another has, for a team that is not known,
    and for one that escalates to itself.
    """
    queue.name = queue.name.strip()
    if not queue.name:
        raise RuleRefused("give the queue a name; nothing was saved")
    queue.code = queue.code or slugify(queue.name)[:30]
    others = Queue.objects.exclude(pk=queue.pk)
    if others.filter(name__iexact=queue.name).exists() or others.filter(code=queue.code).exists() or not queue.code:
        raise RuleRefused("another queue has this name; nothing was saved")
    if queue.group not in GROUPS:
        raise RuleRefused(f"there is no staff group {queue.group}; nothing was saved")
    if queue.pk and queue.escalates_to_id == queue.pk:
        raise RuleRefused("a queue cannot escalate to itself; leave it empty, then its cases stay; nothing was saved")
    queue.save()
    return queue
