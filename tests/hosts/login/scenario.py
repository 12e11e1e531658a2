"""A random scenario: a host's accounts, keys, files and configuration, and the visitors who knock. A seed and a number name
it for good; only the bytes of keys and hashes of the time of day differ."""
import random
import re
import time
from dataclasses import dataclass, field

import config
import keylines
from keyring import AUTHORITIES, PLAIN
from people import account_of, group_file, root_account, system_files

VISITORS = 6


@dataclass
class Visitor:
    user: str
    keys: list          # names of the keyring, or wishes for certificates
    password: str | None
    source: str
    server: str
    port: int
    host_name: str | None
    others: int         # keys offered before these


@dataclass
class Scenario:
    seed: str
    number: int
    config: str = ""
    accounts: list = field(default_factory=list)
    groups: dict = field(default_factory=dict)
    files: list = field(default_factory=list)
    pam: dict = field(default_factory=dict)
    tallies: dict = field(default_factory=dict)  # account -> failures that pam_faillock remembers
    revoked: tuple | None = None
    visitors: list = field(default_factory=list)
    sockets: int = 0    # on which sshd listens


def wish_for_certificate(rng, user):
    """Mostly one that should work, with at most two things wrong."""
    wish = {"key": rng.choice(PLAIN[:8]), "authority": rng.choice(AUTHORITIES), "principals": [user], "validity": "-1d:+2d",
            "id": rng.choice(["id-one", "id-two"]), "serial": rng.choice([0, 5, 77]), "options": [], "host": False,
            "algorithm": ""}
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        change = rng.randrange(7)
        if change == 0:
            wish["validity"] = rng.choice(["-10d:-2d", "+2d:+10d", "always:forever", "20200101:20210101"])
        elif change == 1:
            wish["principals"] = rng.choice([[], ["other"], ["admins", user], ["web"], ["*"]])
        elif change == 2:
            wish["options"] = [rng.choice(["force-command=echo FORCED-cert", "source-address=10.1.0.0/16", "clear",
                                           "source-address=2001:db8:1::/48,10.0.0.0/8", "verify-required", "no-pty",
                                           "critical:strange@example.org=x", "extension:strange@example.org=x",
                                           "source-address=10.1.0.1/32"])]
        elif change == 3:
            wish["authority"] = "ca-other"
        elif change == 4:
            wish["host"] = rng.random() < 0.5
        elif change == 5 and wish["authority"] == "ca-rsa":
            wish["algorithm"] = rng.choice(["ssh-rsa", "rsa-sha2-256"])
        else:
            wish["principals"] = [user, "other"]
    if wish["authority"] != "ca-rsa":
        wish["algorithm"] = ""
    return wish


def visitor_of(rng, world, source):
    users = world["accounts"]
    chosen = rng.random()
    account = rng.choice(users)
    user = account["name"] if chosen < 0.94 else rng.choice(["ghost", "daemon", "nobody", "Alice"])
    keys = []
    if rng.random() < 0.8:
        known = sorted(account["keys"])
        if known and rng.random() < 0.85:
            keys += rng.sample(known, min(len(known), rng.choice([1, 1, 2])))
        if rng.random() < 0.25:
            keys.append(rng.choice([name for name in PLAIN if name not in keys]))
        if rng.random() < 0.3 or not keys:
            keys.insert(rng.randrange(len(keys) + 1), wish_for_certificate(rng, user))
    server = rng.choice(["2001:db8:9::1", "fd00:9::1"] if ":" in source else ["10.9.0.1", "10.9.0.2"])
    password = account["password"] if rng.random() < (0.45 if keys else 0.9) else None
    if account["aged"] and world["by_dialogue"]:
        password = None  # a dialogue would ask him for a new password as well
    others = rng.choice([1, 1, 2, 3, 5]) if keys and rng.random() < 0.25 else 0
    return Visitor(user, keys, password, source, server, rng.choice(world["ports"]),
                   keylines.NAMES.get(source) if world["use_dns"] else None, others)


