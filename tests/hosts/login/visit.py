"""One visitor: what sshkeep says beforehand, what the real ssh gets, and where the two differ."""
import json
import os
import re
import shlex
import subprocess
from dataclasses import dataclass

from keyring import NOISE
from stage import CONFIG

MARK = "MARK-of-the-visitor"
CLIENT = """Host *
IdentitiesOnly yes
IdentityAgent none
ControlMaster no
ControlPath none
ConnectTimeout 30
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
GlobalKnownHostsFile /dev/null
CheckHostIP no
UpdateHostKeys no
KexAlgorithms curve25519-sha256
HostKeyAlgorithms ssh-ed25519
GSSAPIAuthentication no
HostbasedAuthentication no
RequestTTY no
LogLevel DEBUG1
"""
# All that this machine's ssh has for keys in files, the newer ones for RSA first.
ALGORITHMS = [kind + suffix for suffix in ("-cert-v01@openssh.com", "")
              for kind in ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
                           "rsa-sha2-256", "ssh-rsa")]
LAST_METHOD = re.compile(r'^Authenticated to .* using "([^"]*)"\.\r?$', re.MULTILINE)
PART_METHOD = re.compile(r'^Authenticated using "([^"]*)" with partial success\.\r?$', re.MULTILINE)
ACCEPTED_KEY = re.compile(r"^debug1: Server accepts key: .* (SHA256:\S+)", re.MULTILINE)
REMARK = re.compile(r"^debug1: Remote: (.*)$", re.MULTILINE)
RIGHTS = {"agent-forwarding", "port-forwarding", "pty", "user-rc"}  # all but what X11Forwarding no takes away anyway
ASKPASS = """#!/bin/sh
printf '%s\\n' "$VISITOR_PASSWORD"
"""
# What a prediction may hang on without being wrong; everything else must be decided.
MAY_BE_UNKNOWN = [re.compile(text) for text in (
    "whether the rule for sshd holds",       # hosts.allow names hosts, and libwrap looks names up whatever UseDNS says
    "hangs on names that are not looked up"  # pam_access looks up the name that UseDNS found
)]


@dataclass
class Real:
    admitted: bool
    output: str
    said: str
    status: int
    methods: list  # that succeeded
    keys: list     # fingerprints of the keys that sshd was ready to accept
    sftp: bool = False  # when no command ran: a file transfer does


class Visits:
    def __init__(self, sshkeep, stage, keyring, directory):
        self.sshkeep = sshkeep
        self.stage = stage
        self.keyring = keyring
        self.client = os.path.join(directory, "ssh_config")
        self.askpass = os.path.join(directory, "askpass")
        with open(self.client, "w", encoding="ascii") as file:
            file.write(CLIENT)
        with open(self.askpass, "w", encoding="ascii") as file:
            file.write(ASKPASS)
        os.chmod(self.askpass, 0o755)

    def credentials(self, visitor):
        return [key if isinstance(key, str) else self.keyring.certify(key) for key in visitor.keys]

    def question(self, visitor):
        """The command line that predicts."""
        words = [self.sshkeep, "access", "check", "--root", self.stage.root, "-f", CONFIG, "--format", "json",
                 "--user", visitor.user, "--from", visitor.source, "--laddr", visitor.server, "--lport", str(visitor.port)]
        for name in self.credentials(visitor):
            words += ["--key", self.keyring.path(name) + ".pub"]
        if visitor.others:
            words += ["--offers", str(visitor.others)]
        if visitor.password is not None:
            words.append("--password")
        if visitor.host_name:
            words += ["--host", visitor.host_name]
        return words

    def predict(self, visitor):
        """The JSON of sshkeep, or what it complains about."""
        done = subprocess.run(self.question(visitor), capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
        if done.returncode not in (0, 1):
            return {"answer": "error", "reasons": [], "said": done.stderr.decode(), "status": done.returncode}
        answer = json.loads(done.stdout)
        if (answer["answer"] == "admitted") != (done.returncode == 0):
            return {"answer": "error", "reasons": [], "said": "the exit status disagrees", "status": done.returncode}
        return answer

    def algorithms(self, scenario, visitor):
        """ssh tries one signature algorithm for an RSA key. A client that is set up well takes one that the server accepts;
        so does ours, and goes on to offer keys of types that the server does not accept."""
        first = []
        if "PubkeyAcceptedKeyTypes" in scenario.config and visitor.keys:
            first = [name for name in self.stage.accepted_algorithms(visitor) if name in ALGORITHMS]
        return ",".join(first + [name for name in ALGORITHMS if name not in first])

    def login_line(self, visitor, accepted):
        words = ["ssh", "-F", self.client, "-b", visitor.source, "-p", str(visitor.port), "-l", visitor.user]
        names = NOISE[:visitor.others] + self.credentials(visitor)
        for name in names:
            words += ["-i", self.keyring.path(name)]
        methods = ["publickey"] if names else []
        if visitor.password is not None:
            methods += ["keyboard-interactive", "password"]
        words += ["-o", f"PreferredAuthentications={','.join(methods) or 'none'}", "-o", f"PubkeyAcceptedAlgorithms={accepted}",
                  "-o", f"BatchMode={'yes' if visitor.password is None else 'no'}"]
        if not names:
            words += ["-o", "IdentityFile=none"]
        return words + ["--", visitor.server, f"echo {MARK}"]

    def login(self, visitor, accepted):
        line = self.login_line(visitor, accepted)
        real = self._run(visitor, line)
        if real.admitted and MARK not in real.output and "FORCED" not in real.output:
            real.sftp = self._run(visitor, [*line[:-3], "-s", *line[-3:-1], "sftp"]).status == 0
        return real

    def _run(self, visitor, line):
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "SSH_ASKPASS": self.askpass, "SSH_ASKPASS_REQUIRE": "force",
                       "VISITOR_PASSWORD": visitor.password or "", "HOME": os.path.dirname(self.client)}
        done = subprocess.run(line, capture_output=True, stdin=subprocess.DEVNULL, env=environment, timeout=90,
                              check=False)
        said = done.stderr.decode(errors="replace")
        admitted = LAST_METHOD.search(said)
        methods = PART_METHOD.findall(said) + ([admitted.group(1)] if admitted else [])
        return Real(bool(admitted), done.stdout.decode(errors="replace"), said, done.returncode, methods,
                    ACCEPTED_KEY.findall(said))


