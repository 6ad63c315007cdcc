"""What is asked about cases, their runbooks and who gets them."""

from exceptions.queries.cases import OPEN_OF, open_cases

__all__ = ["OPEN_OF", "open_cases"]
