"""Where an ERP behind files has its folders: on our disk, or on an SFTP server with a copy of what came on our disk."""

from __future__ import annotations

from dataclasses import dataclass, field

from distportal.systems.erp.files.folder import Folder
from distportal.systems.erp.files.sftp_folder import SftpFolder
from distportal.systems.errors import Misconfigured
from distportal.systems.sftp.mailbox import SftpOptions


def _secret() -> str:
    return field(default="", repr=False, metadata={"secret": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`folder` is on a local disk; without `sftp_host` it is shared with the ERP itself.

    With one, `sftp_outbox` and `sftp_inbox` there are the ERP's to read and to fill, what was taken goes to
    `sftp_archive`; `sftp_host_key` is pinned (a line as in known_hosts). The secrets are a password, or a private key
    with its passphrase. `poll_seconds`: the server is looked at no more often.
    """

    folder: str
    sftp_host: str = ""
    sftp_port: int = 22
    sftp_user: str = ""
    sftp_host_key: str = ""
    sftp_inbox: str = "inbox"
    sftp_outbox: str = "outbox"
    sftp_archive: str = "archive"
    sftp_password: str = _secret()
    sftp_private_key: str = _secret()
    sftp_passphrase: str = _secret()
    poll_seconds: float = 15.0
    quiet_seconds: float = 5.0

    def check_place(self) -> None:
        """Raises Misconfigured where a server is named without its user or its key."""
        if self.sftp_host and not (self.sftp_user and self.sftp_host_key.strip()):
            message = "sftp_host needs sftp_user and sftp_host_key: ask the ERP's people for their server's public key"
            raise Misconfigured("erp.connection_invalid", message)

    def open_folder(self) -> Folder:
        """The folder of the connection."""
        if not self.sftp_host:
            return Folder(self.folder, quiet_seconds=self.quiet_seconds)
        options = SftpOptions(
            host=self.sftp_host, port=self.sftp_port, username=self.sftp_user, host_key=self.sftp_host_key,
            inbox_folder=self.sftp_inbox, outbox_folder=self.sftp_outbox, archive_folder=self.sftp_archive,
        )  # fmt: skip
        secrets = {
            "password": self.sftp_password,
            "private_key": self.sftp_private_key,
            "passphrase": self.sftp_passphrase,
        }
        return SftpFolder(
            self.folder, options, secrets, quiet_seconds=self.quiet_seconds, poll_seconds=self.poll_seconds
        )