def revoked_keys(rng):
    kind = rng.choice(["list", "krl", "krl", "missing", "special"])
    if kind == "missing":
        return None
    if kind == "special":
        return ("krl", [rng.choice(AUTHORITIES)], rng.choice(["serial: 5\n", "id: id-one\n", "serial: 1-80\n",
                                                             "serial: 70-90\nid: id-two\n"]))
    return (kind, rng.sample(PLAIN + AUTHORITIES, rng.randint(1, 5)), "")


def pam_stack(rng):
    """What stands in pam.d and beside it. Debian's own, or that with one more module that decides."""
    stacks = ["debian"] * 6 + ["access", "access", "shells", "shells", "faillock", "deny-account", "deny-auth", "nologin",
                               "nologin"]
    return rng.choice(stacks)


def common_files(rng, world, state):
    """What lies in /srv: certification authorities, principals, shared key files, jails."""
    files = [("dir", "/srv/keys", 0o755, "root", None), ("dir", "/srv/uid", 0o755, "root", None),
             ("dir", "/srv/%", 0o755, "root", None), ("dir", "/srv/principals", 0o755, "root", None),
             ("dir", "/srv/jail", 0o755, "root", None), ("dir", "/srv/open-jail", 0o777, "root", None)]
    authorities = rng.sample(AUTHORITIES, rng.randint(1, 3))
    head = rng.choice(["", "# authorities\n", "\n"])
    files.append(("file", "/srv/ca.pub", 0o644, "root", head + "".join(f"@KEY:{name}@ a\n" for name in authorities)))
    files.append(("file", "/srv/keys/all", 0o644, "root",
                  keylines.authorized_keys(rng, state, "all", rng.sample(PLAIN, 2), [])))
    for account in world["accounts"]:
        name = account["name"]
        if rng.random() < 0.7:
            files.append(("file", f"/srv/principals/{name}", rng.choice([0o644, 0o644, 0o644, 0o666]), "root",
                          keylines.principals(rng, state, name)))
        for place in (f"/srv/keys/{name}", f"/srv/uid/{account['uid']}", f"/srv/%/{name}"):
            files.append(("file", place, rng.choice([0o644, 0o644, 0o644, 0o600, 0o664]), rng.choice(["root", "root", name]),
                          keylines.authorized_keys(rng, state, name, account["keys"], account["authorities"])))
        files.append(("dir", f"/srv/jail/{name}", 0o755, "root", None))
    return files


def make(seed, number, version):
    rng = random.Random(f"{seed}/{number}")
    state = {"forced": 0}
    port = 10000 + number % 20000 * 2
    world = {"version": version, "ports": [port, port + 1]}
    world["temper"] = rng.choice([0.25, 0.5, 0.5, 1, 1.5])  # so that some hosts let most visitors in
    names = rng.sample(["alice", "bob", "carol", "dave", "eve", "web-1", "a.b"], rng.randint(3, 4))
    today = int(time.time()) // keylines.DAY
    world["users"] = names + ["root"]
    world["groups"] = ["admins", "staff", "sftp", names[0]]
    world["accounts"] = [account_of(rng, name, 2000 + i, today) for i, name in enumerate(names)]
    # Of several accounts with one primary group, what Debian's sshd says of a file that the group may write hangs on what it
    # was asked before: secure_permissions leaves its walk through getpwent in the middle.
    for account in [one for one in world["accounts"] if one["gid"] != one["uid"]][1:]:
        account["gid"] = account["uid"]
    world["accounts"].append(root_account(rng, today))
    scenario = Scenario(seed, number)
    scenario.config, scenario.sockets = config.configuration(rng, world, state)
    world["by_dialogue"] = re.search("(ChallengeResponse|KbdInteractive)Authentication yes", scenario.config) is not None
    world["use_dns"] = "UseDNS yes" in scenario.config
    scenario.accounts = world["accounts"]
    scenario.groups = group_file(rng, world["accounts"])
    scenario.files = common_files(rng, world, state)
    for account in world["accounts"]:
        scenario.files += account["tree"](rng, state)
        del account["tree"]
    scenario.revoked = revoked_keys(rng) if "/srv/revoked" in scenario.config else None
    scenario.pam, scenario.tallies = system_files(rng, pam_stack(rng), world)
    # Each from an address of his own, by which he is found in the log of sshd.
    scenario.visitors = [visitor_of(rng, world, source) for source in rng.sample(keylines.SOURCES, VISITORS)]
    return scenario
