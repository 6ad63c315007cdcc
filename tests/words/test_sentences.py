"""Sentences that were stored in English reach a reader in the reader's language, with the values that stand in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import ngettext

from distportal.accounts.models import User
from distportal.common import sentences
from distportal.common.sentences import said_again
from distportal.notices.kinds import notice_kind
from orders.models import ErpCommand, OrderFinding
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order
from tests.sandbox import SandboxProcess
from tests.words.pseudo import PSEUDO, spoken, unbracketed
from tests.words.sources import sources_known

LINE = "Line 1: no item is known as NOPE-1"
LINEA = "Línea 1: ningún artículo se conoce como NOPE-1"
CASES = {
    LINE: LINEA,
    f"{LINE}.": f"{LINEA}.",
    f"{LINE}. {LINE.replace('1', '2')}.": f"{LINEA}. {LINEA.replace('1', '2')}.",
    f"{LINE}; Enter our SKU for it": f"{LINEA}; Escriba nuestro SKU",
    "contract CN-4001": "contrato CN-4001",
    "contract CN-4001, tier ≥ 10": "contrato CN-4001, escala ≥ 10",
    "Line 2: FST-10003 is discontinued, orders are taken until 3 Aug 2026":
        "Línea 2: FST-10003 está descontinuado, se toman pedidos hasta el 3 Ago 2026",
    "ELE-20002: 8 EA 27 Nov 2026, 4 EA, no date yet": "ELE-20002: 8 EA 27 Nov 2026, 4 EA, aún sin fecha",
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_a_stored_sentence_is_said_again_with_its_values(text: str) -> None:
    with translation.override("es"):
        assert said_again(text) == CASES[text]
    with translation.override("en"):
        assert said_again(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "Please use the back gate", "contract says forty-four from May on", "PO 77", "12", "Bea Harbor"],
)
def test_what_a_person_wrote_stays(text: str) -> None:
    with translation.override("es"):
        assert said_again(text) == text


def test_a_plural_is_said_by_its_count() -> None:
    one, many = "1 notification from your quiet hours", "7 notifications from your quiet hours"
    with translation.override("es"):
        said = said_again(one), said_again(many)
        assert said == tuple(
            ngettext("%(n)d notification from your quiet hours", "%(n)d notifications from your quiet hours", n)
            % {"n": n}
            for n in (1, 7)
        )
        assert said[0] != one
        assert said[1].startswith("7 ")


def test_a_value_that_looks_like_a_word_of_ours_stays_a_value() -> None:
    kind = notice_kind("order.accepted")
    assert kind
    with translation.override("es"):
        assert "OC Paid" in kind.says({"number": "SO-1", "po": "Paid"}), "somebody's PO number"
        assert dict(kind.rows({"po": "Paid", "why": LINE})) == {"Su OC": "Paid", "Por qué": LINEA}


def test_every_sentence_of_the_sources_with_values_is_found_again(known: None) -> None:
    """Filled with values of no language and read back: no form swallows another's."""
    lost = []
    with translation.override(PSEUDO):
        for one in sentences._formed():
            if one.many:
                continue
            filled = sentences._VALUE.sub("7411", one.one).replace("%%", "%")
            said = said_again(filled)
            if any(word.isalpha() for word in unbracketed(said).split()):
                lost.append((filled, said))
    assert lost == []


@pytest.fixture
def known(settings: Any) -> Iterator[None]:
    """The pseudo language is spoken."""
    settings.LANGUAGES = [*settings.LANGUAGES, (PSEUDO, "English")]
    with spoken(), sources_known():
        yield


@pytest.mark.django_db
def test_a_held_order_speaks_the_readers_language_and_the_table_english(cast: Cast, synced: SandboxProcess) -> None:
    rows = (("FST-10001", "100", "EA", "0.01"), ("NO-SUCH", "12", "EA", None))
    order = placed_order(*rows, po="4711", channel="edi")
    assert order.status == "held"
    assert set(OrderFinding.objects.filter(order=order, action="hold").values_list("code", flat=True)) == {
        "price_differs", "item_unknown",
    }  # fmt: skip
    User.objects.filter(pk=cast.buyer.pk).update(language="es")
    for person, told in ((cast.buyer, "Línea 2: ningún artículo"), (cast.colleague, "Line 2: no item is known as")):
        assert told in main_of(signed_in(person).get(f"/orders/{order.number}/").content.decode())
    assert not ErpCommand.objects.exists()
