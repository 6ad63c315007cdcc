"""Who of our people can settle what not everybody can."""

from __future__ import annotations

import re

from django.db import transaction

from exceptions.errors import RuleRefused
from exceptions.models import StaffSkill
from exceptions.process.bulk.steps import person_of

_WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}", re.ASCII)


@transaction.atomic
def change_skill(*, email: str, skill: str, has: bool) -> None:
    """The person has the skill from now on, or has it no more; what was routed by it stays. Raises RuleRefused for a
    skill that is no one word, NoSuchPlace for somebody who does not work here.
    """
    word = skill.strip().lower()
    if not _WORD.fullmatch(word):
        raise RuleRefused("a skill is one word such as hazmat; nothing was saved")
    person = person_of({"person": email})
    if has:
        StaffSkill.objects.get_or_create(user=person, skill=word)
    else:
        StaffSkill.objects.filter(user=person, skill=word).delete()
