#!/usr/bin/env python3
"""Makes the throw-away keys of this folder anew, with ssh-keygen and openssl: make.py. No machine trusts them.

public_keys.tsv: bits, fingerprint and kind as `ssh-keygen -lf` prints them, then the line.
private_keys.tsv: file in private/, format, cipher, kdf, rounds, fingerprint ("-": not readable without the passphrase).
Keys that this ssh-keygen cannot make are put together here, their fingerprints computed with hashlib.
"""

import base64
import hashlib
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent.resolve()
COMMENT = "throw-away test key"
PASSPHRASE = "throw-away"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def string(data):
    return struct.pack(">I", len(data)) + data


def line_of(name, *fields):
    blob = string(name.encode()) + b"".join(fields)
    return f"{name} {base64.b64encode(blob).decode()} {COMMENT}", blob


def fingerprint(blob):
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def listed(line):
    """What ssh-keygen says of the line."""
    pathlib.Path("line.pub").write_text(line + "\n")
    words = run("ssh-keygen", "-lf", "line.pub").split()
    return [words[0], words[1], words[-1].strip("()"), line]


def certify(name, *options):
    run("ssh-keygen", "-q", "-s", "ca", "-I", "throw-away id", "-z", "7", *options, f"{name}.pub")
    return listed(pathlib.Path(f"{name}-cert.pub").read_text().strip())


def make_public():
    rows = []
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", COMMENT, "-f", "ca")
    for name, *options in (["rsa1024", "-t", "rsa", "-b", "1024"], ["rsa", "-t", "rsa", "-b", "2048"], ["dsa", "-t", "dsa"],
                           ["ecdsa256", "-t", "ecdsa", "-b", "256"], ["ecdsa384", "-t", "ecdsa", "-b", "384"],
                           ["ecdsa521", "-t", "ecdsa", "-b", "521"], ["ed25519", "-t", "ed25519"]):
        run("ssh-keygen", "-q", *options, "-N", "", "-C", COMMENT, "-f", name)
        rows.append(listed(pathlib.Path(f"{name}.pub").read_text().strip()))
    point = base64.b64decode(rows[3][3].split()[1])[-65:]
    public = base64.b64decode(rows[6][3].split()[1])[-32:]
    for name, line in (
            ("sk_ecdsa", line_of("sk-ecdsa-sha2-nistp256@openssh.com", string(b"nistp256"), string(point), string(b"ssh:"))[0]),
            ("sk_ed25519", line_of("sk-ssh-ed25519@openssh.com", string(public), string(b"ssh:login"))[0])):
        pathlib.Path(f"{name}.pub").write_text(line + "\n")
        rows.append(listed(line))
    rows.append(certify("rsa", "-n", "alice,bob", "-V", "20260101000000Z:20270101000000Z"))
    for name in ("dsa", "ecdsa256", "ecdsa384", "ecdsa521", "sk_ecdsa", "sk_ed25519"):
        rows.append(certify(name, "-n", "alice"))
    rows.append(certify("ed25519", "-h", "-n", "host.example.org"))
    # OpenSSH 10.6, then 10.4 and 10.5; the signature of the certificate is none.
    composite = string(hashlib.shake_256(b"no key at all").digest(1344))
    authority = string(b"ssh-ed25519") + string(public)
    no_signature = string(string(b"ssh-ed25519") + string(bytes(64)))
    grant = struct.pack(">QI", 7, 1) + string(b"throw-away id") + string(string(b"alice")) + bytes(8) + b"\xff" * 8
    for bits, name, certificate in (("512", "ssh-mldsa44-ed25519", "ssh-mldsa44-ed25519-cert"),
                                    ("256", "ssh-mldsa44-ed25519@openssh.com", "ssh-mldsa44-ed25519-cert-v01@openssh.com")):
        line, blob = line_of(name, composite)
        rows.append([bits, fingerprint(blob), "MLDSA44-ED25519", line])
        line = line_of(certificate, string(bytes(32)), composite, grant, string(b"") * 3, string(authority), no_signature)[0]
        rows.append([bits, fingerprint(blob), "MLDSA44-ED25519-CERT", line])
    return rows


