"""Goods on their way to partners' warehouses: announce them (943), see what was received (944)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from distportal.canonical.parts import Address
from distportal.canonical.warehouse import StockTransfer, WarehouseLine
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest
from edi.models import StockTransfer as Announced
from edi.models import WarehouseLink
from edi.ops.audience import TEAM
from edi.ops.composing import shown_drafts
from edi.process.composing import Draft, preview
from edi.process.stock_figures import names_of
from edi.process.transfers import announce_transfer
from edi.queries.warehouses import items_with_skus, links_that_take_943
from edi.x12.errors import WriteError


class TransferForm(forms.Form):
    """What a 943 says; the lines are typed or pasted, one `SKU quantity` a row, in base units."""

    link: forms.ModelChoiceField[WarehouseLink] = forms.ModelChoiceField(
        WarehouseLink.objects.none(), label="To", empty_label="Choose a warehouse"
    )
    number = forms.RegexField(r"^[A-Za-z0-9/-]+\Z", max_length=22, label="Transfer number")
    ship_from = forms.CharField(max_length=60, label="From")
    shipped_on = forms.DateField(label="Shipped on", widget=forms.DateInput(attrs={"type": "date"}))
    expected_on = forms.DateField(label="Expected on", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    carrier = forms.CharField(max_length=35, required=False, label="Carrier (SCAC or name)")
    tracking_number = forms.CharField(max_length=30, required=False, label="PRO number")
    bill_of_lading = forms.CharField(max_length=30, required=False, label="Bill of lading")
    lines = forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), label="Lines: SKU and quantity")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["link"].queryset = links_that_take_943()  # type: ignore[attr-defined]

    def clean_lines(self) -> tuple[WarehouseLine, ...]:
        """Every row read; each that cannot be is told."""
        rows = [row.replace(",", " ").replace(";", " ").split() for row in self.cleaned_data["lines"].splitlines()]
        rows = [row for row in rows if row]
        items = items_with_skus([row[0].upper() for row in rows])
        made: list[WarehouseLine] = []
        for number, row in enumerate(rows, 1):
            item, quantity = items.get(row[0].upper()), _quantity(row[1:])
            if item is None or quantity is None:
                what = "no item of ours" if item is None else "without a quantity"
                self.add_error("lines", f"Row {number}, {' '.join(row)[:40]}: {what}.")
                continue
            made.append(
                WarehouseLine(
                    line_no=str(number),
                    items=names_of(item),
                    quantity=quantity,
                    unit=item.base_unit,
                    description=item.name,
                )
            )
        return tuple(made)


def _quantity(rest: list[str]) -> Decimal | None:
    try:
        found = Decimal(rest[0])
    except (IndexError, InvalidOperation):
        return None
    return found if found.is_finite() and 0 < found < 10**9 else None


@require_http_methods(["GET", "POST"])
@TEAM
def transfers(request: PersonRequest) -> HttpResponse:
    """What is on its way and what became of it, with the form that announces another."""
    form, looked_at = TransferForm(request.POST or None), list[Draft]()
    if request.method == "POST" and form.is_valid():
        link, transfer = form.cleaned_data["link"], _transfer(form)
        try:
            if "preview" in request.POST:
                looked_at = preview(lambda: [announce_transfer(link=link, transfer=transfer).document])
            else:
                row = announce_transfer(link=link, transfer=transfer)
                messages.success(request, f"{row.partner} is told of transfer {row}")
                return redirect("edi:transfers")
        except (DomainError, WriteError) as error:
            form.add_error(None, str(error))
    rows = Announced.objects.select_related("partner", "warehouse", "document").prefetch_related("receipts")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "edi/ops/transfers.html", {"form": form, "page": page, **shown_drafts(looked_at)})


def _transfer(form: TransferForm) -> StockTransfer:
    data = form.cleaned_data
    link: WarehouseLink = data["link"]
    place = Address(code=link.their_code or link.warehouse.code, name=link.warehouse.name)
    told = {name: data[name] for name in ("number", "shipped_on", "carrier", "tracking_number", "bill_of_lading")}
    return StockTransfer(
        **told,
        expected_on=data["expected_on"],
        ship_from=Address(name=data["ship_from"]),
        warehouse=place,
        lines=data["lines"],
    )
