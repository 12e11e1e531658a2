"""Random accounts: their states, shells, homes and key files; groups; PAM and the other files that decide about logins."""
import keylines
from keyring import AUTHORITIES, PLAIN

PASSWORD = "correct horse"
HASHES = ["$6$rounds=1000$sshkeep$n1/w3OeNGZe76aZA8vMBIf2oI3k9qa7Aj9Ctlb0IsI7N1GSe/LKxffn0o1/.FnrDPcgdPDtFEJbz/vOyQ6TZ31", 
          "$5$rounds=1000$sshkeep$HhjFWG9HP3rGBzOe6LrdKByfU8f3.tKAgktA10B7DY9"]
SHELLS = ["/bin/bash", "/bin/sh", "/bin/bash", "/bin/sh", "/bin/bash"]
ODD_SHELLS = ["/usr/sbin/nologin", "/bin/false", "/srv/gone-shell", "/srv/not-executable", "", "/srv", "/srv/own-shell",
              "/srv/linked-shell"]


def password_of(rng):
    """The field of shadow(5), and what its owner would type."""
    if rng.random() < 0.72:
        return rng.choice(HASHES), PASSWORD
    return rng.choice([("!", PASSWORD), ("*", PASSWORD), ("!!", PASSWORD), ("!" + HASHES[0], PASSWORD), ("", ""), ("", ""),
                       ("!*", PASSWORD), ("*LK*", PASSWORD), ("x", PASSWORD)])


def ageing(rng, today):
    """changed, min, max, warn, inactive, expires; and whether a password may have to be changed."""
    kind = rng.random()
    if kind < 0.76:
        return [str(today - 100), "0", "99999", "7", "", ""], False
    return rng.choice([
        (["0", "0", "99999", "7", "", ""], True),
        ([str(today - 100), "0", "30", "7", "", ""], True),
        ([str(today - 100), "0", "30", "7", "10", ""], True),
        ([str(today - 100), "0", "95", "7", "30", ""], True),
        ([str(today - 100), "0", "103", "7", "", ""], True),
        ([str(today - 100), "0", "99999", "7", "", str(today - 2)], False),
        ([str(today - 100), "0", "99999", "7", "", str(today + 2)], False),
        ([str(today - 100), "0", "99999", "7", "", "0"], False),
        (["", "", "", "", "", ""], False),
        ([str(today + 50), "0", "99999", "7", "", ""], True),
        ([str(today - 100), "0", "-1", "7", "", ""], True),
        ([str(today - 100), "", "50", "", "0", str(today + 50)], True)])


def account_of(rng, name, uid, today):
    shadow, password = password_of(rng)
    dates, aged = ageing(rng, today)
    account = {"name": name, "uid": uid, "gid": rng.choice([uid, uid, uid, 100]), "home": f"/home/{name}", "aged": aged,
               "shell": rng.choice(ODD_SHELLS) if rng.random() < 0.18 else rng.choice(SHELLS), "passwd": "x",
               "shadow": [shadow, *dates], "password": password,
               "groups": [g for g in ("admins", "staff", "sftp") if rng.random() < 0.3],
               "keys": rng.sample(PLAIN, rng.randint(1, 3)),
               "authorities": rng.sample(AUTHORITIES, 1) if rng.random() < 0.3 else []}
    odd = rng.random()
    if odd < 0.02:
        account["shadow"] = None  # no line
    elif odd < 0.04:
        account["passwd"], account["password"], account["shadow"] = HASHES[0], PASSWORD, None
    elif odd < 0.05:
        account["passwd"], account["password"], account["shadow"] = "", "", None
    elif odd < 0.07:
        account["home"] = rng.choice(["/nonexistent", "", "/srv/links/home"])
    account["tree"] = lambda r, state: home(r, state, account)
    return account


