#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second program that reads, checks and opens a Parley record, written from docs/format-record.md alone.

parley_verifier.py home DIR --passphrase-file F [--recovery FILE]...
    verifies everything in a home; prints counts, notes, and each thing that is wrong; exit 1 if anything is.
    The home is only read; stop the program that has it open first.

parley_verifier.py entry [--form]
    one line in, one line out, at once. In: `ENTRY [KEY [PREFIX]]` in hex and decimal; `-` stands for no bytes.
    Out: chain-ok or chain-bad (the entry seen alone) and, where a key was given, what section 3 says of its body:
    body-ok, body-keys-differ or body-bad; body-absent where it was dropped, body-ignored in class 128 and above.
    KEY is E, or E0 in an epoch entry, or the key of an attachment; class 5 takes any. PREFIX are the bytes before the
    salt: 2 + 184 * boxes in an epoch entry, else 0. The body is judged even where the chain verdict is bad.
    --form judges grammar and form (sections 5 to 7) too.

parley_verifier.py feed
    entries of one feed in hex, one a line; prints the place of the first that does not fit; exit 1 if there is one.

parley_verifier.py json FILE...
    JSON lines {"name", "text_b64url", "ok"}, perhaps with "pad" (spaces that follow the text) and "compact_b64url" (the
    same value without white space); prints each case on which this program disagrees; exit 1 if any.
"""
import argparse
import base64
import json
import pathlib
import sys

import pv_bodies as bodies
import pv_envelope as envelope
import pv_grammar as grammar
import pv_home
import pv_sodium as sodium
import pv_store as store
from pv_grammar import Wrong


def library_agrees():
    """True if the library gives the verdict of every edge case; without that no verdict is worth anything."""
    cases = json.loads((pathlib.Path(__file__).resolve().parents[1] / "vectors/ed25519.json").read_text())
    return bool(cases) and all(sodium.verify(*(bytes.fromhex(c[part]) for part in (
        "public_key", "message", "signature"))) == c["accept"] for c in cases)


def body_verdict(entry, key, prefix, form=False):
    """What the line of `entry` says of a body, without the word body."""
    verdict, body = envelope.open_section(entry, key, prefix)
    if form and verdict == "ok":
        try:
            bodies.read_body(entry, body)
        except Wrong:
            return "bad"
    return verdict


def entry_line(line, form=False):
    """The answer to one line of `entry`."""
    words = line.split()
    entry = b"" if words[0] == "-" else bytes.fromhex(words[0])
    answer = "chain-bad" if envelope.chain_fault(entry) else "chain-ok"
    if len(words) > 1:
        prefix = int(words[2]) if len(words) > 2 else 0
        answer += " body-" + body_verdict(entry, bytes.fromhex(words[1]), prefix, form)
    return answer


def run_entry(args):
    for line in sys.stdin:
        sys.stdout.write(entry_line(line, args.form) + "\n")
        sys.stdout.flush()
    return 0


def run_feed(_):
    feed = envelope.Feed()
    for n, line in enumerate(sys.stdin, 1):
        fault = feed.fault(bytes.fromhex(line))
        if fault:
            print(f"entry {n}: {fault}")
            return 1
    print(f"{feed.seq} entries hold")
    return 0


def decode_case(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def json_disagreements(lines):
    """The names of the cases that this program judges otherwise."""
    for line in lines:
        case = json.loads(line)
        try:
            found = grammar.parse(decode_case(case["text_b64url"]) + b" " * case.get("pad", 0))
            ok, why = True, "accepted"
            if "compact_b64url" in case and compact(found) != decode_case(case["compact_b64url"]):
                yield f"{case['name']}: read as another value"
        except Wrong as e:
            ok, why = False, str(e)
        if ok != case["ok"]:
            yield f"{case['name']}: {why}"


def run_json(args):
    found = []
    for path in args.file:
        with open(path, encoding="utf-8") as f:
            found += [f"{path}: {d}" for d in json_disagreements(line for line in f if line.strip())]
    for d in found:
        print(d)
    return 1 if found else 0


def run_home(args):
    with open(args.passphrase_file, "rb") as f:
        passphrase = store.normal_passphrase(f.read())
    home = pv_home.Home(args.dir, passphrase)
    home.verify()
    for path in args.recovery:
        with open(path, "rb") as f:
            home.wrong += pv_home.recovery_faults(f.read(), home.genesis)
    for name, n in sorted(home.counts.items()):
        print(f"{name}: {n}")
    for name, n in sorted(home.notes.items()):
        print(f"note: {name}: {n}")
    for text in home.wrong:
        print(f"wrong: {text}")
    return 1 if home.wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(required=True)
    home = modes.add_parser("home")
    home.add_argument("dir")
    home.add_argument("--passphrase-file", required=True)
    home.add_argument("--recovery", action="append", default=[])
    home.set_defaults(run=run_home)
    entry = modes.add_parser("entry")
    entry.add_argument("--form", action="store_true")
    entry.set_defaults(run=run_entry)
    modes.add_parser("feed").set_defaults(run=run_feed)
    cases = modes.add_parser("json")
    cases.add_argument("file", nargs="+")
    cases.set_defaults(run=run_json)
    args = parser.parse_args()
    if not library_agrees():
        print("this libsodium judges Ed25519 signatures otherwise than the format asks; use version 1.0.18")
        return 2
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