def difference(answer, real):
    """What the prediction got wrong, or None. An unknown is no difference here; it is counted."""
    if answer["answer"] == "unknown":
        return None
    if answer["answer"] == "error":
        return f"sshkeep could not answer: {answer['said']}"
    if (answer["answer"] == "admitted") != real.admitted:
        return f"sshkeep says {answer['answer']}, sshd has {'admitted' if real.admitted else 'refused'} the visitor"
    if not real.admitted:
        return None
    return (method_difference(answer, real) or rights_difference(answer["session"], real) or
            session_difference(answer["session"], real))


def rights_difference(session, real):
    """What the key's options allow is told to the client, for the line, and for the certificate when there is one."""
    told = []
    for remark in REMARK.findall(real.said):
        _, is_rights, words = remark.partition(": key options:")
        # What was told before a refusal was of the line that was refused. sshd writes "agent-forwardingexpires".
        told = told + [{right for right in RIGHTS if " " + right in words}] if is_rights else []
    if real.methods != ["publickey"] or not told:
        return None
    denied = {"no-" + right for right in RIGHTS - set.intersection(*told)}
    if denied != {name for name in session["restrictions"] if name[3:] in RIGHTS}:
        return f"the key's options deny {sorted(denied)}"
    return None


def method_difference(answer, real):
    """A password may be asked for by either of two methods; ssh prefers one, sshkeep need not."""
    def plain(methods):
        return ["password" if method == "keyboard-interactive" else method for method in methods]

    if plain(answer["methods"]) != plain(real.methods):
        return f"he got in by {real.methods}"
    if real.methods == ["publickey"] and answer["key"] != real.keys[-1]:
        return f"the key that opened is {real.keys[-1]}"
    return None


def session_difference(session, real):
    lines = real.output.split()
    if session["ends"]:
        lasts = MARK in lines or any(line.startswith("FORCED-") for line in lines) or real.sftp
        return "the session lasts, but sshkeep says that it ends" if lasts else None
    if session["kind"] == "shell" and lines != [MARK]:
        return "our command should have run in a shell"
    if session["kind"] == "sftp" and not real.sftp:
        return "it should be an sftp server"
    if session["kind"] == "command" and lines != session["command"].split()[1:]:
        return f"the forced command {session['command']!r} should have run"
    if session["kind"] == "none" and lines:
        return "there should be no session"
    return None


def shown(words):
    return " ".join(shlex.quote(word) for word in words)
