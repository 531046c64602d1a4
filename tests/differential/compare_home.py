#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the program and the second program (tests/verifier) count the same in a home that holds everything? Prints TAP.

compare_home.py HOME-MAKER
"""
import os
import pathlib
import subprocess
import sys
import tempfile

VERIFIER = pathlib.Path(__file__).resolve().parents[1] / "verifier/parley_verifier.py"
CLASSES = ("claim", "control", "heads", "redaction", "sigchain", "attachment chunk")
# What the maker put into the home and the program does not count itself.
MADE = {"attachments": 5, "effective retractions": 1, "effective redactions": 3, "snapshot bytes": 9, "organisations": 2,
        "epoch entries": 4, "slots": 2}


def numbers(text):
    """{name: number} of lines `name: number`; lines of another form are left out."""
    pairs = (line.rsplit(": ", 1) for line in text.splitlines() if ": " in line)
    return {name: int(n) for name, n in pairs if n.isdigit()}


def in_words_of_the_program(found):
    """The second program's counts, as record_verify() names them."""
    def total(*parts):
        return sum(n for name, n in found.items() if all(p in name for p in parts))
    bodies = sum(n for name, n in found.items() if name.endswith(": bodies that hold") and "chunk" not in name)
    classes = {f"class {i}": found.get(f"class {i} {name}", 0) for i, name in enumerate(CLASSES, 1)}
    later = sum(n for name, n in found.items() if name.startswith("class ") and name.endswith(" ignored"))
    return {"entries": found["entries"], "class 0": later, **classes, "bodies": bodies,
            "dropped": total("note: ", "bodies that were dropped"),
            "no key": total("note: ", "bodies whose epoch secret is not here")
            + total("note: epoch entries without a secret here"),
            "feeds": found["feeds"], "circles": found["circles"], "quarantined": total("quarantined for reason "),
            "quarantine dropped": found["quarantine items dropped"]}


def main():
    with tempfile.TemporaryDirectory(prefix="parley-differential-") as folder:
        made = subprocess.run([sys.argv[1]], env={**os.environ, "TMPDIR": folder}, capture_output=True, text=True,
                              check=False)
        if made.returncode:
            print(f"Bail out! {sys.argv[1]} ended with {made.returncode}: {made.stdout} {made.stderr}")
            return 1
        home = next(line[8:] for line in made.stdout.splitlines() if line.startswith("folder: "))
        recovery = [arg for i in (1, 2, 3) for arg in ("--recovery", f"{home}-recovery-{i}")]
        judged = subprocess.run([sys.executable, VERIFIER, "home", home, "--passphrase-file", f"{home}-passphrase",
                                 *recovery], capture_output=True, text=True, check=False)
    ours, found = numbers(made.stdout), numbers(judged.stdout)
    problems = ours.pop("problems")
    theirs = in_words_of_the_program(found) if "entries" in found and "circles" in found else {}
    different = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    missing = sorted(name for name, n in MADE.items() if found.get(name) != n)
    reasons = [i for i in range(1, 6) if not found.get(f"quarantined for reason {i}")]
    results = (
        ("neither finds anything wrong", not problems and judged.returncode == 0),
        (f"{len(ours)} counts are the same", not different),
        ("the second program finds what was put there", not missing),
        ("something is in quarantine for every reason", not reasons),
    )
    print(f"1..{len(results)}")
    for name, ok in results:
        print(f"{'ok' if ok else 'not ok'} - {name}")
    for name in different:
        print(f"# {name}: program {ours.get(name)}, second program {theirs.get(name)}")
    for name in missing:
        print(f"# {name}: {found.get(name)}, made were {MADE[name]}")
    if not all(ok for _, ok in results):
        print("".join(f"# {line}\n" for line in (made.stderr + judged.stdout + judged.stderr).splitlines()), end="")
    return 0 if all(ok for _, ok in results) else 1


if __name__ == "__main__":
    sys.exit(main())
