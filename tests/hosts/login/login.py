"""Compares what `sshkeep access check` predicts with real logins: README.md."""
import argparse
import concurrent.futures
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

import scenario as scenarios
from keylines import SOURCES
from keyring import Keyring
from stage import Server, Stage
from visit import MAY_BE_UNKNOWN, Visits, difference, shown

SERVERS = ["10.9.0.1", "10.9.0.2", "2001:db8:9::1", "fd00:9::1"]
MOST_UNKNOWN = 0.02


@dataclass
class Tally:
    scenarios: int = 0
    visitors: int = 0
    admitted: int = 0
    lasting: int = 0
    not_started: int = 0
    unknown: Counter = field(default_factory=Counter)
    failures: int = 0


class Run:
    def __init__(self, options, directory):
        self.options = options
        self.version = tuple(int(part) for part in options.openssh.split("."))
        self.directory = directory
        self.keyring = Keyring(directory)
        self.stage = Stage(f"/proc/{options.leader}/root", options.leader, self.keyring)
        self.visits = Visits(options.sshkeep, self.stage, self.keyring, directory)
        self.tally = Tally()
        self.pool = concurrent.futures.ThreadPoolExecutor(options.jobs)

    def one(self, number):
        scenario = scenarios.make(self.options.seed, number, self.version)
        self.stage.apply(scenario)
        for visitor in scenario.visitors:
            self.visits.credentials(visitor)  # made here, for the threads share them
        predictions = [self.pool.submit(self.visits.predict, visitor) for visitor in scenario.visitors]
        with Server(self.stage, scenario.sockets, os.path.join(self.directory, "sshd.log")) as server:
            if scenario.tallies:
                # A login changes what pam_faillock remembers, so that each has to find it as it was predicted.
                answers = [prediction.result() for prediction in predictions]
                reals = [self._login(scenario, visitor, server) for visitor in scenario.visitors]
            else:
                logins = [self.pool.submit(self._login, scenario, visitor, server) for visitor in scenario.visitors]
                answers = [prediction.result() for prediction in predictions]
                reals = [login.result() for login in logins]
        self._judge(scenario, server, answers, reals)

    def _login(self, scenario, visitor, server):
        if not server.started:
            return None
        if scenario.tallies:
            self.stage.remember_failures(scenario)
        accepted = self.visits.algorithms(scenario, visitor)
        for _ in range(2):
            real = self.visits.login(visitor, accepted)
            if "banner exchange" not in real.said and "timed out" not in real.said:
                break
        return real

    def _judge(self, scenario, server, answers, reals):
        self.tally.scenarios += 1
        if not server.started:
            self.tally.not_started += 1
            print(f"scenario {scenario.number}: sshd does not start: {server.text().strip().splitlines()[-1:]}")
        log = server.text()
        for visitor, answer, real in zip(scenario.visitors, answers, reals):
            self.tally.visitors += 1
            if real is not None:
                # The process that talks to the client may let him in where the one that decides does not.
                real.admitted = real.admitted and bool(accepted(log, visitor))
            if not server.started:
                if answer["answer"] == "admitted":
                    self._tell(scenario, visitor, answer, real, server, "sshd does not start, so nobody can be admitted")
                continue
            self.tally.admitted += real.admitted
            self.tally.lasting += real.admitted and bool(real.output)
            wrong = difference(answer, real)
            if answer["answer"] == "unknown":
                why = " / ".join(reason["text"] for reason in answer["reasons"])
                self.tally.unknown[why] += 1
                if not any(pattern.search(why) for pattern in MAY_BE_UNKNOWN):
                    wrong = f"it should be known: {why}"
            if wrong:
                self._tell(scenario, visitor, answer, real, server, wrong)

    def _tell(self, scenario, visitor, answer, real, server, wrong):
        """Everything that it takes to see what happened."""
        self.tally.failures += 1
        print(f"\n=== DIFFERENCE in scenario {scenario.number}: {wrong}")
        print(f"again: {self.options.again} --seed {scenario.seed} --only {scenario.number}")
        print("visitor:", json.dumps(asdict(visitor)))
        if self.tally.failures > self.options.details:
            return
        print("sshkeep:", shown(self.visits.question(visitor)))
        print("says:", json.dumps(answer, indent=1))
        if real is not None:
            print("ssh:", shown(self.visits.login_line(visitor, self.visits.algorithms(scenario, visitor))))
            print("client:", *real.said[max(real.said.find("SERVICE_ACCEPT"), 0):].splitlines(), sep="\n    ")
            print(f"status {real.status}, output {real.output!r}")
        print("sshd:", *(line for line in server.text().splitlines() if "debug" not in line), sep="\n    ")
        print("configuration:\n" + scenario.config)
        print("accounts:", *(json.dumps(account) for account in scenario.accounts), sep="\n    ")
        print("groups:", json.dumps(scenario.groups), "tallies:", json.dumps(scenario.tallies), "revoked:", scenario.revoked)
        print("files:", *(repr(entry) for entry in scenario.files), sep="\n    ")
        print("system:", *(f"{path}: {content!r}" for path, content in scenario.pam.items()), sep="\n    ", flush=True)


def accepted(log, visitor):
    return re.search(f"^Accepted \\S+ for {re.escape(visitor.user)} from {re.escape(visitor.source)} port", log, re.MULTILINE)


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sshkeep", required=True)
    parser.add_argument("--leader", required=True, help="process that is the host's systemd")
    parser.add_argument("--openssh", required=True, help="8.4, 9.2, 10.0")
    parser.add_argument("--seed", default="20261124")
    parser.add_argument("--scenarios", type=int, default=300)
    parser.add_argument("--only", type=int, action="append", help="this scenario; may be repeated")
    parser.add_argument("--details", type=int, default=5, help="how many differences are told in full")
    parser.add_argument("--jobs", type=int, default=6)
    parser.add_argument("--again", default="login.py", help="what starts this again")
    return parser.parse_args()


def give_addresses():
    for address in SOURCES + SERVERS:
        length = "128" if ":" in address else "32"
        flags = ["nodad"] if ":" in address else []
        if os.system(" ".join(["ip", "address", "replace", f"{address}/{length}", "dev", "lo", *flags])) != 0:
            sys.exit(f"cannot give lo the address {address}")


def main():
    options = parse_options()
    began = time.monotonic()
    give_addresses()
    with tempfile.TemporaryDirectory() as directory:
        run = Run(options, directory)
        for number in options.only or range(options.scenarios):
            run.one(number)
        run.pool.shutdown()
    tally = run.tally
    unknown = sum(tally.unknown.values())
    print(f"OpenSSH {options.openssh}, seed {options.seed}: {tally.scenarios} scenarios, {tally.visitors} visitors, "
          f"{tally.admitted} admitted, {tally.lasting} of them to a session with output, {unknown} unknown, "
          f"{tally.not_started} configurations that sshd refused, {tally.failures} differences, "
          f"{time.monotonic() - began:.0f} s")
    for why, count in tally.unknown.most_common():
        print(f"  unknown {count} times: {why}")
    if unknown > MOST_UNKNOWN * tally.visitors:
        print("too much is unknown")
        return 1
    if not options.only and tally.not_started > tally.scenarios / 10:
        print("too many configurations that sshd refuses: this proves little")
        return 1
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