def make_private(rows):
    folder = HERE / "private"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    table = []
    of = {name: listed(pathlib.Path(f"{name}.pub").read_text().strip())[1]
          for name in ("rsa", "dsa", "ecdsa256", "ecdsa384", "ecdsa521", "ed25519", "rsa1024")}

    def keep(name, source, file_format, cipher, kdf, rounds, key):
        target = folder / name
        shutil.copy(source, target)
        target.chmod(0o644)
        table.append([name, file_format, cipher, kdf, str(rounds), key])

    def converted(source, *options):
        shutil.copy(source, "copy")
        run("ssh-keygen", "-q", "-p", "-P", "", "-f", "copy", *options)
        return "copy"

    for name in ("rsa", "dsa", "ecdsa384", "ed25519"):
        keep(f"openssh_{name}", name, "openssh", "none", "none", 0, of[name])
    keep("openssh_encrypted", converted("ed25519", "-N", PASSPHRASE, "-a", "7"), "openssh", "aes256-ctr", "bcrypt", 7,
         of["ed25519"])
    keep("openssh_encrypted_gcm", converted("ecdsa521", "-N", PASSPHRASE, "-a", "16", "-Z", "aes128-gcm@openssh.com"), "openssh",
         "aes128-gcm@openssh.com", "bcrypt", 16, of["ecdsa521"])
    for name in ("rsa", "dsa", "ecdsa256", "ecdsa521"):
        label = "pem_" + name.rstrip("0123456789").replace("ecdsa", "ec")
        keep(f"pem_{name}", converted(name, "-N", "", "-m", "PEM"), label, "none", "none", 0, of[name])
        keep(f"pem_{name}_encrypted", converted(name, "-N", PASSPHRASE, "-m", "PEM"), label, "aes-128-cbc", "md5", 1, "-")
    pem = (folder / "pem_ecdsa256").read_text()
    parameters = run("openssl", "ecparam", "-name", "prime256v1")
    pathlib.Path("with_parameters").write_text(parameters + pem)
    keep("pem_ecdsa256_after_parameters", "with_parameters", "pem_ec", "none", "none", 0, of["ecdsa256"])
    for name in ("rsa", "ecdsa384"):
        keep(f"pkcs8_{name}", converted(name, "-N", "", "-m", "PKCS8"), "pkcs8", "none", "none", 0, of[name])
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", "pkcs8_ed25519")
    der = subprocess.run(["openssl", "pkey", "-in", "pkcs8_ed25519", "-pubout", "-outform", "DER"], check=True,
                         capture_output=True).stdout
    keep("pkcs8_ed25519", "pkcs8_ed25519", "pkcs8", "none", "none", 0,
         fingerprint(line_of("ssh-ed25519", string(der[-32:]))[1]))
    for name, cipher, kdf, rounds, *options in (
            ["pbkdf2", "aes-256-cbc", "pbkdf2", 2048, "-v2", "aes-256-cbc"],
            ["scrypt", "aes-128-cbc", "scrypt", 16384, "-v2", "aes-128-cbc", "-scrypt"],
            ["pbes1", "pbewithsha1and3-keytripledes-cbc", "pbewithsha1and3-keytripledes-cbc", 0, "-v1", "PBE-SHA1-3DES"]):
        run("openssl", "pkcs8", "-topk8", "-in", str(folder / "pem_ecdsa256"), "-passout", "pass:" + PASSPHRASE, "-out", "copy",
            *options)
        keep(f"pkcs8_encrypted_{name}", "copy", "pkcs8_encrypted", cipher, kdf, rounds, "-")
    return table


def write(name, rows):
    (HERE / name).write_text("".join("\t".join(row) + "\n" for row in rows))


with tempfile.TemporaryDirectory() as work:
    os.chdir(work)
    public_rows = make_public()
    write("public_keys.tsv", public_rows)
    write("private_keys.tsv", make_private(public_rows))