def root_account(rng, today):
    shadow, password = password_of(rng)
    dates, aged = ageing(rng, today) if rng.random() < 0.3 else ([str(today - 100), "0", "99999", "7", "", ""], False)
    account = {"name": "root", "uid": 0, "gid": 0, "home": "/root", "shell": "/bin/bash", "passwd": "x", "aged": aged,
               "shadow": [shadow, *dates], "password": password, "groups": [], "keys": rng.sample(PLAIN, rng.randint(1, 3)),
               "authorities": rng.sample(AUTHORITIES, 1) if rng.random() < 0.3 else []}
    account["tree"] = lambda r, state: home(r, state, account)
    return account


def home(rng, state, account):
    """The home with key files; at times with a mode, an owner or a link that may make sshd refuse them."""
    name = account["name"]
    place = f"/home/{name}" if name != "root" else "/root"
    mode = {"home": rng.choice([0o755, 0o755, 0o700]), "dir": 0o700, "file": rng.choice([0o600, 0o644])}
    owner = {"home": name, "dir": name, "file": name}
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        what = rng.choice(["home", "dir", "file", "file"])
        if rng.random() < 0.6:
            mode[what] = rng.choice([0o770, 0o775, 0o777, 0o750, 0o711] if what != "file" else
                                    [0o660, 0o664, 0o666, 0o640, 0o622, 0o444, 0o400, 0o000])
        else:
            owner[what] = rng.choice(["root", "daemon", f"{name}:admins", f"root:{name}"])
    files = [("dir", place, mode["home"], owner["home"], None)]
    content = keylines.authorized_keys(rng, state, name, account["keys"], account["authorities"])
    second = keylines.authorized_keys(rng, state, name, rng.sample(PLAIN, 1), [])
    keys = {"authorized_keys": content, "authorized_keys2": second,
            "principals": keylines.principals(rng, state, name)}
    ssh = f"{place}/.ssh"
    kind = rng.random()
    if kind < 0.06:  # .ssh is elsewhere
        files += [("dir", f"/srv/dot-{name}", mode["dir"], owner["dir"], None)]
        files += [("file", f"/srv/dot-{name}/{file}", mode["file"], owner["file"], text) for file, text in keys.items()]
        return files + [("link", ssh, 0, name, rng.choice([f"/srv/dot-{name}", f"../../srv/dot-{name}"]))]
    files.append(("dir", ssh, mode["dir"], owner["dir"], None))
    if kind < 0.12:  # the file is elsewhere
        files += [("dir", f"/srv/at-{name}", rng.choice([0o755, 0o700, 0o777]), rng.choice(["root", name]), None),
                  ("file", f"/srv/at-{name}/keys", mode["file"], owner["file"], content),
                  ("link", f"{ssh}/authorized_keys", 0, name, f"/srv/at-{name}/keys")]
        return files
    if kind < 0.16:
        return files + [rng.choice([("dir", f"{ssh}/authorized_keys", 0o700, name, None),
                                    ("fifo", f"{ssh}/authorized_keys", 0o600, name, None),
                                    ("link", f"{ssh}/authorized_keys", 0, name, "/srv/nowhere"),
                                    ("file", f"{ssh}/authorized_keys", 0o600, name, "")])]
    return files + [("file", f"{ssh}/{file}", mode["file"], owner["file"], text) for file, text in keys.items()]


def group_file(rng, accounts):
    """group -> (gid, members)"""
    groups = {"admins": (3001, []), "staff": (3002, []), "sftp": (3003, [])}
    for account in accounts:
        if account["name"] != "root":
            groups[account["name"]] = (account["uid"], [])
    for account in accounts:
        for group in account["groups"]:
            groups[group][1].append(account["name"])
    if rng.random() < 0.2:  # a private group that is none
        groups[accounts[0]["name"]][1].append(rng.choice([accounts[1]["name"], accounts[0]["name"]]))
    return groups


def access_rules(rng, world):
    rules = []
    for _ in range(rng.randint(1, 3)):
        who = rng.choice([rng.choice(world["users"]), "(admins)", "(staff)", "ALL", "ALL EXCEPT root", "staff"])
        whence = rng.choice(["ALL", "10.1.0.0/16", "10.1.0.1", "10.1.", "2001:db8:1::/48", "ALL EXCEPT 10.1.0.1", "LOCAL",
                             "198.51.100.0/24 10.1.0.2", "one.example.org", ".example.org"])
        rules.append(f"{rng.choice('+--')}:{who}:{whence}")
    return "# rules\n" + "\n".join(rules) + "\n" + rng.choice(["", "-:ALL:ALL\n", "+:ALL:ALL\n"])


