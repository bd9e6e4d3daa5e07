"""A Dovecot of the suite's own: an unprivileged process on loopback with one mailbox in a temporary folder, stopped with its test."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from imap_tools import MailBox, MailBoxUnencrypted

from notifications.mailbox import Box
from tests.certificates import authority

USER, PASSWORD = "dondoc", "mật khẩu của hộp thư"

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
mail_fsync = never
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server with an empty mailbox of one user."""

    folder: Path
    port: int
    tls_port: int

    def box(self, **changes: object) -> Box:
        """How the program is told of the mailbox."""
        facts: dict[str, object] = {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD, "tls": "plain"}
        return Box(**facts | changes)  # type: ignore[arg-type]

    @contextmanager
    def open(self) -> Iterator[MailBox | MailBoxUnencrypted]:
        """The mailbox as another program sees it."""
        with MailBoxUnencrypted("127.0.0.1", self.port).login_utf8(USER, PASSWORD) as box:
            yield box

    def receive(self, *messages: bytes) -> None:
        """Put messages into the mailbox."""
        with self.open() as box:
            for message in messages:
                box.append(message, "INBOX")

    def lying(self) -> Mapping[str, int]:
        """How many messages each folder has."""
        with self.open() as box:
            return {each.name: box.folder.status(each.name, ["MESSAGES"])["MESSAGES"] for each in box.folder.list()}

    def empty(self) -> None:
        """Leave nothing in any folder."""
        with self.open() as box:
            for each in box.folder.list():
                box.folder.set(each.name)
                box.delete(box.uids())


@contextmanager
def server(folder: Path) -> Iterator[Dovecot]:
    """Run a Dovecot in a folder."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise RuntimeError("Dovecot is missing: run scripts/system-packages, or apt-get install dovecot-imapd")
    user = pwd.getpwnam("nobody" if os.geteuid() == 0 else getpass.getuser())
    port, tls_port = _free_ports(2)
    authority(folder, "127.0.0.1")
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
    group = grp.getgrgid(user.pw_gid).gr_name
    config = _CONFIG.format(folder=folder, user=user.pw_name, group=group, port=port, tls_port=tls_port)
    (folder / "dovecot.conf").write_text(config, encoding="utf-8")
    demote = _owned(folder, user)
    running = subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"], stderr=subprocess.PIPE, cwd=folder, **demote)  # type: ignore[call-overload]
    try:
        _wait(port, running, folder)
        yield Dovecot(folder, port, tls_port)
    finally:
        running.terminate()
        running.communicate()


def _owned(folder: Path, user: pwd.struct_passwd) -> dict[str, object]:
    """Give the folder to somebody who is not root, and run as him."""
    if os.geteuid() != 0:
        return {}
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait(port: int, running: subprocess.Popen[bytes], folder: Path) -> None:
    """Return when somebody listens; the server opens its ports before it can answer, and answers when it can."""
    while running.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=30) as probe:
            if probe.recv(4):
                return
    log = folder / "dovecot.log"
    raise RuntimeError(f"{running.stderr.read().decode() if running.stderr else ''}{log.read_text() if log.exists() else ''}")


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
