"""Others as processes: a partner's SFTP server, an AS2 address, a webhook's receiver, each with a record on disk."""
