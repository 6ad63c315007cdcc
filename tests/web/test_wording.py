"""The house's `translate`, `blocktranslate` and `url` say exactly what Django's own say, in both languages."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from distportal.web.addresses import address

OWN = Engine(libraries={"i18n": "distportal.web.wording"}, builtins=["distportal.web.addresses"])
DJANGOS = Engine(libraries={"i18n": "django.templatetags.i18n"})
VALUES = {
    "name": "<b>Ana & Söhne</b>", "n": 3, "one": 1, "much": Decimal("2.5"), "sku": "FST-10001", "odd": "A B&1%'",
    "number": 4711, "negative": -1, "nothing": None, "key": uuid.UUID(int=7), "who": {"is": "Bo"},
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
