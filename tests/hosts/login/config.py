"""Random sshd_config files: mostly sensible, each with a few settings that decide about a login."""
from keylines import PATTERNS

HOSTS = [p for p in PATTERNS if p not in ("0.0.0.0/0", "::/0")]


def user_pattern(rng, users):
    name = rng.choice(users)
    kind = rng.random()
    if kind < 0.40:
        return name
    if kind < 0.65:
        return f"{name}@{rng.choice(HOSTS)}"
    if kind < 0.72:
        return f"*@{rng.choice(HOSTS)}"
    if kind < 0.80:
        return name[0] + "*"
    if kind < 0.88:
        return "!" + name
    if kind < 0.92:
        return f"!{name}@{rng.choice(HOSTS)}"
    if kind < 0.95:
        return f"{name}@!{rng.choice(HOSTS)},*"
    return rng.choice(["*", "?*", name.upper()])


def group_pattern(rng, groups):
    name = rng.choice(groups)
    return rng.choice([name, name, name, name[0] + "*", "!" + name, "*"])


def patterns(rng, one, names):
    return " ".join(one(rng, names) for _ in range(rng.randint(1, 4)))


def methods(rng):
    return rng.choice(["publickey", "password", "publickey,password", "publickey,password", "password,publickey",
                       "publickey,publickey", "any", "publickey password", "publickey,keyboard-interactive",
                       "keyboard-interactive:pam", "publickey,keyboard-interactive:pam publickey,password",
                       "password,keyboard-interactive", "publickey,password,publickey"])


def key_types(rng):
    return rng.choice(["ssh-ed25519", "ssh-ed25519,ssh-ed25519-cert-v01@openssh.com", "rsa-sha2-256,rsa-sha2-512",
                       "ecdsa-sha2-nistp256,ssh-ed25519", "-ssh-ed25519", "-ecdsa-sha2-*", "-*-cert-v01@openssh.com",
                       "ssh-ed25519,rsa-sha2-512,rsa-sha2-512-cert-v01@openssh.com", "ssh-*", "+ssh-rsa",
                       "ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519-cert-v01@openssh.com", "ssh-rsa",
                       "^rsa-sha2-256"])


def force_command(rng, state):
    state["forced"] += 1
    return rng.choice([f"echo FORCED-{state['forced']}", f"echo FORCED-{state['forced']}", "internal-sftp",
                       "internal-sftp -R"])


def decisive(rng, world, state):
    """Settings that may stand anywhere, as (option, value)."""
    users, groups = world["users"], world["groups"]
    lines = []

    def maybe(chance, option, value):
        if rng.random() < chance * world["temper"]:
            lines.append((option, value(rng) if callable(value) else value))

    maybe(0.30, "PermitRootLogin", lambda r: r.choice(["yes", "no", "prohibit-password", "forced-commands-only"]))
    maybe(0.11, "AllowUsers", lambda r: patterns(r, user_pattern, users))
    maybe(0.09, "DenyUsers", lambda r: patterns(r, user_pattern, users))
    maybe(0.08, "AllowGroups", lambda r: patterns(r, group_pattern, groups))
    maybe(0.07, "DenyGroups", lambda r: patterns(r, group_pattern, groups))
    maybe(0.18, "AuthenticationMethods", methods)
    maybe(0.05, "PubkeyAuthentication", lambda r: r.choice(["no", "no", "yes"]))
    maybe(0.12, "PermitEmptyPasswords", lambda r: r.choice(["yes", "yes", "no"]))
    maybe(0.20, "MaxAuthTries", lambda r: str(r.choice([1, 2, 2, 3, 3, 4, 6])))
    maybe(0.12, "RevokedKeys", lambda r: r.choice(["/srv/revoked", "/srv/revoked", "/srv/revoked", "none"]))
    maybe(0.12, "PubkeyAcceptedKeyTypes", key_types)
    maybe(0.08, "CASignatureAlgorithms", lambda r: r.choice(["ssh-ed25519", "rsa-sha2-512,rsa-sha2-256", "-ssh-ed25519",
                                                             "ecdsa-sha2-nistp256,ssh-ed25519", "+ssh-rsa"]))
    maybe(0.06, "ForceCommand", lambda r: force_command(r, state))
    maybe(0.07, "ChrootDirectory", lambda r: r.choice(["/srv/jail", "/srv/jail", "/srv/open-jail", "%h", "/srv/jail/%u",
                                                       "none", "/srv/gone"]))
    if world["version"] >= (9, 1):
        maybe(0.10, "RequiredRSASize", lambda r: r.choice(["1024", "2048", "3072", "4096"]))
    return lines


def keys_file(rng):
    return rng.choice([".ssh/authorized_keys", ".ssh/authorized_keys .ssh/authorized_keys2", "/srv/keys/%u",
                       "%h/.ssh/authorized_keys /srv/keys/%u", "/srv/keys/%u /srv/keys/all", "/srv/uid/%U",
                       "none", ".ssh/authorized_keys2", "/srv/%%/%u .ssh/authorized_keys"])


