"""The back office of operations: who our partners are, where their mailboxes lie, and which certificates are used."""

from edi.admin import certificates, partners

__all__ = ["certificates", "partners"]
