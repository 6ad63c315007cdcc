"""Demo accounts and people. Passwords are for the demo alone and say so."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import transaction

from distportal.accounts.choices import AccountKind, Role, Scope, StaffGroup
from distportal.accounts.models import Account, ApiKey, Membership, ShipTo, User

DEMO_PASSWORD = "demo-portal-2026"  # noqa: S105  printed by the demo, valid nowhere else

ACCOUNTS = (
    ("HARBOR", "Harbor Hardware", AccountKind.DEALER, "A"), ("SUMMIT", "Summit Supply", AccountKind.DEALER, "B"),
    ("PRAIRIE", "Prairie Tool & Fastener", AccountKind.DEALER, "B"),
    ("LAKESIDE", "Lakeside Building Center", AccountKind.DEALER, "A"),
    ("IRONWORK", "Ironwork Industrial", AccountKind.DEALER, "A"),
    ("BAYOU", "Bayou Plumbing Supply", AccountKind.DEALER, "C"),
    ("GRANITE", "Granite State Hardware", AccountKind.DEALER, "B"),
    ("MESA", "Mesa Electric Supply", AccountKind.DEALER, "B"),
    ("TIDEWATER", "Tidewater Marine & Tool", AccountKind.DEALER, "C"),
    ("CASCADE", "Cascade Contractor Supply", AccountKind.DEALER, "A"),
    ("HEARTLAND", "Heartland Farm & Home", AccountKind.DEALER, "B"),
    ("OLDTOWN", "Old Town Hardware", AccountKind.DEALER, "C"),
    ("CRESTLINE", "Crestline Home Centers", AccountKind.RETAILER, "A"),
    ("BRIGHTWAY", "Brightway Stores", AccountKind.RETAILER, "A"),
)  # fmt: skip
SHIP_TOS = (
    ("HARBOR", "HARBOR-01", "Harbor Hardware Monterey", "12 Wharf Street", "Monterey", "CA", "93940"),
    ("HARBOR", "HARBOR-02", "Harbor Hardware Pacific Grove", "480 Cannery Row", "Pacific Grove", "CA", "93950"),
    ("SUMMIT", "SUMMIT-01", "Summit Supply Truckee", "900 Ridge Road", "Truckee", "CA", "96161"),
    ("PRAIRIE", "PRAIRIE-01", "Prairie Tool & Fastener Salina", "77 Grain Avenue", "Salina", "KS", "67401"),
    ("LAKESIDE", "LAKESIDE-01", "Lakeside Building Center Erie", "3100 Shore Drive", "Erie", "PA", "16505"),
    ("LAKESIDE", "LAKESIDE-02", "Lakeside Building Center Ashtabula", "15 Dock Lane", "Ashtabula", "OH", "44004"),
    ("IRONWORK", "IRONWORK-01", "Ironwork Industrial Gary", "640 Foundry Street", "Gary", "IN", "46402"),
    ("BAYOU", "BAYOU-01", "Bayou Plumbing Supply Houma", "221 Levee Road", "Houma", "LA", "70360"),
    ("GRANITE", "GRANITE-01", "Granite State Hardware Concord", "5 Quarry Lane", "Concord", "NH", "03301"),
    ("MESA", "MESA-01", "Mesa Electric Supply Mesa", "1420 Canyon Boulevard", "Mesa", "AZ", "85201"),
    ("TIDEWATER", "TIDEWATER-01", "Tidewater Marine & Tool Norfolk", "38 Jetty Street", "Norfolk", "VA", "23510"),
    ("CASCADE", "CASCADE-01", "Cascade Contractor Supply Bend", "2205 Timber Way", "Bend", "OR", "97701"),
    ("HEARTLAND", "HEARTLAND-01", "Heartland Farm & Home Ames", "16 Silo Road", "Ames", "IA", "50010"),
    ("OLDTOWN", "OLDTOWN-01", "Old Town Hardware Trenton", "7 Market Square", "Trenton", "NJ", "08608"),
    ("CRESTLINE", "0117", "Crestline Home Centers #0117", "4500 Logistics Parkway", "Columbus", "OH", "43217"),
    ("CRESTLINE", "0233", "Crestline Home Centers #0233", "880 Interchange Drive", "Reno", "NV", "89506"),
    ("BRIGHTWAY", "DC01", "Brightway Stores #DC01", "61 Distribution Road", "Edison", "NJ", "08817"),
    ("BRIGHTWAY", "DC02", "Brightway Stores #DC02", "2400 Commerce Court", "Macon", "GA", "31206"),
)  # fmt: skip
STAFF = (
    ("agent@northline.example", "Ana Reyes", StaffGroup.AGENT),
    ("finance@northline.example", "Frank Osei", StaffGroup.FINANCE),
    ("finance2@northline.example", "Fay Lindqvist", StaffGroup.FINANCE),
    ("operator@northline.example", "Omar Haddad", StaffGroup.OPERATOR),
)
DEALERS = (
    ("buyer@harbor.example", "Bea Harbor", "HARBOR", Role.BUYER),
    ("admin@harbor.example", "Adam Harbor", "HARBOR", Role.ADMIN),
    ("approver@harbor.example", "Ines Harbor", "HARBOR", Role.APPROVER),
    ("accounts@harbor.example", "Carl Harbor", "HARBOR", Role.ACCOUNTS),
    ("buyer@summit.example", "Sol Summit", "SUMMIT", Role.BUYER),
)


@transaction.atomic
def seed_accounts() -> None:
    """Accounts, ship-tos, people and staff groups are there; running it again changes nothing."""
    for code, name, kind, tier in ACCOUNTS:
        Account.objects.get_or_create(code=code, defaults={"name": name, "kind": kind, "tier": tier})
    accounts = {a.code: a for a in Account.objects.all()}
    for owner, code, name, street, city, region, postcode in SHIP_TOS:
        ShipTo.objects.get_or_create(
            account=accounts[owner],
            code=code,
            defaults={"name": name, "street": street, "city": city, "region": region, "postcode": postcode},
        )
    for email, name, group in STAFF:
        user = _person(email, name, is_staff=True)
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    for email, name, owner, role in DEALERS:
        Membership.objects.get_or_create(user=_person(email, name), account=accounts[owner], defaults={"role": role})


def seed_group() -> None:
    """Harbor Hardware has a company below it whose new addresses we review; running it again changes nothing."""
    parent = Account.objects.get(code="HARBOR")
    Account.objects.filter(code="OLDTOWN", parent=None).update(parent=parent, ship_to_review=True)


def _person(email: str, name: str, *, is_staff: bool = False) -> User:
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, DEMO_PASSWORD, name=name, is_staff=is_staff)


@transaction.atomic
def seed_crm_key() -> str:
    """The demo CRM's key, told once; empty when it was made before."""
    if ApiKey.objects.filter(name="Demo CRM").exists():
        return ""
    scopes = [
        Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.CATALOGUE_READ, Scope.NOTES_READ, Scope.NOTES_WRITE,
    ]  # fmt: skip
    _, secret = ApiKey.objects.create_key(name="Demo CRM", channel="crm", scopes=scopes)
    return str(secret)
