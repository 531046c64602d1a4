#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the verifier over all vectors, over flipped bits, and (test_home.py) over homes."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

import make_edge_vectors as curve
import make_vectors
import parley_verifier as verifier
import pv_bodies as bodies
import pv_envelope as envelope
import pv_grammar as grammar
import pv_sodium as sodium
import pv_writer as w
from pv_grammar import Wrong
from test_home import Homes, Slots  # noqa: F401

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"


def load(name):
    return json.loads((VECTORS / name).read_text())


class Edges(unittest.TestCase):
    """The Ed25519 edge cases, and that each rule has a case which a library without that rule gets wrong."""

    def setUp(self):
        self.cases = [(v["name"], bytes.fromhex(v["public_key"]), bytes.fromhex(v["message"]),
                       bytes.fromhex(v["signature"]), v["accept"]) for v in load("ed25519.json")]

    def test_library_agrees(self):
        for name, public, message, signature, accept in self.cases:
            with self.subTest(name):
                self.assertEqual(sodium.verify(public, message, signature), accept)

    def test_another_library_is_refused(self):
        self.assertTrue(verifier.library_agrees())
        kept = sodium.verify
        self.addCleanup(setattr, sodium, "verify", kept)
        for name, public, message, signature, _ in self.cases:
            sodium.verify = lambda *case, c=(public, message, signature): kept(*case) != (case == c)
            self.assertFalse(verifier.library_agrees(), name)

    def test_files_are_what_the_generator_makes(self):
        found = curve.make()
        self.assertEqual(found, load("ed25519.json"))
        self.assertEqual(curve.as_header(found), curve.HEADER_FILE.read_text())

    def lenient(self, public, message, signature, without):
        """verdict() of the generator without one of its rules; None where it cannot say."""
        s = int.from_bytes(signature[32:], "little")
        a, r = curve.decode(public), curve.decode(signature[:32])
        if a is None or r is None or (s >= curve.L and without != "S"):
            return False
        if without == "top bits of S" and s >= 2**253:
            return False
        if (curve.small_order(a) and without != "small A") or (curve.small_order(r) and without != "small R"):
            return False
        h = curve.challenge_wide(signature[:32], public, message)
        h = h if without == "reduced h" else h % curve.L
        left, right = curve.mul(s, curve.B), curve.add(r, curve.mul(h, a))
        if without == "no cofactor":
            return curve.mul(8, left) == curve.mul(8, right)
        return left == right

    def test_every_rule_is_needed(self):
        for without in ("S", "small A", "small R", "no cofactor", "reduced h"):
            wrong = [c[0] for c in self.cases if self.lenient(*c[1:4], without) != c[4]]
            self.assertTrue(wrong, without)
        self.assertEqual([c[0] for c in self.cases if self.lenient(*c[1:4], "nothing") != c[4]], [])


