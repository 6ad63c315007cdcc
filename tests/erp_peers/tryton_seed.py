"""A small distributor in an empty Tryton: books, two warehouses, items, dealers, staff and the portal's key."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal

from tests.erp_peers.tryton_rpc import TrytonStaff

ADMIN = ("admin", "admin-of-the-test-erp")
CLERK = ("clerk", "clerk-of-the-test-erp")
PORTAL = "portal"
ITEMS = {"PLB-30001": "11.00", "HTL-40001": "22.00", "ELE-20002": "14.50", "SAF-50001": "5.25"}
WAREHOUSES = {"WH-R": 500, "WH-D": 40}


def seed_tryton(staff: TrytonStaff) -> str:
    """Everything a dealer's order needs; gives the portal's REST key."""
    usd = staff.one(
        "currency.currency", name="US Dollar", code="USD", symbol="$", numeric_code="840", rounding=Decimal("0.01"),
        digits=2, rates=[["create", [{"date": dt.date(2020, 1, 1), "rate": Decimal(1)}]]],
    )  # fmt: skip
    party = staff.one("party.party", name="Northline Distribution", addresses=[["create", [{"city": "Newark"}]]])
    company = staff.one("company.company", party=party, currency=usd)
    staff.write("res.user", [staff.uid], companies=[["add", [company]]], company=company)
    staff.reload()
    accounts = _chart(staff, company)
    _year(staff, company)
    terms = [["create", [{"type": "remainder", "relativedeltas": [["create", [{"days": 30}]]]}]]]
    term = staff.one("account.invoice.payment_term", name="Net 30", lines=terms)
    tax = _tax(staff, company)
    products = _items(staff, accounts, tax)
    _dealers(staff, company, term, products, tax)
    _stock(staff, company, products)
    return _people(staff, company)


def _chart(staff: TrytonStaff, company: int) -> dict[str, int]:
    wizard = "wizard.account.create_chart"
    session, *_ = staff.call(f"{wizard}.create")
    template = staff.call("model.ir.model.data.get_id", "account.account_template_root_en")
    staff.call(f"{wizard}.execute", session, {}, "account")
    chosen = {"account_template": template, "company": company}
    staff.call(f"{wizard}.execute", session, {"account": chosen}, "create_account")
    kinds = ("receivable", "payable", "revenue", "expense")
    found = {
        kind: staff.find("account.account", [f"type.{kind}", "=", True], ["closed", "!=", True], limit=1)[0]
        for kind in kinds
    }
    defaults = {
        "company": company,
        "account_receivable": found["receivable"],
        "account_payable": found["payable"],
        "category_account_expense": found["expense"],
        "category_account_revenue": found["revenue"],
    }
    staff.call(f"{wizard}.execute", session, {"account": chosen, "properties": defaults}, "create_properties")
    staff.call(f"{wizard}.delete", session)
    return found


def _year(staff: TrytonStaff, company: int) -> None:
    year = dt.datetime.now(dt.UTC).date().year

    def sequence(name: str, kind: str, prefix: str = "") -> int:
        sequence_type = staff.find("ir.sequence.type", ["name", "=", kind])[0]
        return staff.one("ir.sequence.strict", name=name, sequence_type=sequence_type, company=company, prefix=prefix)

    invoices = sequence("Invoice", "Invoice", f"INV{year}-")
    kinds = ("out_invoice_sequence", "in_invoice_sequence", "out_credit_note_sequence", "in_credit_note_sequence")
    year_id = staff.one(
        "account.fiscalyear", name=str(year), start_date=dt.date(year, 1, 1), end_date=dt.date(year + 1, 12, 31),
        company=company, move_sequence=sequence("Move", "Account Move"),
        invoice_sequences=[["create", [{"company": company, **dict.fromkeys(kinds, invoices)}]]],
    )  # fmt: skip
    staff.press("account.fiscalyear", "create_period", [year_id])


def _tax(staff: TrytonStaff, company: int) -> int:
    account = staff.find("account.account", ["code", "=", "6.3.6"])[0]
    return staff.one(
        "account.tax", name="Sales Tax", description="Sales Tax 6.625%", type="percentage", rate=Decimal("0.06625"),
        company=company, invoice_account=account, credit_note_account=account,
    )  # fmt: skip


def _items(staff: TrytonStaff, accounts: dict[str, int], tax: int) -> dict[str, int]:
    category = staff.one(
        "product.category", name="Goods", accounting=True,
        account_revenue=accounts["revenue"], account_expense=accounts["expense"],
        customer_taxes=[["add", [tax]]],
    )  # fmt: skip
    # Without a lead time Tryton ships everything today, whatever day the order asks for.
    staff.write("product.configuration", [1], default_lead_time=dt.timedelta())
    family = staff.one("product.category", name="Plumbing")
    unit = staff.find("product.uom", ["name", "=", "Unit"])[0]
    units = staff.read("product.uom", [unit], "category")[0]["category"]
    case = staff.one(
        "product.uom", name="Case of 12", symbol="cs12", category=units, factor=12.0, rate=round(1 / 12, 12),
        rounding=1.0, digits=0,
    )  # fmt: skip
    values = [
        {
            "name": f"Item {code}", "code": code, "type": "goods", "default_uom": unit, "salable": True,
            "sale_uom": case if code == "HTL-40001" else unit, "list_price": Decimal(price),
            "account_category": category, "categories": [["add", [family]]],
            "products": [["create", [{"suffix_code": "", "cost_price": Decimal(6)}]]],
        }
        for code, price in ITEMS.items()
    ]  # fmt: skip
    staff.create("product.template", *values)
    found = staff.find("product.product")
    return {row["code"]: row["id"] for row in staff.read("product.product", found, "code")}


def _dealers(staff: TrytonStaff, company: int, term: int, products: dict[str, int], tax: int) -> None:
    exempt = staff.one(
        "account.tax.rule", name="Resale", kind="sale", company=company, lines=[["create", [{"origin_tax": tax}]]]
    )
    valve = products["PLB-30001"]
    rungs = [
        {"sequence": 1, "product": valve, "quantity": 12.0, "formula": "unit_price * 0.70"},
        {"sequence": 2, "product": valve, "formula": "unit_price * 0.80"},
        {"sequence": 3, "formula": "unit_price * 0.90"},
    ]
    prices = staff.one(
        "product.price_list", name="Dealers", company=company, price="list_price", unit="product_default",
        lines=[["create", rungs]],
    )  # fmt: skip
    for code, price_list, rule in (("HARBOR", prices, None), ("SUMMIT", None, exempt)):
        places = [
            {"party_name": f"{code}-0{n}", "street": f"{n} Elm", "city": "Trenton", "postal_code": "08601",
             "invoice": n == 1, "delivery": True}
            for n in (1, 2)
        ]  # fmt: skip
        staff.one(
            "party.party", name=code.title(), code=code, customer_payment_term=term, sale_price_list=price_list,
            addresses=[["create", places]], credit_limit_amount=Decimal(5000) if price_list else None,
            customer_tax_rule=rule,
        )  # fmt: skip


def _stock(staff: TrytonStaff, company: int, products: dict[str, int]) -> None:
    first = staff.find("stock.location", ["type", "=", "warehouse"])[0]
    staff.write("stock.location", [first], code="WH-R", name="Reno")
    lost = staff.find("stock.location", ["type", "=", "lost_found"])[0]
    parts = {
        f"{part}_location": staff.one("stock.location", name=f"Dayton {part}", type="storage")
        for part in ("input", "output", "storage")
    }
    staff.one("stock.location", name="Dayton", code="WH-D", type="warehouse", lost_found_location=lost, **parts)
    for code, quantity in WAREHOUSES.items():
        warehouse = staff.find("stock.location", ["code", "=", code])
        storage = staff.read("stock.location", warehouse, "storage_location")[0]["storage_location"]
        lines = [{"product": product, "quantity": float(quantity)} for product in products.values()]
        inventory = staff.one(
            "stock.inventory", location=storage, company=company, empty_quantity="keep", lines=[["create", lines]]
        )
        staff.press("stock.inventory", "confirm", [inventory])


def _people(staff: TrytonStaff, company: int) -> str:
    groups = {row["name"]: row["id"] for row in staff.read("res.group", staff.find("res.group"), "name")}

    def person(login: str, password: str, *names: str) -> int:
        return staff.one(
            "res.user", name=login.title(), login=login, password=password, companies=[["add", [company]]],
            company=company, groups=[["add", [groups[name] for name in names]]],
        )  # fmt: skip

    person(*CLERK, "Sales", "Stock", "Stock Force Assignment", "Accounting")
    portal = person(PORTAL, secrets.token_urlsafe(24), "Sales", "Sales Administrator", "Sale Amendment", "Stock")
    key = secrets.token_hex(64)
    staff.one("res.user.application", user=portal, application="rest", key=key)
    return str(staff.read("res.user.application", staff.find("res.user.application"), "key")[-1]["key"])
