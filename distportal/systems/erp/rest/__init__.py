"""The generic adapter: an ERP behind the contract of docs/erp-rest.openapi.yaml."""
