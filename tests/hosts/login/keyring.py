"""Keys, certificates and revocation lists for the visitors, made by ssh-keygen."""
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

# name -> type and bits; the names say what a scenario needs, the bytes are new in every run
KINDS = {
    "ed1": ("ed25519", 0), "ed2": ("ed25519", 0), "ed3": ("ed25519", 0), "ed4": ("ed25519", 0),
    "ec256": ("ecdsa", 256), "ec384": ("ecdsa", 384), "ec521": ("ecdsa", 521),
    "rsa1024": ("rsa", 1024), "rsa2048": ("rsa", 2048), "rsa3072": ("rsa", 3072),
    "ca-ed": ("ed25519", 0), "ca-ec": ("ecdsa", 256), "ca-rsa": ("rsa", 2048), "ca-other": ("ed25519", 0),
    "noise1": ("ed25519", 0), "noise2": ("ed25519", 0), "noise3": ("ecdsa", 256), "noise4": ("ed25519", 0),
    "noise5": ("ed25519", 0), "noise6": ("ed25519", 0),
    "server": ("ed25519", 0),
}
PLAIN = ["ed1", "ed2", "ed3", "ed4", "ec256", "ec384", "ec521", "rsa1024", "rsa2048", "rsa3072"]
AUTHORITIES = ["ca-ed", "ca-ec", "ca-rsa"]
NOISE = ["noise1", "noise2", "noise3", "noise4", "noise5", "noise6"]


def keygen(*arguments):
    subprocess.run(["ssh-keygen", "-q", *arguments], check=True, stdin=subprocess.DEVNULL, capture_output=True)


class Keyring:
    def __init__(self, directory):
        self.directory = directory
        self.certificates = {}
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._make, KINDS))

    def _make(self, name):
        kind, bits = KINDS[name]
        keygen("-t", kind, *(["-b", str(bits)] if bits else []), "-N", "", "-C", name, "-f", self.path(name))

    def path(self, name):
        """The private key; the public one or the certificate lies beside it, with .pub behind."""
        return os.path.join(self.directory, name)

    def line(self, name):
        """ "TYPE BASE64" of a key """
        with open(self.path(name) + ".pub", encoding="ascii") as file:
            return " ".join(file.read().split()[:2])

    def certify(self, spec):
        """The name under which a certificate can be offered. The same wish gives the same certificate."""
        wish = repr(sorted(spec.items()))
        if wish not in self.certificates:
            name = f"cert{len(self.certificates)}"
            shutil.copy(self.path(spec["key"]), self.path(name))
            shutil.copy(self.path(spec["key"]) + ".pub", self.path(name) + ".pub")
            options = [word for option in spec["options"] for word in ("-O", option)]
            if spec["principals"]:
                options += ["-n", ",".join(spec["principals"])]
            if spec["host"]:
                options.append("-h")
            if spec["algorithm"]:
                options += ["-t", spec["algorithm"]]
            keygen("-s", self.path(spec["authority"]), "-I", spec["id"], "-V", spec["validity"], "-z",
                   str(spec["serial"]), *options, self.path(name) + ".pub")
            # ssh takes what stands in NAME.pub for the public half of NAME, and offers the certificate alone.
            os.replace(self.path(name) + "-cert.pub", self.path(name) + ".pub")
            self.certificates[wish] = name
        return self.certificates[wish]

    def revocation(self, wish):
        """The bytes of a RevokedKeys file."""
        kind, names, specification = wish
        if kind == "list":
            return "".join(self.line(name) + "\n" for name in names).encode()
        result = os.path.join(self.directory, "krl")
        source = os.path.join(self.directory, "krl.in")
        with open(source, "w", encoding="ascii") as file:
            file.write(specification or "".join(self.line(name) + "\n" for name in names))
        authority = ["-s", self.path(names[0]) + ".pub"] if specification else []
        keygen("-k", "-f", result, *authority, source)
        with open(result, "rb") as file:
            return file.read()
