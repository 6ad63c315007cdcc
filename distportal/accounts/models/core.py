"""Accounts with their places, people with their memberships, and keys."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from rest_framework_api_key.models import AbstractAPIKey

from distportal.accounts.choices import AccountKind, AccountStatus, PlaceReview, Role
from distportal.accounts.models.api_policy import ApiPolicy
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.calendars.models import Calendar, check_time_zone
from distportal.common.models import TimestampedModel, UuidModel

if TYPE_CHECKING:
    from distportal.accounts.standing import Standing


@pghistory.track()
class Account(UuidModel, TimestampedModel):
    """A dealer or retailer that buys from us. Money facts are the ERP's, copied with their `credit_as_of`."""

    account_path: ClassVar[str] = "id"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=AccountKind)
    status = models.CharField(max_length=10, choices=AccountStatus, default=AccountStatus.ACTIVE)
    tier = models.CharField(max_length=1, default="B")
    currency = models.CharField(max_length=3, default="USD")
    price_group = models.CharField(
        max_length=20, blank=True, db_default="", help_text="Whose price list counts besides contracts"
    )
    company = models.CharField(max_length=20, blank=True, db_default="", help_text="Our legal entity that sells to it")
    erp = models.CharField(
        max_length=16, default="default", db_default="default", help_text="ERP connection it is with"
    )
    erp_code = models.CharField(max_length=40, blank=True, db_index=True)
    least_shelf_life = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days that have to be left when goods leave; empty: as the item says"
    )
    credit_limit = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    credit_balance = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    credit_as_of = models.DateTimeField(null=True, blank=True)
    erp_version = models.CharField(max_length=64, blank=True)
    po_required = models.BooleanField(default=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children",
        help_text="Its administrators act for this company, too; a parent has no parent itself",
    )  # fmt: skip
    mfa_required = models.BooleanField(
        default=False, db_default=False, help_text="Its people need a second factor before they see anything"
    )
    ship_to_review = models.BooleanField(
        default=False, db_default=False, help_text="A ship-to that the dealer enters waits for our review"
    )
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Whose working days count for it; empty: the default calendar",
    )  # fmt: skip

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def credit_available(self) -> Decimal:
        """Limit minus balance, by the ERP's figures; may be negative."""
        return self.credit_limit - self.credit_balance


@pghistory.track()
class ShipTo(UuidModel, TimestampedModel):
    """A place of an account that we deliver to; `buyer_code` is what the buyer's EDI calls it (N104)."""

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="ship_tos")
    code = models.CharField(max_length=30)
    buyer_code = models.CharField(max_length=80, blank=True)
    erp_code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=60)
    region = models.CharField(max_length=10)
    postcode = models.CharField(max_length=15)
    country = models.CharField(max_length=2, default="US")
    active = models.BooleanField(default=True)
    review = models.CharField(
        max_length=8, choices=PlaceReview, default=PlaceReview.APPROVED, db_default=PlaceReview.APPROVED,
        help_text="Only an approved ship-to can be active",
    )  # fmt: skip
    review_note = models.CharField(max_length=200, blank=True, db_default="")

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "code"], name="accounts_shipto_code"),
            models.UniqueConstraint(
                fields=["account", "buyer_code"], name="accounts_shipto_buyer_code", condition=~models.Q(buyer_code="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city} {self.region}"


class UserManager(BaseUserManager["User"]):
    """Makes users that are known by their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A saved user; without a password nobody can sign in as them yet."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A user that may do everything in the admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **extra})


@pghistory.track(exclude=["password", "last_login"])
class User(UuidModel, AbstractBaseUser, PermissionsMixin):
    """A person. Staff belong to groups (agent, finance, operator); dealers' people to accounts by Membership."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    language = models.CharField(
        max_length=10,
        blank=True,
        db_default="",
        help_text="Of pages and mails; empty: as the browser asks, mails English",
    )
    time_zone = models.CharField(
        max_length=60, blank=True, db_default="", validators=[check_time_zone],
        help_text="In which moments are shown; empty: that of the account's calendar",
    )  # fmt: skip
    single_keys = models.BooleanField(
        default=True, db_default=True, help_text="Letters alone do something on pages (WCAG 2.1.4)"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    standing: Standing | None = None
    """In a request of a dealer's person: the one company they act for now. Set by the site's frame, never stored."""

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name shown to people."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of the name."""
        return self.name.split(" ")[0]


@pghistory.track()
class Membership(UuidModel, TimestampedModel):
    """A person's role in one account."""

    account_path: ClassVar[str] = "account_id"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    active = models.BooleanField(default=True, db_default=True, help_text="Off: the person is not let in any more")
    order_limit = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True,
        help_text="The most one order may come to without approval; empty: no limit",
    )  # fmt: skip
    daily_limit = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True,
        help_text="The most all orders of a day may come to without approval; empty: no limit",
    )  # fmt: skip
    monthly_limit = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True,
        help_text="The most all orders of a calendar month may come to without approval; empty: no limit",
    )  # fmt: skip

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "account"], name="accounts_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.account} ({self.role})"


@pghistory.track(exclude=["hashed_key", "last_used_at"])
class ApiKey(AbstractAPIKey):
    """A key of another system. Without an account it is a house client (CRM) that may act for any account."""

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="api_keys")
    channel = models.CharField(max_length=10, default="api")
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    last_used_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="successors",
        help_text="The key that this one was made to take the place of",
    )  # fmt: skip
    family = models.CharField(
        max_length=8, blank=True, db_default="", help_text="Prefix of the first key of those that replaced one another"
    )
    networks = models.CharField(
        max_length=1000, blank=True, db_default="", help_text="Address ranges it may be used from; empty: any"
    )
    policy = models.ForeignKey(ApiPolicy, on_delete=models.PROTECT, null=True, blank=True, related_name="keys")

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"

    @property
    def identity(self) -> str:
        """What stays the same when the key is replaced: requests that were begun with the old one are known again."""
        return self.family or str(self.prefix)
