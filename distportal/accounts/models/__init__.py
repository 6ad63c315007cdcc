"""Who buys, who signs in, and which account a person or a key may act for."""

from distportal.accounts.models.api_policy import ApiPolicy
from distportal.accounts.models.core import Account, ApiKey, Membership, ShipTo, User, UserManager
from distportal.accounts.models.invitation import Invitation
from distportal.accounts.models.visit import Visit, Visitor, as_visitor

__all__ = [
    "Account",
    "ApiKey",
    "ApiPolicy",
    "Invitation",
    "Membership",
    "ShipTo",
    "User",
    "UserManager",
    "Visit",
    "Visitor",
    "as_visitor",
]  # fmt: skip
