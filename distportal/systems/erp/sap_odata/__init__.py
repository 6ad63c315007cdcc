"""SAP S/4HANA behind the ERP port, over the OData V2 services of its API hub."""
