"""Addresses of the order API."""

from __future__ import annotations

from django.urls import path

from orders.api.carriers import carrier_events
from orders.api.change_requests import CancellationView, ChangesView
from orders.api.dispute_evidence import DisputeEvidenceView
from orders.api.disputes import DisputesView, DisputeView
from orders.api.invoices import InvoicesView, InvoiceView
from orders.api.notes import NotesView
from orders.api.papers import InvoicePdfView, PapersView, ReturnLabelView, StatementPdfView
from orders.api.returns import ReturnsView, ReturnView, WithdrawalView
from orders.api.shipments import ProofImageView, ShipmentsView, ShipmentView
from orders.api.views import OrdersView, OrderView

urlpatterns = [
    path("orders", OrdersView.as_view(), name="api_orders"),
    path("accounts/<str:account>/notes", NotesView.as_view(), name="api_notes"),
    path("orders/<str:number>", OrderView.as_view(), name="api_order"),
    path("orders/<str:number>/changes", ChangesView.as_view(), name="api_changes"),
    path("orders/<str:number>/cancellation", CancellationView.as_view(), name="api_cancellation"),
    path("orders/<str:number>/documents", PapersView.as_view(), name="api_papers"),
    path("shipments", ShipmentsView.as_view(), name="api_shipments"),
    path("shipments/<str:number>", ShipmentView.as_view(), name="api_shipment"),
    path("proofs/<uuid:proof_id>/image", ProofImageView.as_view(), name="api_proof_image"),
    path("invoices", InvoicesView.as_view(), name="api_invoices"),
    path("invoices/<str:number>", InvoiceView.as_view(), name="api_invoice"),
    path("invoices/<str:number>/pdf", InvoicePdfView.as_view(), name="api_invoice_pdf"),
    path("statements/pdf", StatementPdfView.as_view(), name="api_statement_pdf"),
    path("disputes", DisputesView.as_view(), name="api_disputes"),
    path("disputes/<str:number>", DisputeView.as_view(), name="api_dispute"),
    path("disputes/<str:number>/evidence", DisputeEvidenceView.as_view(), name="api_dispute_evidence"),
    path("returns", ReturnsView.as_view(), name="api_returns"),
    path("returns/<str:number>", ReturnView.as_view(), name="api_return"),
    path("returns/<str:number>/withdrawal", WithdrawalView.as_view(), name="api_withdrawal"),
    path("returns/<str:number>/label", ReturnLabelView.as_view(), name="api_return_label"),
    path("carriers/<slug:name>/events", carrier_events, name="carrier_events"),
]