def whole(rng, world, state):
    """Settings of the first part only, or too common to be rare."""
    lines = decisive(rng, world, state)
    lines.append(("UsePAM", rng.choice(["yes", "yes", "yes", "no", "no"])))
    lines.append(("PasswordAuthentication", rng.choice(["yes", "yes", "yes", "no"])))
    lines.append(("ChallengeResponseAuthentication", rng.choice(["yes", "no", "no"])))
    lines.append(("UseDNS", rng.choice(["yes", "no", "no"])))
    lines.append(("AuthorizedKeysFile", keys_file(rng) if rng.random() < 0.4 else ".ssh/authorized_keys"))
    if rng.random() < 0.15:
        lines.append(("StrictModes", "no"))
    if rng.random() < 0.45:
        lines.append(("TrustedUserCAKeys", rng.choice(["/srv/ca.pub", "/srv/ca.pub", "/srv/ca.pub", "none"])))
        if rng.random() < 0.4:
            lines.append(("AuthorizedPrincipalsFile", rng.choice(["/srv/principals/%u", "/srv/principals/%u",
                                                                  ".ssh/principals", "none"])))
    if rng.random() < 0.15:
        lines.append(("PermitUserEnvironment", rng.choice(["yes", "no", "LANG,LC_*"])))
    return satisfiable(rng, lines)


def satisfiable(rng, lines):
    """sshd does not start when no chain of the first part can be walked; that is tried, but seldom."""
    enabled = {"publickey", "any"} if ("PubkeyAuthentication", "no") not in lines else {"any"}
    enabled |= {"password"} if ("PasswordAuthentication", "yes") in lines else set()
    enabled |= {"keyboard-interactive"} if ("ChallengeResponseAuthentication", "yes") in lines else set()

    def holds(value):
        return any({method.split(":")[0] for method in chain.split(",")} <= enabled for chain in value.split())

    return [line for line in lines if line[0] != "AuthenticationMethods" or holds(line[1]) or rng.random() < 0.1]


def criterion(rng, world):
    users, groups = world["users"], world["groups"]
    kind = rng.random()
    if kind < 0.35:
        return "User " + rng.choice([rng.choice(users), ",".join(rng.sample(users, 2)), "*,!" + rng.choice(users)])
    if kind < 0.50:
        return "Group " + rng.choice([rng.choice(groups), "*,!" + rng.choice(groups)])
    if kind < 0.75:
        return "Address " + rng.choice(["10.1.0.0/16", "10.1.0.1", "2001:db8:1::/48", "!10.1.0.1,10.0.0.0/8",
                                        "198.51.100.*", "*,!2001:db8::/32", "10.0.0.0/8,2001:db8::/32"])
    if kind < 0.85:
        return f"LocalPort {world['ports'][1]}"
    if kind < 0.93:
        return "Host " + rng.choice(["*.example.org", "one.example.org", "10.1.0.*", "*,!*.example.net"])
    return rng.choice(["all", "LocalAddress 10.9.0.1", "LocalAddress 2001:db8:9::/48"])


def block(rng, world, state):
    while True:
        lines = decisive(rng, world, state)
        for option, chance in (("PasswordAuthentication", 0.3), ("KbdInteractiveAuthentication", 0.1)):
            if rng.random() < chance:
                lines.append((option, rng.choice(["yes", "no"])))
        if rng.random() < 0.15:
            lines.append(("AuthorizedKeysFile", keys_file(rng)))
        if rng.random() < 0.12:
            lines.append(("TrustedUserCAKeys", rng.choice(["/srv/ca.pub", "none"])))
        if rng.random() < 0.10:
            lines.append(("AuthorizedPrincipalsFile", rng.choice(["/srv/principals/%u", "none"])))
        # A client learns what a block accepts only when it and the server know how (9.5); ours would not try SHA-1.
        lines = [line for line in lines if line != ("PubkeyAcceptedKeyTypes", "ssh-rsa")]
        if lines:
            break
    head = criterion(rng, world)
    second = criterion(rng, world) if rng.random() < 0.2 else ""
    if second and second.split()[0] != head.split()[0] and "all" not in (head, second):
        head += " " + second
    return [("Match", head)] + lines


def rest(world):
    """What every scenario needs and no answer hangs on."""
    lines = [("Port", str(world["ports"][0])), ("Port", str(world["ports"][1])), ("HostKey", "/srv/hostkey"),
             ("PidFile", "none"), ("LogLevel", "VERBOSE"), ("LoginGraceTime", "60"), ("MaxStartups", "200"),
             ("Subsystem", "sftp internal-sftp"), ("PrintMotd", "no"), ("PrintLastLog", "no")]
    if world["version"] >= (9, 8):
        lines.append(("PerSourcePenalties", "no"))
    return lines


def listening(rng, world):
    """Where sshd listens, and on how many sockets; mostly on all addresses, for IPv4 and IPv6, at both ports."""
    if rng.random() > 0.12 * world["temper"]:
        return [], 4
    return rng.choice([([("ListenAddress", "0.0.0.0")], 2), ([("AddressFamily", "inet")], 2), ([("AddressFamily", "inet6")], 2),
                       ([("ListenAddress", "10.9.0.1"), ("ListenAddress", "2001:db8:9::1")], 4),
                       ([("ListenAddress", f"10.9.0.2:{world['ports'][0]}"), ("ListenAddress", "::")], 3)])


def configuration(rng, world, state):
    """The text, and on how many sockets sshd listens."""
    where, sockets = listening(rng, world)
    first = whole(rng, world, state) + where
    rng.shuffle(first)
    blocks = [line for _ in range(rng.choice([0, 0, 1, 1, 2, 3])) for line in block(rng, world, state)]
    inside = False
    text = ""
    for option, value in rest(world) + first + blocks:
        inside = inside or option == "Match"
        text += ("    " if inside and option != "Match" else "") + f"{option} {value}\n"
    return text, sockets
