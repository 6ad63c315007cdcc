"""What is asked about cases, their runbooks and who gets them."""

from exceptions.queries.cases import VIEWS, cases_in_view, open_case_count, open_cases, queues_with_counts

__all__ = ["VIEWS", "cases_in_view", "open_case_count", "open_cases", "queues_with_counts"]
