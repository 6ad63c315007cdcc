"""The house's `translate`, `blocktranslate` and `url` say exactly what Django's own say, in both languages."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db.models import Model
from django.template import Context, Engine, TemplateSyntaxError
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import trans_real

from distportal.web import said_once
from distportal.web.addresses import address
from orders.choices import OrderStatus
from orders.models import Order

OWN = Engine(libraries={"i18n": "distportal.web.wording"}, builtins=["distportal.web.addresses"])
DJANGOS = Engine(libraries={"i18n": "django.templatetags.i18n"})
VALUES = {
    "name": "<b>Ana & Söhne</b>", "n": 3, "one": 1, "much": Decimal("2.5"), "sku": "FST-10001", "odd": "A B&1%'",
    "number": 4711, "negative": -1, "nothing": None, "key": uuid.UUID(int=7), "who": {"is": "Bo"},
    "dotted": "0M-8000.1",
}  # fmt: skip
SAME = (
    "{% translate 'Orders' %}", "{% translate 'Orders' as word %}[{{ word }}]", "{% translate 'a <b> 5% %s' %}",
    "{% translate name %}", "{% translate 'Orders' noop %}", "{% translate 'Orders'|upper %}",
    "{% translate 'May' context 'month' %}", "{% trans 'Not known, 5%%' %}",
    "{% blocktranslate %}Orders{% endblocktranslate %}",
    "{% blocktranslate with who=name %}100% for {{ who }}{% endblocktranslate %}",
    "{% autoescape off %}{% blocktranslate with who=name %}for {{ who }}{% endblocktranslate %}{% endautoescape %}",
    "{% blocktranslate trimmed %}\n  for {{ name }}\n  and {{ missing }}\n{% endblocktranslate %}",
    "{% blocktranslate trimmed count x=n %}{{ x }} waiting{% plural %}{{ x }} waiting{% endblocktranslate %}",
    "{% blocktranslate trimmed count x=one with w=name %}one {{ w }}{% plural %}{{ x }} {{ w }}{% endblocktranslate %}",
    "{% blocktranslate count x=much %}{{ x }} line{% plural %}{{ x }} lines{% endblocktranslate %}",
    "{% blocktranslate with w=name asvar said %}x {{ w }}{% endblocktranslate %}{{ said }}|{{ w }}",
    "{% url 'home' %}", "{% url 'item' sku %}", "{% url 'item' odd %}", "{% url 'orders:detail' number %}",
    "{% url 'orders:detail' '12' %}", "{% url 'item' sku=sku %}", "{% url 'orders:approval' key %}",
    "{% url 'orders:detail' number as there %}[{{ there }}]", "{% url 'nowhere' as there %}[{{ there }}]",
    "{% url 'orders:detail' negative as there %}[{{ there }}]", "{% url 'orders:detail' sku as there %}[{{ there }}]",
    "{% url 'item' dotted %}", "{% url 'orders:invoice' dotted as there %}[{{ there }}]",
    "{% url 'item' '' as there %}[{{ there }}]", "{% url 'item' nothing as there %}[{{ there }}]",
)  # fmt: skip


@pytest.mark.parametrize("text", SAME)
@pytest.mark.parametrize("language", ["en", "es"])
def test_both_say_the_same(text: str, language: str) -> None:
    template = "{% load i18n %}" + text
    with translation.override(language):
        said = [engine.from_string(template).render(Context(dict(VALUES))) for engine in (OWN, DJANGOS)]
        again = OWN.from_string(template).render(Context(dict(VALUES)))
    assert said[0] == said[1] == again


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{% url 'nowhere' %}", NoReverseMatch),
        ("{% url 'orders:detail' sku %}", NoReverseMatch),
        ("{% url 'item' '' %}", NoReverseMatch),
        ("{% load i18n %}{% blocktranslate count x=sku %}a{% plural %}b{% endblocktranslate %}", TemplateSyntaxError),
    ],
)
def test_both_refuse_the_same(text: str, error: type[Exception]) -> None:
    for engine in (OWN, DJANGOS):
        with pytest.raises(error):
            engine.from_string(text).render(Context(dict(VALUES)))


def test_an_address_is_never_that_of_another_row() -> None:
    """Kept is what stands around an argument, never the argument."""
    assert [address("orders:detail", n) for n in (1, 2)] == [reverse("orders:detail", args=[n]) for n in (1, 2)]
    assert [address("item", sku) for sku in ("A", "B C")] == [reverse("item", args=[sku]) for sku in ("A", "B C")]


def test_the_portal_renders_with_them() -> None:
    engine = Engine.get_default()
    assert engine.template_libraries["i18n"].tags["translate"].__module__ == "distportal.web.wording"
    nodes = engine.from_string("{% load i18n %}{% translate 'a' %}{% url 'home' %}").nodelist
    assert [type(node).__name__ for node in nodes[1:]] == ["Said", "Address"]


def test_a_word_is_looked_up_once_a_language_and_says_what_django_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Catalogue:
        def gettext(self, message: str) -> str:
            asked.append(message)
            return f"<{message}>"

    made = {"es": Catalogue(), "en": Catalogue()}
    monkeypatch.setattr(trans_real, "translation", made.__getitem__)
    monkeypatch.setattr(said_once, "MOST", 2)
    for language in ("es", "es", "en"):
        said_once.look_up_once(language)
    assert [made["es"].gettext("Orders") for _ in range(3)] == ["<Orders>"] * 3
    assert asked == ["Orders"]
    assert made["en"].gettext("Orders") == "<Orders>"
    assert asked == ["Orders", "Orders"], "each language has its own words"
    assert [made["es"].gettext(word) for word in ("a", "b", "b", "a")] == ["<a>", "<b>", "<b>", "<a>"]
    assert asked[2:] == ["a", "b", "b"], "so many are kept, and all are said"


def test_the_words_that_are_kept_are_those_of_the_catalogue() -> None:
    for language in ("en", "es"):
        with translation.override(language):
            before = [translation.gettext(word) for word in ("Orders", "Not known", "", "Shipped")]
            said_once.look_up_once(language)
            assert [translation.gettext(word) for word in ("Orders", "Not known", "", "Shipped")] == before
            assert [translation.gettext(word) for word in ("Orders", "Not known", "", "Shipped")] == before


def test_the_words_of_a_choice_are_djangos_in_both_languages() -> None:
    for language in ("es", "en", "es"):
        with translation.override(language):
            for status in (*OrderStatus.values, "no such state"):
                row = Order(status=status)
                assert row.get_status_display() == Model._get_FIELD_display(row, Order._meta.get_field("status"))