def wrappers(rng):
    """hosts_access(5), which Debian's sshd asks before anything else."""
    deny = rng.choice(["ALL: ALL", "sshd: 10.1.0.", "sshd: ALL EXCEPT 10.1.0.0/255.255.0.0", "sshd: [2001:db8:1::]/48",
                       "sshd, other: .example.org", "in.telnetd: ALL", "# none", "sshd: 198.51.100.7 10.2.0.1 : spawn /bin/true"])
    allow = rng.choice(["", "sshd: 10.1.0.1", "ALL: 10.", "sshd: one.example.org", "sshd: ALL EXCEPT 10.1.0.1", "other: ALL"])
    return {"/etc/hosts.deny": deny + "\n", "/etc/hosts.allow": "# first\n" + allow + "\n"}


def system_files(rng, stack, world):
    """path -> content or None for none; account -> failures that pam_faillock remembers."""
    auth = ["auth [success=1 default=ignore] pam_unix.so nullok nodelay", "auth requisite pam_deny.so",
            "auth required pam_permit.so"]
    account = ["account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so", "account requisite pam_deny.so",
               "account required pam_permit.so"]
    before_auth, before_account = [], ["account required pam_nologin.so"]
    files = {"/etc/nologin": None, "/run/nologin": None, "/etc/security/access.conf": "# nothing\n",
             "/etc/shells": "# shells\n/bin/sh\n/bin/bash\n/usr/bin/bash\n" + rng.choice(["", "/srv/own-shell\n",
                                                                                           "/usr/sbin/nologin\n"])}
    files.update({"/etc/hosts.deny": None, "/etc/hosts.allow": None})
    if stack != "faillock" and rng.random() < 0.03:  # a refusal takes sshd five seconds
        files.update(wrappers(rng))
    tallies = {}
    if stack == "access":
        before_account.append("account required pam_access.so" + rng.choice(["", "", " nodefgroup"]))
        files["/etc/security/access.conf"] = access_rules(rng, world)
    elif stack == "shells":
        rng.choice([before_auth, before_account]).append("TYPE required pam_shells.so")
        files["/etc/shells"] = rng.choice([files["/etc/shells"], "/bin/bash\n", "/bin/sh\n/srv/own-shell\n"])
    elif stack == "faillock":
        deny = " nodelay" + rng.choice(["", " deny=5", " even_deny_root"])
        before_auth.append("auth required pam_faillock.so preauth" + deny)
        auth[1] = "auth [default=die] pam_faillock.so authfail" + deny
        before_account.append("account required pam_faillock.so")
        tallies = {user: rng.choice([0, 2, 3, 3, 5, 6]) for user in world["users"]}
    elif stack == "deny-account":
        account.insert(0, "account required pam_deny.so")
    elif stack == "deny-auth":
        auth.insert(0, "auth required pam_deny.so")
    elif stack == "nologin":
        files[rng.choice(["/etc/nologin", "/run/nologin"])] = "closed today\n"
        if rng.random() < 0.2:
            before_account = []
    sshd = [line.replace("TYPE", "auth") for line in before_auth] + ["@include common-auth"]
    sshd += [line.replace("TYPE", "account") for line in before_account] + ["@include common-account"]
    sshd += ["session required pam_loginuid.so", "session optional pam_keyinit.so force revoke", "@include common-session",
             "session required pam_limits.so", "session required pam_env.so", "@include common-password"]
    files["/etc/pam.d/sshd"] = "# PAM for sshd\n" + "\n".join(sshd) + "\n"
    files["/etc/pam.d/common-auth"] = "\n".join(auth) + "\n"
    files["/etc/pam.d/common-account"] = "\n".join(account) + "\n"
    return files, tallies
