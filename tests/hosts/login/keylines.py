"""Random lines of authorized_keys and of principals files."""
import time

SOURCES = ["10.1.0.1", "10.1.0.2", "10.1.1.1", "10.2.0.1", "198.51.100.7", "2001:db8:1::1", "2001:db8:1::2",
           "2001:db8:2::1", "fd00:1::1"]
# what UseDNS finds, from the host's /etc/hosts
NAMES = {"10.1.0.1": "one.example.org", "10.1.0.2": "two.example.org", "10.2.0.1": "other.example.net",
         "2001:db8:1::1": "six.example.org"}
PATTERNS = ["10.1.0.1", "10.1.0.*", "10.1.0.0/24", "10.0.0.0/8", "10.1.0.0/16", "198.51.100.0/24", "2001:db8:1::/48",
            "2001:db8::/32", "2001:db8:1::1", "2001:db8:*", "*", "?0.1.*", "one.example.org", "*.example.org", "fd00::/8",
            "*.EXAMPLE.org", "0.0.0.0/0", "::/0"]
DAY = 86400


def from_list(rng):
    patterns = rng.sample(PATTERNS, rng.randint(1, 3))
    if rng.random() < 0.35:
        patterns.insert(rng.randrange(len(patterns) + 1), "!" + rng.choice(PATTERNS))
    if rng.random() < 0.08:
        patterns.append(rng.choice(["", "10.1.0.0/33", "!"]))
    return ",".join(patterns)


def moment(rng):
    """An expiry-time at least two days from now, so that no zone matters, in the forms that sshd knows."""
    distance = rng.choice([-400, -3, -2, 2, 3, 400]) * DAY
    form = rng.choice(["%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S"])
    return time.strftime(form, time.gmtime(time.time() + distance)) + rng.choice(["", "", "Z"])


def harmless(rng):
    return rng.choice(["no-pty", "no-port-forwarding", "no-agent-forwarding", "no-X11-forwarding", "no-user-rc", "restrict",
                       "restrict,pty", 'permitopen="localhost:80"', 'environment="A=b"', "NO-PTY", "no-touch-required",
                       'permitlisten="8080"', 'tunnel="0"', "port-forwarding"])


def broken(rng):
    return rng.choice(["nonsense", "no-pty,", "from=", "command=echo", 'from="10.1.0.1', 'expiry-time="soon"',
                       'expiry-time="20991332"', 'tunnel="x"', 'permitopen="nowhere"', 'environment="=b"',
                       'environment="1-=b"', "no-pty nonsense", 'principals="bob"', 'command="a",command="b"',
                       'from="10.0.0.0/8",from="*"', "verify-required", 'expiry-time="20200101",expiry-time="20990101"'])


def option_words(rng, state):
    """Options of one line; `state` numbers the forced commands."""
    words = []
    if rng.random() < 0.25:
        words.append(f'from="{from_list(rng)}"')
    if rng.random() < 0.15:
        words.append(f'expiry-time="{moment(rng)}"')
    if rng.random() < 0.25:
        state["forced"] += 1
        words.append(f'command="echo FORCED-{state["forced"]}"')
    if rng.random() < 0.3:
        words.append(harmless(rng))
    if rng.random() < 0.08:
        words.append(broken(rng))
    rng.shuffle(words)
    return words


def authority_words(rng, state, user):
    words = [rng.choice(["cert-authority", "cert-authority", "CERT-AUTHORITY"])] + option_words(rng, state)
    if rng.random() < 0.5:
        names = rng.sample([user, "admins", "other", "*", "web"], rng.randint(1, 2))
        words.append(f'principals="{",".join(names)}"')
    rng.shuffle(words)
    return words


def padding(rng):
    return rng.choice(["", "# a comment", "   ", "\t# another", "ssh-ed25519 AAAA broken", "garbage", "ssh-rsa",
                       'command="no key"', "ssh-ed25519", "no-pty ssh-ed25519 AAAAC3Nz"])


def line_of(rng, words, name):
    lead = rng.choice(["", "", "", " ", "\t"])
    options = ",".join(words) + rng.choice([" ", " ", "\t", "  "]) if words else ""
    return f"{lead}{options}@KEY:{name}@{rng.choice(['', ' comment', ' two words', ' # hash'])}"


def authorized_keys(rng, state, user, keys, authorities):
    """A whole file. "@KEY:NAME@" stands for a key, which the keyring puts in."""
    lines = []
    for name in keys:
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            lines.append(line_of(rng, option_words(rng, state) if rng.random() < 0.45 else [], name))
    for name in authorities:
        lines.append(line_of(rng, authority_words(rng, state, user), name))
    for _ in range(rng.choice([0, 0, 1, 3])):
        lines.insert(rng.randrange(len(lines) + 1), padding(rng))
    if rng.random() < 0.4:
        rng.shuffle(lines)
    end = rng.choice(["\n", "\n", "\n", "\n", "\r\n"])
    return end.join(lines) + rng.choice([end, end, ""])


def principals(rng, state, user):
    """An AuthorizedPrincipalsFile."""
    lines = []
    for name in rng.sample([user, "admins", "other", "web", "*"], rng.randint(1, 3)):
        words = option_words(rng, state) if rng.random() < 0.35 else []
        lines.append((",".join(words) + " " if words else "") + name + rng.choice(["", "", " # remark", "  "]))
    for _ in range(rng.choice([0, 0, 2])):
        lines.insert(0, rng.choice(["# a comment", "", "  "]))
    return "\n".join(lines) + "\n"