class Envelopes(unittest.TestCase):
    def test_vectors(self):
        cases = load("envelope.json")
        self.assertGreater(len(cases), 190)
        for case in cases:
            with self.subTest(case["name"]):
                entry = bytes.fromhex(case["entry"])
                key = bytes.fromhex(case["key"] or "")
                self.assertEqual(envelope.chain_fault(entry), case["rule"])
                self.assertEqual(case["chain"] == "bad", case["rule"] is not None)
                if case["open"]:
                    self.assertEqual(verifier.body_verdict(entry, key, case["prefix"]), case["open"])
                    self.assertEqual(verifier.body_verdict(entry, key, case["prefix"], True), case["body"])
                if case["body"] == "ok" and "e_raw" in case:
                    self.check_boxes(case, entry, key)

    def check_boxes(self, case, entry, key):
        _, raw = envelope.open_section(entry, key, case["prefix"])
        body = bodies.read_body(entry, raw)
        if bodies.known_type(2, body):
            found = bodies.wrong_boxes(entry, body, bytes.fromhex(case["e_raw"]))
            self.assertEqual(found, case["wrong_boxes"])

    def test_file_is_what_the_generator_makes(self):
        self.assertEqual(make_vectors.make(), load("envelope.json"))

    def test_published_values(self):
        page = (HERE.parents[1] / "docs/format-record.md").read_text()
        values = dict(re.findall(r"^\| (\w+) \| `([0-9a-f]{64,128})` \|$", page, re.M))
        entry = bytes.fromhex(next(c["entry"] for c in load("envelope.json") if c["name"] == "published"))
        k_entry = envelope.entry_key(bytes([2]) * 32, entry, entry[320:352])
        self.assertEqual({"author": entry[40:72].hex(), "k_entry": k_entry.hex(), "kcom": entry[184:216].hex(),
                          "bhash": entry[216:248].hex(), "id": envelope.entry_id(entry).hex(),
                          "signature": entry[256:320].hex()}, values)
        self.assertEqual(envelope.split_key(k_entry)[1], entry[184:216])

    def test_flipped_bits(self):
        entry = bytes.fromhex(next(c["entry"] for c in load("envelope.json") if c["name"] == "published"))
        self.assertIsNone(envelope.chain_fault(entry))
        for bit in range(8 * len(entry)):
            spoilt = bytearray(entry)
            spoilt[bit // 8] ^= 1 << bit % 8
            self.assertIsNotNone(envelope.chain_fault(bytes(spoilt)), bit)

    def test_flipped_bits_under_a_new_signature(self):
        """What the author itself signs still opens only as it was sealed."""
        key, writer = bytes([2]) * 32, w.Device("author")
        entry = make_vectors.claim_entry()
        self.assertEqual(envelope.open_section(entry, key)[0], "ok")
        for bit in [*range(8 * 216), *range(8 * 320, 8 * len(entry))]:
            spoilt = bytearray(entry)
            spoilt[bit // 8] ^= 1 << bit % 8
            made = w.close(writer, bytes(spoilt[:184]), bytes(spoilt[320:]), kcom=bytes(spoilt[184:216]))
            self.assertNotEqual(envelope.open_section(made, key)[0], "ok", bit)

    def test_entry_lines(self):
        answers = {"published": "chain-ok body-bad", "published, another key": "chain-ok body-keys-differ",
                   "published, body dropped": "chain-ok body-absent", "class 1, claim": "chain-ok body-ok",
                   "published, nobody opens": "chain-ok", "rule: magic": "chain-bad"}
        lines = [" ".join(filter(None, [c["entry"], c["key"]])) for name in answers
                 for c in load("envelope.json") if c["name"] == name] + ["-", "- " + "02" * 32]
        done = subprocess.run([sys.executable, HERE / "parley_verifier.py", "entry"], input="\n".join(lines) + "\n",
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.splitlines(), [*answers.values(), "chain-bad", "chain-bad body-bad"])

    def test_sections_of_no_form(self):
        key, entry = bytes([2]) * 32, make_vectors.claim_entry()
        self.assertEqual(envelope.open_section(entry, key), ("ok", make_vectors.claim()))
        for prefix in (-1, 208, 209, 300):
            self.assertEqual(envelope.open_section(entry, key, prefix), ("bad", None))
        self.assertEqual(envelope.open_section(entry[:-1], key), ("bad", None))
        self.assertEqual(envelope.open_section(make_vectors.claim_entry(cls=7), key), ("bad", None))
        for section in (b"\0\0" + bytes(500), b"\0\1" + bytes(184 + 48), b"\1\0" + bytes(256 * 184 + 100)):
            with self.assertRaises(Wrong):
                envelope.epoch_boxes(entry[:320] + section)
        self.assertEqual(len(envelope.epoch_boxes(entry[:320] + b"\0\1" + bytes(184 + 49))), 1)


class Feeds(unittest.TestCase):
    def entries(self, n):
        writer = w.Device("feed")
        return [w.sealed(writer, 1, b"c" * 32, b"k" * 32, b"x", epoch=b"e" * 32) for _ in range(n)]

    def fault(self, entries):
        feed = envelope.Feed()
        return next((f for f in map(feed.fault, entries) if f), None)

    def test_order(self):
        a, b, c = self.entries(3)
        self.assertIsNone(self.fault([a, b, c]))
        self.assertEqual(self.fault([a, c]), "seq does not follow")
        self.assertEqual(self.fault([b]), "seq does not follow")
        self.assertEqual(self.fault([a, a]), "seq does not follow")

    def test_prev(self):
        a, _ = self.entries(2)
        writer = w.Device("feed")
        other = w.sealed(writer, 1, b"c" * 32, b"k" * 32, b"x", epoch=b"e" * 32, seq=2, prev=b"p" * 32)
        self.assertEqual(self.fault([a, other]), "prev does not name the entry before")

    def test_other_feed_and_family(self):
        a, = self.entries(1)
        writer = w.Device("other")
        self.assertEqual(self.fault([a, w.plain(writer, b"c" * 32, b"x")]), "other feed")
        writer = w.Device("feed")
        writer.heads[b"c" * 32] = (1, envelope.entry_id(a))
        self.assertEqual(self.fault([a, w.plain(writer, b"c" * 32, b"x")]), "class of another family")


class Grammar(unittest.TestCase):
    def test_accepted(self):
        for raw in (b"{}", b' \t\r\n{"a" : [1, -1, 0, true, false, null]}\n', b'{"a":9007199254740991}',
                    b'{"a":-9007199254740991}', b'{"a":"\\ud83d\\ude00"}', '{"é":"\u2028"}'.encode(),
                    b'{"a":' + b"[" * 15 + b"]" * 15 + b"}", b'{"a":"' + b"x" * (131072 - 8) + b'"}',
                    b'{"a":"\xef\xbb\xbf"}'):
            with self.subTest(raw[:40]):
                grammar.parse(raw)

    def test_refused(self):
        for raw in (b"", b"[]", b"1", b'"a"', b"{} x", b"{}{}", b"\xef\xbb\xbf{}", b'{"a":1,"a":1}',
                    b'{"a":1,"\\u0061":1}', b'{"b":{"a":1,"a":1}}', b'{"a":1.0}', b'{"a":1e2}', b'{"a":1E2}',
                    b'{"a":-0}', b'{"a":01}', b'{"a":+1}', b'{"a":9007199254740992}', b'{"a":-9007199254740992}',
                    b'{"a":' + b"9" * 5000 + b"}", b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}',
                    b'{"a":"\\u0000"}', b'{"\\u0000":1}', b'{"a":"\0"}', b'{"a":"\\ud800"}', b'{"\\ude00":1}',
                    b'{"a":"\\ud800\\u0041"}', b'{"a":"\\ude00\\ud83d"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xc0\x80"}',
                    b'{"a":"\xff"}', b'{"a":"\xf4\x90\x80\x80"}', b'{"a":"\n"}', b'{"a":"\\x"}', b'{"a":"\\u12g4"}',
                    b"{'a':1}", b'{"a":1,}', b'{a:1}', b'{"a"}', b'{"a":[1,]}', b"{", b'{"a":"', b'{"a":/**/1}',
                    b"{}\0",
                    b'{"a":' + b"[" * 16 + b"]" * 16 + b"}", b'{"a":' + b"[" * 100000, b"{}" + b" " * 131071,
                    '{"a":\u0661}'.encode(), b'{"a":"\\uD83D\\uD83D\\uDE00"}', b'{\xc2\xa0"a":1}'):
            with self.subTest(raw[:40]), self.assertRaises(Wrong):
                grammar.parse(raw)

    def test_case_files(self):
        found = sorted((VECTORS / "json").glob("*.ndjson"))
        self.assertTrue(found)
        for path in found:
            with self.subTest(path.name), path.open(encoding="utf-8") as f:
                self.assertEqual(list(verifier.json_disagreements(line for line in f if line.strip())), [])

    def test_values_of_another_type(self):
        for value in (1, None, ["2012"], {}, True):
            self.assertFalse(grammar.is_point(value) or grammar.is_when(value) or grammar.is_hex(value, 1))
        for value in ([], 1, "x", None):
            self.assertFalse(bodies.holds(bodies.shape(x_=bodies.text))(value))

    def test_base64url(self):
        for text, raw in (("", b""), ("AA", b"\0"), ("-_8", b"\xfb\xff")):
            self.assertEqual(grammar.from_base64url(text), raw)
        for text in ("A", "AB", "AA==", "+/8", "A A", "AA\n", 1, None):
            with self.subTest(text), self.assertRaises(Wrong):
                grammar.from_base64url(text)


class Document(unittest.TestCase):
    def test_labels(self):
        page = (HERE.parents[1] / "docs/format-record.md").read_text()
        table = page[page.index("### 1.1"):page.index("## 2.")]
        labels = re.findall(r"^\| `(Parley/1 [a-z0-9-]+)`", table, re.M)
        self.assertEqual(len(labels), len(set(labels)))
        self.assertTrue(all(len(label) <= 16 for label in labels))
        for path in HERE.glob("pv_*.py"):
            for label in re.findall(r"Parley/1 [a-z0-9-]+", path.read_text()):
                self.assertIn(label, labels)


if __name__ == "__main__":
    unittest.main()
