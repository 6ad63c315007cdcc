"""From samples to a partner in test: nothing of it is live before somebody says so by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from distportal.accounts.models import Account
from distportal.canonical.base import to_json
from edi.choices import Direction
from edi.documents.profile import Profile, infer_profile, sets_in
from edi.documents.registry import DOCUMENTS
from edi.errors import BadPartner, NothingToDo, PartnerExists, UnreadableSamples
from edi.models import Mailbox, Onboarding, SampleFile, TradingPartner
from edi.process.agreeing import agree_sets
from edi.process.partner_rules import problem_with_code, problem_with_path, problem_with_separators
from edi.process.trials import Trial, try_set
from edi.queries.agreements import ALWAYS_TAKEN, DEFAULT_RELEASE
from edi.x12.catalog import judged_as, release_of

MOST_BYTES = 4 * 1024 * 1024
"""Samples are small; a day's traffic belongs into a mailbox."""
MOST_TRIED = 20
_ANSWERS = ("855", "856", "810")
"""What a buyer who sends 850s usually wants back."""


@transaction.atomic
def start_onboarding(*, files: Mapping[str, bytes], by: str) -> Onboarding:
    """The samples with their profile, both kept. Raises UnreadableSamples where no file names a sender."""
    if sum(len(content) for content in files.values()) > MOST_BYTES:
        raise UnreadableSamples(f"the samples have more than {MOST_BYTES // 1024 // 1024} MB; nothing was kept")
    profile = infer_profile(files)
    if not profile.their_id:
        why = profile.problems[0] if profile.problems else "choose at least one file"
        raise UnreadableSamples(f"No sender was found: {why}", problems=profile.problems)
    row = Onboarding.objects.create(profile=_stored(profile), started_by=by)
    SampleFile.objects.bulk_create(
        SampleFile(onboarding=row, name=name[:255], content=content, size=len(content))
        for name, content in files.items()
    )
    return row


@transaction.atomic
def create_partner(*, onboarding_id: UUID, code: str, name: str, account: Account, by: str) -> TradingPartner:
    """The partner of the samples, in test, with its mailbox and agreements; by whom is on the onboarding.

    Raises BadPartner for a code that cannot be one, PartnerExists, or NothingToDo where it was created before.
    """
    row = Onboarding.objects.select_for_update(no_key=True).get(pk=onboarding_id)
    if row.partner_id is not None:
        raise NothingToDo("the partner of these samples was created already; nothing was done")
    profile = row.profile
    fields = ("their_qualifier", "their_id", "our_qualifier", "our_id", "their_group_id", "our_group_id")
    marks = ("element_separator", "component_separator", "segment_terminator")
    problems = [
        problem_with_code(code),
        "" if name.strip() else "Give it a name.",
        problem_with_path(code.lower()),
        problem_with_separators(*(profile[mark] for mark in marks)),
    ]
    if any(problems):
        raise BadPartner(" ".join(filter(None, problems)), problems=[p for p in problems if p])
    try:
        with transaction.atomic():
            partner = TradingPartner.objects.create(
                code=code, name=name.strip()[:120], account=account, usage="T",
                **{field: profile[field][:15] for field in (*fields, *marks)},
            )  # fmt: skip
            Mailbox.objects.create(partner=partner, path=code.lower())
    except IntegrityError as error:
        raise PartnerExists("a partner with that code or these identities exists; nothing was created") from error
    _agree(partner, profile)
    row.partner, row.started_by = partner, row.started_by or by
    row.save(update_fields=["partner", "started_by"])
    return partner


def try_samples(*, onboarding_id: UUID, account: Account) -> list[Trial]:
    """What the sample orders would come to if they were live; reads only. At most the first twenty."""
    row = Onboarding.objects.select_related("partner").get(pk=onboarding_id)
    contents = [bytes(file.content) for file in row.files.order_by("name")]
    sets = sets_in(contents, "850")[:MOST_TRIED]
    return [trial for tset in sets if (trial := try_set(tset, account=account, partner=row.partner))]


def _agree(partner: TradingPartner, profile: Mapping[str, Mapping[str, object]]) -> None:
    versions = list(profile["releases"])
    exact = list(dict.fromkeys(filter(None, map(release_of, versions))))
    near = [judged_as(version) for version in versions if not release_of(version) and judged_as(version)]
    written = (exact or near or [DEFAULT_RELEASE])[0]
    taken = [s for s in profile["sets"] if s in DOCUMENTS and DOCUMENTS[s].reader and s not in ALWAYS_TAKEN]
    options = {"neighbours": True} if near else {}
    agree_sets(
        partner=partner, direction=Direction.IN, set_ids=taken,
        releases=exact or near or [DEFAULT_RELEASE], release=written, options=options,
    )  # fmt: skip
    usual = _ANSWERS if "850" in taken else ()
    wanted = [s for s in dict.fromkeys((*profile["expected"], *usual)) if s in DOCUMENTS and DOCUMENTS[s].writer]
    sent = [set_id for set_id in wanted if set_id not in ALWAYS_TAKEN]
    agree_sets(partner=partner, direction=Direction.OUT, set_ids=sent, release=written)


def _stored(profile: Profile) -> dict[str, object]:
    """The profile as JSON; gaps and uses of sets become plain objects."""
    stored: dict[str, object] = to_json(dataclasses.asdict(profile))
    return stored
