"""A real mail server for tests: Debian's Dovecot as an instance of its own, with its own folder, on a free port of this machine."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path

USER, PASSWORD = "help@rudny.example.kz", "trial-word"
_CONFIG = """\
protocols = imap
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
instance_name = {name}
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
{people}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{base}/mail
mail_uid = {user}
mail_gid = {group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/home
}}
service imap-login {{
{cage}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
{cage}
}}
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it listens, and how to put a letter into its mailbox."""

    port: int

    def put(self, raw: bytes) -> None:
        """Deliver a letter."""
        with IMAP4("127.0.0.1", self.port) as server:
            server.login(USER, PASSWORD)
            kind, answer = server.append("INBOX", "", "", raw)  # type: ignore[arg-type]  # reason: no flags, no date
            assert kind == "OK", answer

    def unread(self) -> int:
        """How many letters nobody has read."""
        with IMAP4("127.0.0.1", self.port) as server:
            server.login(USER, PASSWORD)
            server.select("INBOX", readonly=True)
            return len(server.search(None, "UNSEEN")[1][0].split())


def program() -> str:
    """Path of Dovecot, or ''."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin") or ""


def _settings(folder: Path, port: int) -> str:
    """Without root every part runs as this user; Dovecot refuses to read mail as root, then it is nobody's."""
    is_root = os.geteuid() == 0
    user = "nobody" if is_root else pwd.getpwuid(os.geteuid()).pw_name
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    own = f"default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}"
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
        if is_root and name in ("mail", "home"):
            shutil.chown(folder / name, user, group)
    return _CONFIG.format(
        base=folder, user=user, group=group, port=port, password=PASSWORD, name=f"test-{port}",
        people="" if is_root else own, cage="" if is_root else "  chroot =",
    )  # fmt: skip


@contextmanager
def running() -> Iterator[MailServer]:
    """A server of its own, stopped at the end. Raises RuntimeError with the end of its log when it does not start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="qatysu-mail-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with _started(folder, port) as server:
            yield server


@contextmanager
def _started(folder: Path, port: int) -> Iterator[MailServer]:
    config = folder / "dovecot.conf"
    config.write_text(_settings(folder, port))
    process = subprocess.Popen([program(), "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, port, folder)
        yield MailServer(port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _ in range(60):
        try:
            with IMAP4("127.0.0.1", port) as server:
                server.login(USER, PASSWORD)
                return
        except (OSError, IMAP4.error):
            if process.poll() is not None:
                break
            time.sleep(0.1)
    log = folder / "log"
    raise RuntimeError(f"dovecot did not start: {log.read_text()[-2000:] if log.exists() else ''}")
