"""What is asked about cases, their runbooks and who gets them."""

from exceptions.queries.cases import open_case_count, open_cases

__all__ = ["open_case_count", "open_cases"]
