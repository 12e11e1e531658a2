"""Puts a scenario on the booted host, and starts its sshd there."""
import os
import re
import shutil
import signal
import struct
import subprocess
import time

from keylines import NAMES

KEY = re.compile("@KEY:([a-z0-9-]+)@")
CONFIG = "/srv/sshd_config"


class Stage:
    def __init__(self, root, leader, keyring):
        self.root = root
        self.leader = leader
        self.keyring = keyring
        self.base = {name: self._read(f"/etc/{name}") for name in ("passwd", "shadow", "group")}
        hosts = "127.0.0.1 localhost\n::1 localhost\n" + "".join(f"{a} {n}\n" for a, n in NAMES.items())
        self._write("/etc/hosts", hosts)
        self._write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\ninitgroups: files\nhosts: files\n")
        os.makedirs(self._real("/run/sshd"), 0o755, exist_ok=True)
        # A session of logind for each of thousands of logins would cost more than all the rest, and refuses nobody.
        session = self._read("/etc/pam.d/common-session")
        self._write("/etc/pam.d/common-session", "".join(line for line in session.splitlines(True) if "systemd" not in line))

    def _real(self, path):
        """Refuses to go through a link: its target would be looked up on this machine."""
        real = self.root
        for part in path.strip("/").split("/")[:-1]:
            real += "/" + part
            if os.path.islink(real):
                raise RuntimeError(f"{path} goes through a link")
        return self.root + path

    def _read(self, path):
        with open(self._real(path), encoding="utf-8") as file:
            return file.read()

    def _write(self, path, content, mode=0o644):
        """Replaces a file; a link in its place is not followed."""
        real = self._real(path)
        if os.path.lexists(real):
            os.unlink(real)
        data = content if isinstance(content, bytes) else content.encode()
        descriptor = os.open(real, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(descriptor, mode)

    def _clear(self, directory):
        real = self._real(directory)
        for name in os.listdir(real):
            path = os.path.join(real, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)

    def fill(self, text):
        return KEY.sub(lambda found: self.keyring.line(found.group(1)), text)

    def apply(self, scenario):
        for directory in ("/home", "/srv"):
            self._clear(directory)
        shutil.rmtree(self._real("/root/.ssh"), ignore_errors=True)
        if os.path.islink(self._real("/root/.ssh")):
            os.unlink(self._real("/root/.ssh"))
        self._accounts(scenario)
        self._write(CONFIG, scenario.config)
        self._write("/srv/hostkey", open(self.keyring.path("server"), "rb").read(), 0o600)
        self._write("/srv/own-shell", "#!/bin/sh\nexec /bin/sh \"$@\"\n", 0o755)
        self._write("/srv/not-executable", "#!/bin/sh\nexec /bin/sh \"$@\"\n", 0o644)
        os.symlink("/bin/bash", self._real("/srv/linked-shell"))
        owners = {account["name"]: (account["uid"], account["gid"]) for account in scenario.accounts}
        groups = {name: gid for name, (gid, _) in scenario.groups.items()}
        for entry in scenario.files:
            self._make(entry, owners, groups)
        if scenario.revoked is not None:
            self._write("/srv/revoked", self.keyring.revocation(scenario.revoked))
        for path, content in scenario.pam.items():
            if content is not None:
                self._write(path, content)
            elif os.path.lexists(self._real(path)):
                os.unlink(self._real(path))
        self.remember_failures(scenario)

    def _make(self, entry, owners, groups):
        kind, path, mode, owner, content = entry
        real = self._real(path)
        if kind == "dir":
            os.makedirs(real, exist_ok=True)
        elif kind == "file":
            self._write(path, self.fill(content))
        elif kind == "link":
            os.symlink(content, real)
        else:
            os.mkfifo(real)
        user, _, group = owner.partition(":")
        uid, gid = {"daemon": (1, 1), "root": (0, 0)}.get(user) or owners[user]
        gid = groups.get(group, gid)
        os.chown(real, uid, gid, follow_symlinks=False)
        if kind != "link":
            os.chmod(real, mode)

    def _accounts(self, scenario):
        passwd = [line for line in self.base["passwd"].splitlines() if not line.startswith("root:")]
        shadow = [line for line in self.base["shadow"].splitlines() if not line.startswith("root:")]
        group = [line for line in self.base["group"].splitlines() if line.split(":")[0] not in scenario.groups]
        for one in scenario.accounts:
            passwd.append(f"{one['name']}:{one['passwd']}:{one['uid']}:{one['gid']}::{one['home']}:{one['shell']}")
            if one["shadow"] is not None:
                shadow.append(f"{one['name']}:{':'.join(one['shadow'])}:")
        for name, (gid, members) in scenario.groups.items():
            group.append(f"{name}:x:{gid}:{','.join(members)}")
        self._write("/etc/passwd", "\n".join(passwd) + "\n")
        self._write("/etc/shadow", "\n".join(shadow) + "\n", 0o640)
        self._write("/etc/group", "\n".join(group) + "\n")

    def remember_failures(self, scenario):
        """The records of pam_faillock: source, flags, and when."""
        directory = self.root + "/run/faillock"
        os.makedirs(directory, exist_ok=True)
        for name, count in scenario.tallies.items():
            record = struct.pack("<52sHHQ", b"10.1.0.1", 0, 0x1 | 0x2, int(time.time()) - 5)
            path = f"{directory}/{name}"
            with open(path, "wb") as file:
                file.write(record * count)
            os.chmod(path, 0o600)
            uid = next(one["uid"] for one in scenario.accounts if one["name"] == name)
            os.chown(path, uid, -1)
        if not scenario.tallies:
            shutil.rmtree(directory)

    def accepted_algorithms(self, visitor):
        """Signature algorithms that the scenario's sshd takes from a visitor, as it says itself."""
        question = f"user={visitor.user},host={visitor.host_name or visitor.source},addr={visitor.source}," \
                   f"laddr={visitor.server},lport={visitor.port}"
        done = subprocess.run(self.enter("/usr/sbin/sshd", "-T", "-f", CONFIG, "-C", question), capture_output=True,
                              stdin=subprocess.DEVNULL, check=True, encoding="utf-8")
        return re.search("^pubkeyaccepted(?:algorithms|keytypes) (.*)$", done.stdout, re.MULTILINE).group(1).split(",")

    def enter(self, *command):
        """The command line that runs something in the host."""
        return ["nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--",
                "/usr/bin/env", "--ignore-environment", "--chdir=/", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *command]


class Server:
    """The scenario's sshd, in the host. `started` is false when it would not."""

    def __init__(self, stage, sockets, log):
        self.log = log
        with open(log, "wb") as file:
            self.process = subprocess.Popen(stage.enter("/usr/sbin/sshd", "-D", "-e", "-f", CONFIG), stderr=file,
                                            stdout=file, stdin=subprocess.DEVNULL)
        self.started = self._answers(sockets)

    def _answers(self, sockets):
        for _ in range(1000):
            if self.process.poll() is not None:
                return False
            if self.text().count("Server listening on") == sockets:
                return True
            time.sleep(0.01)
        raise RuntimeError("sshd neither listens nor ends:\n" + self.text())

    def text(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            # nsenter waits for sshd, which is its child because of the other process namespace. Not SIGTERM: sshd 8.4 sleeps
            # on when that comes between its look for signals and its wait for connections.
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
                for child in file.read().split():
                    os.kill(int(child), signal.SIGKILL)
        self.process.wait(20)
