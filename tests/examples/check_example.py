#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a worked example: FOLDER/*.ndjson, without FOLDER examples/havana.

Every line must parse as strict JSON without real numbers, be a claim with a
kind, an id, a non-empty set, a source, an Admiralty grade and a TLP marking;
its members stand in the order of docs/format-record.md; its dates parse; every
label that it names must be defined by some claim, and not before its own file
order allows. A level of fulfilment stands only with a quotation of its own, and
in the example of Havana at least 30 promises are quoted by section. Prints how
many claims there are of each kind.

  check_example.py [FOLDER] [--at-most N] [--promises N] [--sample N --seed S]

--at-most N refuses more than N claims. --sample prints N claims drawn by that
seed, with source and quotation, for a person to check against the sources.
Exit: 0 all well, 1 something is wrong.
"""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import random
import re
import sys

MEMBERS = ["t", "v", "kind", "id", "set", "says", "when", "known", "by", "source", "quote", "grade",
           "tlp", "rule", "lang", "note", "files"]
NEEDED = ["t", "kind", "id", "set", "source", "grade", "tlp"]
LABEL = re.compile(r"@[a-z0-9._/-]{1,200}\Z")
HEX_ID = re.compile(r"[0-9a-f]{32}\Z")
KIND = re.compile(r"[a-z][a-z_]{0,39}\Z")
GRADE = re.compile(r"[A-F][1-6]\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z")
TLP = {"clear", "green", "amber", "amber+strict", "red"}
POINT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{3})?)?)?Z)?)?)?\Z")
TEXT_MAX = 4000
SECTION = re.compile(r"\b[Ss]ection [1-6](?:\.\d+)+")
PROMISES_OF_HAVANA = 30


class Wrong(Exception):
    """A line that does not hold what it must."""


def no_twins(pairs):
    seen = {}
    for key, value in pairs:
        if key in seen:
            raise Wrong(f"member {key} stands twice")
        seen[key] = value
    return seen


def no_reals(text):
    raise Wrong(f"real number {text}; write decimals as text")


def point(text):
    """The first moment that a date stands for, as a sortable tuple."""
    match = POINT.match(text)
    if not match:
        raise Wrong(f"{text!r} is not a date such as 2012-08-26")
    year, month, day, hour, minute, second = (int(g) if g else None for g in match.groups())
    try:
        datetime.datetime(year, month or 1, day or 1, hour or 0, minute or 0, second or 0)
    except ValueError as problem:
        raise Wrong(f"{text!r}: {problem}") from problem
    return (year, month or 0, day or 0, hour or 0, minute or 0, second or 0)


def start(text):
    """Where a date or interval begins; checks both ends."""
    if "/" not in text:
        return point(text)
    left, right = text.split("/", 1)
    if left == ".." and right == "..":
        raise Wrong(f"{text!r} is open at both ends")
    low = point(left) if left != ".." else (0,)
    if right != "..":
        high = point(right)
        if left != ".." and low[:1] > high[:1]:
            raise Wrong(f"{text!r} ends before it begins")
        if left != ".." and len(left) == len(right) and low > high:
            raise Wrong(f"{text!r} ends before it begins")
    return low


def texts(value):
    """Every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)


def check_members(claim):
    for name in NEEDED:
        if not claim.get(name):
            raise Wrong(f"no {name}")
    unknown = [name for name in claim if name not in MEMBERS]
    if unknown:
        raise Wrong(f"unknown member {unknown[0]}")
    order = [MEMBERS.index(name) for name in claim]
    if order != sorted(order):
        raise Wrong("members are not in the order of the format")
    for name in claim:
        if name not in ("set", "v", "files") and not isinstance(claim[name], str):
            raise Wrong(f"{name} is not a text")


def check_forms(claim):
    if claim["t"] != "claim":
        raise Wrong(f"t is {claim['t']!r}, not claim")
    if not KIND.match(claim["kind"]):
        raise Wrong(f"{claim['kind']!r} is not a kind")
    if not isinstance(claim["set"], dict):
        raise Wrong("set is not an object")
    for name in ("id", "says"):
        if name in claim and not (LABEL.match(claim[name]) or HEX_ID.match(claim[name])):
            raise Wrong(f"{name} {claim[name]!r} is neither a label nor 32 hex digits")
    if not GRADE.match(claim["grade"]):
        raise Wrong(f"{claim['grade']!r} is not an Admiralty grade")
    if claim["tlp"] not in TLP:
        raise Wrong(f"{claim['tlp']!r} is not a TLP marking")
    if "lang" in claim and not LANGUAGE.match(claim["lang"]):
        raise Wrong(f"{claim['lang']!r} is not a language tag")
    if any(len(text) > TEXT_MAX for text in texts(claim)):
        raise Wrong(f"a text is longer than {TEXT_MAX} characters")


def check_dates(claim):
    if "known" in claim:
        if "/" in claim["known"]:
            raise Wrong("known is an interval; it must be one date")
        point(claim["known"])
    if "when" in claim:
        start(claim["when"])


