"""Letters about disputes go with their mails as PDFs."""

from __future__ import annotations

from distportal.notices.enclosures import register_enclosure
from orders.process.dispute_letters import ENCLOSURE, letter_paper

register_enclosure(ENCLOSURE, letter_paper)
