"""A process that ends in the middle of something, played inside a test."""

from __future__ import annotations


class Died(BaseException):
    """The process is gone; nobody writes anything down, no `except Exception` hears of it."""
