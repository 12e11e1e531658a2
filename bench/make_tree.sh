#!/usr/bin/env bash
# make_tree.sh DIR [ACCOUNTS [KEYS]]: an offline tree for benchmarks: accounts u1, u2, ... with KEYS distinct Ed25519
# keys each, a stock configuration, shadow and groups. The keys are well-formed; nobody has their private halves.
set -euo pipefail
dir=${1:?usage: make_tree.sh DIR [ACCOUNTS [KEYS]]} accounts=${2:-10000} keys=${3:-10}
[ ! -e "$dir" ] || { echo "$dir exists already" >&2; exit 2; }
mkdir -p "$dir"
python3 - "$dir" "$accounts" "$keys" <<'PYTHON'
import base64, hashlib, os, struct, sys

root, accounts, keys = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

def write(path, text, mode=0o644):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)

def key(seed):
    name = b"ssh-ed25519"
    point = hashlib.sha256(seed.encode()).digest()
    blob = struct.pack(">I", len(name)) + name + struct.pack(">I", len(point)) + point
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {seed}\n"

write("etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\n"
      "X11Forwarding yes\nSubsystem sftp /usr/lib/openssh/sftp-server\nMatch Group sftponly\n  X11Forwarding no\n")
os.makedirs(os.path.join(root, "etc/ssh/sshd_config.d"))
write("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
write("var/lib/dpkg/status",
      "Package: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2+deb12u10\n")
write("bin/bash", "", 0o755)
names = [f"u{i}" for i in range(1, accounts + 1)]
write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n" + "".join(
    f"{name}:x:{1000 + i}:{1000 + i}::/home/{name}:/bin/bash\n" for i, name in enumerate(names)))
write("etc/shadow", "root:*:19000:0:99999:7:::\n" + "".join(f"{name}:!:19000:0:99999:7:::\n" for name in names), 0o640)
write("etc/group", "root:x:0:\nsftponly:x:999:" + ",".join(names[::10]) + "\n" + "".join(
    f"{name}:x:{1000 + i}:\n" for i, name in enumerate(names)))
owned = os.geteuid() == 0
for i, name in enumerate(names):
    home = os.path.join(root, "home", name)
    ssh = os.path.join(home, ".ssh")
    os.makedirs(ssh, 0o700)
    path = os.path.join(ssh, "authorized_keys")
    with open(path, "w") as file:
        file.write("".join(key(f"{name}-{k}") for k in range(keys)))
    os.chmod(path, 0o600)
    if owned:
        for at in (home, ssh, path):
            os.chown(at, 1000 + i, 1000 + i)
PYTHON
echo "$dir: $accounts accounts with $keys keys each"
