"""The runbook of a kind of case: as it came with the portal, or as this site has changed it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from exceptions.models import RunbookEdit

# Raw HTML is shown as text, and addresses that could run something are no links; pictures would come from elsewhere.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """Its text, and who changed it last; `version` 0 is the one that came with the portal."""

    kind: str
    text: str
    version: int = 0
    edit: RunbookEdit | None = None

    @property
    def html(self) -> SafeString:
        """The text without its title, as the page shows it."""
        _, _, body = self.text.partition("\n") if self.text.startswith("# ") else ("", "", self.text)
        return rendered(body)


def rendered(text: str) -> SafeString:
    """Markdown as HTML in which nothing of the text can be more than text, lists, links and emphasis."""
    html: str = _MARKDOWN.render(text)
    return mark_safe(html)  # noqa: S308 - html is off, see above


def runbook_of(kind: str) -> Runbook:
    """The runbook in force; an empty one where there is none."""
    edit = RunbookEdit.objects.filter(kind=kind).order_by("-version").first()
    text = (edit.text if edit else "") or shipped_text(kind)
    return Runbook(kind=kind, text=text, version=edit.version if edit else 0, edit=edit)


def runbook_history(kind: str) -> list[RunbookEdit]:
    """What this site changed, the latest first."""
    return list(RunbookEdit.objects.filter(kind=kind).order_by("-version"))


@cache
def shipped_text(kind: str) -> str:
    """The file that came with the portal; empty where there is none."""
    for config in apps.get_app_configs():
        file = Path(config.path) / "runbooks" / f"{kind}.md"
        if file.is_file():
            return file.read_text()
    return ""
