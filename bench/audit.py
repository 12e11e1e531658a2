#!/usr/bin/env python3
"""Times whole processes: the audit of this machine against `sshd -T` and Lynis, and of trees of growing size.

Runs of the two sides alternate, so that noise of the machine meets both; medians are compared.
usage: audit.py SSHKEEP [--lynis] [--trees DIR]
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def run(argv):
    """Wall seconds, CPU seconds and peak resident KiB of one process and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{argv[0]} failed with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def paired(first, second, rounds):
    """Medians of alternating runs of two commands."""
    run(first), run(second)
    results = ([], [])
    for _ in range(rounds):
        results[0].append(run(first))
        results[1].append(run(second))
    return [[statistics.median(column) for column in zip(*side)] for side in results]


def against_sshd(program):
    ours, sshd = paired([program, "audit"], ["/usr/sbin/sshd", "-T"], 30)
    print(f"sshkeep audit         wall {ours[0] * 1e3:7.1f} ms  CPU {ours[1] * 1e3:7.1f} ms  peak {ours[2] / 1024:6.1f} MiB")
    print(f"sshd -T               wall {sshd[0] * 1e3:7.1f} ms  CPU {sshd[1] * 1e3:7.1f} ms  peak {sshd[2] / 1024:6.1f} MiB")
    print(f"ratio of wall times   {ours[0] / sshd[0]:7.2f}     (wanted: at most 3)")
    return ours


def against_lynis(ours):
    argv = ["lynis", "audit", "system", "--tests-from-group", "ssh", "--quick", "--no-colors"]
    lynis = run(argv)
    print(f"lynis, SSH group      wall {lynis[0] * 1e3:7.0f} ms  CPU {lynis[1] * 1e3:7.0f} ms")
    print(f"ratio of CPU times    1/{lynis[1] / ours[1]:.0f}    (wanted: 1/50)")


def trees(program, folder):
    previous = None
    for accounts in (2500, 5000, 10000, 20000):
        tree = os.path.join(folder, str(accounts))
        if not os.path.exists(tree):
            subprocess.run([os.path.join(HERE, "make_tree.sh"), tree, str(accounts), "10"], check=True)
        best = min(run([program, "audit", "--root", tree]) for _ in range(5))
        growth = "" if previous is None else f"  {best[0] / previous:4.2f} times the one before"
        print(f"{accounts:6} accounts, 10 keys each  wall {best[0]:6.2f} s  peak {best[2] / 1024:6.1f} MiB{growth}")
        previous = best[0]
    print("wanted: under 2 s for 10,000 accounts, and about 2.00 times for each doubling")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--lynis", action="store_true")
    parser.add_argument("--trees", metavar="DIR")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    ours = against_sshd(program)
    if options.lynis:
        against_lynis(ours)
    if options.trees:
        trees(program, options.trees)
    else:
        with tempfile.TemporaryDirectory(prefix="sshkeep-bench-") as folder:
            trees(program, folder)


if __name__ == "__main__":
    main()
