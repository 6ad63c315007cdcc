"""SFTP to partners and to ERPs that exchange files: sessions with a pinned host key, and a mailbox of folders."""
