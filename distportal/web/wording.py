"""`{% translate %}` and `{% blocktranslate %}` for pages of many rows: what does not change is worked out once.

A template says each of them hundreds of times a page. Django makes a lazy word of every literal and puts the text of
every block together again whenever it is drawn; here that is done when the template is read. Words, escaping and
catalogues are Django's own, and whatever is out of the plain way goes it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.template import Library, Node
from django.template.base import render_value_in_context
from django.templatetags import i18n
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import gettext, ngettext

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class Said(Node):
    """A literal in the reader's language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self._message = node.filter_expression.var.literal.replace("%", "%%")
        self._into = node.asvar

    def render(self, context: Any) -> str:
        """The words, or nothing where a variable takes them."""
        words = gettext(self._message).replace("%%", "%")
        if not self._into:
            return words
        context[self._into] = words
        return ""


class SaidAround(BlockTranslateNode):
    """A sentence around some values."""

    def __init__(self, node: BlockTranslateNode) -> None:
        self.__dict__.update(node.__dict__)
        self._one, names = self.render_token_list(self.singular)
        self._many, more = self.render_token_list(self.plural) if self.plural else ("", [])
        self._names = tuple(dict.fromkeys(names + more))

    def render(self, context: Any, nested: bool = False) -> str:
        """The sentence in the reader's language; what Django does with bad catalogues and missing values it does."""
        own = {name: value.resolve(context) for name, value in self.extra_context.items()}
        words = gettext(self._one) if not self._many else self._counted(own, context)
        if nested or words is None or any(name not in own and name not in context for name in self._names):
            return str(super().render(context, nested))
        values = {name: own[name] if name in own else context[name] for name in self._names}
        try:
            return words % {name: render_value_in_context(value, context) for name, value in values.items()}
        except (KeyError, ValueError):
            return str(super().render(context))

    def _counted(self, own: dict[str, Any], context: Any) -> str | None:
        if self.counter is None or self.countervar is None:
            return None
        count: Any = self.counter.resolve(context)
        if not isinstance(count, Decimal | float | int):
            return None
        own[self.countervar] = count
        return ngettext(self._one, self._many, count)  # type: ignore[arg-type]  # Django takes a Decimal, too


def _translate(parser: Any, token: Any) -> Node:
    node = i18n.do_translate(parser, token)
    literal = getattr(node.filter_expression.var, "literal", None)
    plain = isinstance(literal, str) and not (node.noop or node.message_context or node.filter_expression.filters)
    return Said(node) if plain else node


def _blocktranslate(parser: Any, token: Any) -> Node:
    node = i18n.do_block_translate(parser, token)
    return node if node.message_context or node.asvar else SaidAround(node)


for _name in ("translate", "trans"):
    register.tag(_name, _translate)
for _name in ("blocktranslate", "blocktrans"):
    register.tag(_name, _blocktranslate)
