"""SAP IDocs in files: ORDERS05 out; ORDRSP, deliveries, invoices, materials and price conditions in."""
