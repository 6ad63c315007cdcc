"""What other apps do with cases: open them, and end them when what failed is settled."""

from exceptions.process.closing import resolve_case, resolve_cases
from exceptions.process.handling import claim_case, comment_case
from exceptions.process.opening import open_case

__all__ = ["claim_case", "comment_case", "open_case", "resolve_case", "resolve_cases"]