def read(folder):
    """All claims with their place, and what is wrong with the others."""
    claims, wrong = [], []
    for path in sorted(folder.glob("*.ndjson")):
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if not line:
                continue
            place = f"{path.name}:{number}"
            try:
                claim = json.loads(line.decode("utf-8"), object_pairs_hook=no_twins, parse_float=no_reals)
                check_members(claim)
                check_forms(claim)
                check_dates(claim)
                claims.append((place, claim))
            except (Wrong, ValueError) as problem:
                wrong.append(f"{place}: {problem}")
    return claims, wrong


def references(claim):
    for text in texts(claim["set"]):
        if LABEL.match(text):
            yield text
    if LABEL.match(claim.get("says", "")):
        yield claim["says"]


def shipped_labels(folder):
    """What 'parley import' makes of the datasets that come with an example."""
    for name, column, label in [('actors', 'ActorId', 'actor'), ('agreements', 'paid', 'agreement'), ('ged', 'id', 'ged')]:
        path = folder / 'ucdp' / f'{name}.csv'
        if path.exists():
            with path.open(encoding='utf-8', newline='') as rows:
                yield from (f'@ucdp/{label}-{row[column]}' for row in csv.DictReader(rows))


def check_references(claims, shipped):
    kinds, wrong, seen = {}, [], set()
    for place, claim in claims:
        known_as = kinds.setdefault(claim["id"], claim["kind"])
        if known_as != claim["kind"]:
            wrong.append(f"{place}: {claim['id']} is a {known_as} elsewhere, here a {claim['kind']}")
    for place, claim in claims:
        for label in references(claim):
            if label in shipped:
                continue
            if label not in kinds:
                wrong.append(f"{place}: {label} is defined nowhere")
            elif label not in seen and label != claim["id"]:
                wrong.append(f"{place}: {label} is named before it is defined")
        seen.add(claim["id"])
    lines = collections.Counter(json.dumps(claim, sort_keys=True) for _, claim in claims)
    wrong += [f"the same claim stands {n} times: {line[:120]}" for line, n in lines.items() if n > 1]
    return wrong


def quoted_by_section(claim):
    return "quote" in claim and any(SECTION.search(claim.get(name, "")) for name in ("source", "note"))


def check_promises(claims, at_least):
    """Promises are quoted from a section of their agreement; a level of fulfilment has words of its own behind it."""
    wrong = []
    for place, claim in claims:
        if claim["kind"] != "fulfilment" or "level" not in claim["set"]:
            continue
        if "quote" not in claim:
            wrong.append(f"{place}: a level of fulfilment without a quotation")
        if claim["set"].get("no_evidence"):
            wrong.append(f"{place}: a level, and no evidence")
    quoted = {claim["id"] for _, claim in claims if claim["kind"] == "commitment" and quoted_by_section(claim)}
    if len(quoted) < at_least:
        wrong.append(f"{len(quoted)} promises are quoted by section, fewer than {at_least}")
    return wrong


def show_counts(claims):
    objects = collections.defaultdict(set)
    counts = collections.Counter()
    for _, claim in claims:
        counts[claim["kind"]] += 1
        objects[claim["kind"]].add(claim["id"])
    print(f"{'kind':<16} {'claims':>6} {'objects':>7}")
    for kind, n in sorted(counts.items()):
        print(f"{kind:<16} {n:>6} {len(objects[kind]):>7}")
    print(f"{'all':<16} {sum(counts.values()):>6} {sum(map(len, objects.values())):>7}")
    quoted = sum("quote" in claim for _, claim in claims)
    print(f"with a quotation: {quoted}; sources: {len({claim['source'] for _, claim in claims})}")


def show_sample(claims, n, seed):
    for place, claim in random.Random(seed).sample(claims, min(n, len(claims))):
        print(f"\n{place}  {claim['kind']}  {claim['id']}  {claim['grade']}")
        print(f"  set    {json.dumps(claim['set'], ensure_ascii=False)}")
        for name in ("says", "when", "known", "source", "quote", "note"):
            if name in claim:
                print(f"  {name:<6} {claim[name]}")


def main():
    here = pathlib.Path(__file__).resolve().parents[2] / "examples" / "havana"
    parser = argparse.ArgumentParser(description="Check the claims of a worked example.")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=here)
    parser.add_argument("--at-most", type=int, metavar="N", help="refuse more than N claims")
    parser.add_argument("--promises", type=int, metavar="N", help="refuse fewer than N promises quoted by section")
    parser.add_argument("--sample", type=int, metavar="N", help="print N claims to check by hand")
    parser.add_argument("--seed", type=int, default=7, metavar="S", help="seed of the drawing")
    args = parser.parse_args()
    claims, wrong = read(args.folder)
    wrong += check_references(claims, set(shipped_labels(args.folder)))
    at_least = args.promises
    if at_least is None:
        at_least = PROMISES_OF_HAVANA if args.folder.resolve() == here else 0
    wrong += check_promises(claims, at_least)
    if not claims:
        wrong.append(f"{args.folder}: no claims found")
    if args.at_most is not None and len(claims) > args.at_most:
        wrong.append(f"{args.folder}: {len(claims)} claims, more than {args.at_most}")
    for line in wrong:
        print(line, file=sys.stderr)
    if args.sample:
        show_sample(claims, args.sample, args.seed)
    else:
        show_counts(claims)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
