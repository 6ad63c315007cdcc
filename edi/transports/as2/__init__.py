"""AS2 (RFC 4130) as plain functions over bytes: messages, signatures, encryption, compression and receipts."""
