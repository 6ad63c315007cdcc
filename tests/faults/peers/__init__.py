"""Others as processes: a partner's SFTP server, a partner on AS2 and a webhook's receiver, each with a record on disk."""
