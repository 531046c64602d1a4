#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the program and the second program (tests/verifier) say the same of mutated entries? Prints TAP.

compare.py EMIT [--form] [--seed N] [--count N]

PARLEY_SOAK=1 takes a million mutants instead of twenty thousand.
"""
import argparse
import collections
import os
import pathlib
import subprocess
import sys
import threading

VERIFIER = pathlib.Path(__file__).resolve().parents[1] / "verifier/parley_verifier.py"
COUNT, SOAK_COUNT = 20000, 1000000
SHOWN = 5
# What must come up often enough for the comparison to mean anything: verdict -> share of the mutants.
SHARES = {"chain-bad": 0.05, "chain-ok body-ok": 0.1, "chain-ok body-bad": 0.05, "chain-ok body-keys-differ": 0.02,
          "chain-ok body-absent": 0.005, "chain-ok body-ignored": 0.02, "chain-bad body-ok": 0.01}


def pieces(emit, count, seed, form):
    """(input, verdict of the program, verdict of the second program), line by line."""
    form = ["--form"] if form else []
    made = subprocess.Popen([emit, str(count), str(seed), *form], stdout=subprocess.PIPE)
    judge = subprocess.Popen([sys.executable, VERIFIER, "entry", *form], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    lines = []

    def feed():
        for line in made.stdout:
            entry, verdict = line.decode().rstrip("\n").split("\t")
            lines.append((entry, verdict))
            judge.stdin.write(entry.encode() + b"\n")
        judge.stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    n = 0
    for n, theirs in enumerate(judge.stdout, 1):
        yield (*lines[n - 1], theirs.decode().rstrip("\n"))
        lines[n - 1] = None
    feeder.join()
    if made.wait() or judge.wait() or n != count:
        raise RuntimeError(f"{n} of {count} verdicts came; {emit} ended with {made.returncode}, the second program with "
                           f"{judge.returncode}")


def compare(args):
    """The lines on which the two differ, and how often each verdict came up."""
    seen, different = collections.Counter(), []
    for entry, ours, theirs in pieces(args.emit, args.count, args.seed, args.form):
        seen[ours] += 1
        if ours != theirs:
            different.append(f"program: {ours}, second program: {theirs}: {entry}")
    return seen, different


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("emit")
    parser.add_argument("--form", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=SOAK_COUNT if os.environ.get("PARLEY_SOAK") else COUNT)
    args = parser.parse_args()
    seen, different = compare(args)
    rare = [f"only {seen[verdict]} are {verdict}" for verdict, share in SHARES.items()
            if seen[verdict] < share * args.count]
    print("1..2")
    print(f"{'not ok' if different else 'ok'} - {args.count} mutants, {len(different)} judged otherwise")
    for text in different[:SHOWN]:
        print(f"# {text}")
    print(f"{'not ok' if rare else 'ok'} - every verdict came up")
    for text in rare:
        print(f"# {text}")
    for verdict, n in sorted(seen.items()):
        print(f"# {n} {verdict}")
    return 1 if different or rare else 0


if __name__ == "__main__":
    sys.exit(main())
