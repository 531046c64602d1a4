#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the verifier over all vectors, over flipped bits, and over a home that is spoilt in one place at a time."""
import hashlib
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import make_edge_vectors as curve
import make_vectors
import parley_verifier as verifier
import pv_bodies as bodies
import pv_envelope as envelope
import pv_grammar as grammar
import pv_home
import pv_sodium as sodium
import pv_store as store
import pv_writer as w
import sample_home
from pv_grammar import Wrong

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
                 for c in load("envelope.json") if c["name"] == name] + ["-"]
        done = subprocess.run([sys.executable, HERE / "parley_verifier.py", "entry"], input="\n".join(lines) + "\n",
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.splitlines(), [*answers.values(), "chain-bad"])


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


class Homes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "home"
        self.sample = sample_home.Sample()

    def verify(self, passphrase=sample_home.PASSPHRASE):
        home = pv_home.Home(self.path, passphrase)
        home.verify()
        return home

    def spoil(self, name, at, value=None):
        """Flips one bit of a file, or puts other bytes there."""
        path = self.path / name
        raw = bytearray(path.read_bytes())
        raw[at:at + len(value or b"x")] = value or bytes([raw[at] ^ 1])
        path.write_bytes(raw)

    def sql(self, *statement):
        db = sqlite3.connect(self.path / "record.db")
        with db:
            db.execute(*statement)
        db.close()

    def expect(self, pattern, passphrase=sample_home.PASSPHRASE):
        wrong = self.verify(passphrase).wrong
        self.assertTrue(any(re.search(pattern, text) for text in wrong), wrong)

    def test_whole(self):
        self.sample.write(self.path)
        before = {f.name: hashlib.sha256(f.read_bytes()).digest() for f in self.path.iterdir()}
        home = self.verify()
        self.assertEqual(home.wrong, [])
        wanted = {"entries": len(self.sample.entries), "feeds": 5, "organisations": 2, "circles": 1, "epoch entries": 2,
                  "attachments": 1, "effective retractions": 1, "effective redactions": 1, "class 1 claim": 7,
                  "class 1 claim: bodies that hold": 6, "snapshot bytes": 65539, "class 200 ignored": 1}
        self.assertEqual({name: home.counts[name] for name in wanted}, wanted)
        self.assertEqual({f.name: hashlib.sha256(f.read_bytes()).digest() for f in self.path.iterdir()}, before)

    def test_command(self):
        self.sample.write(self.path)
        secret, recovery = self.path.parent / "passphrase", self.path.parent / "recovery"
        secret.write_text("  One two\tTHREE-four   five six seven\n")
        recovery.write_bytes(self.sample.recovery_file(2))
        command = [sys.executable, HERE / "parley_verifier.py", "home", self.path, "--passphrase-file", secret,
                   "--recovery", recovery]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, "entries: 18" in done.stdout.splitlines()), (0, True), done)
        recovery.write_bytes(self.sample.recovery_file(2, key="3"))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, "check does not hold" in done.stdout), (1, True), done)

    def test_rows_still_in_the_wal(self):
        self.sample.write(self.path)
        db = sqlite3.connect(self.path / "record.db")
        self.addCleanup(db.close)
        db.execute("PRAGMA journal_mode=WAL")
        with db:
            db.execute("UPDATE entry SET box = (SELECT box FROM entry WHERE n = 2) WHERE n = 1")
        self.assertGreater((self.path / "record.db-wal").stat().st_size, 0)
        self.expect("entry row 1: does not open")

    def test_slots(self):
        self.sample.write(self.path)
        self.assertEqual(self.verify(b"paper sheet words").wrong, [])
        self.expect("for no slot", b"another passphrase")
        for at, pattern in ((0, "no header"), (9, "checksum of the header"), (40, "checksum of the header"),
                            (64 + 256 + 2, "slot 2: checksum"), (64 + 256 + 33, "for no slot"),
                            (64 + 256 + 70, "wrapped key does not open")):
            with self.subTest(at=at):
                self.spoil("keys", at)
                self.expect(pattern)
                self.spoil("keys", at)
        (self.path / "keys").write_bytes((self.path / "keys").read_bytes() + b"x")
        self.expect("the size is wrong")

    def test_directory(self):
        self.sample.write(self.path)
        self.path.chmod(0o750)
        (self.path / "lock").write_bytes(b"1")
        self.assertEqual(len(self.verify().wrong), 2)

    def test_rows(self):
        self.sample.write(self.path)
        self.sql("UPDATE entry SET box = (SELECT box FROM entry WHERE n = 5) WHERE n = 6")
        self.expect("entry row 6: does not open")

    def test_row_of_another_table(self):
        self.sample.write(self.path)
        self.sql("INSERT INTO quarantine SELECT 4, box FROM entry WHERE n = 4")
        self.expect("quarantine row 4: does not open")

    def test_row_gone(self):
        self.sample.write(self.path)
        self.sql("DELETE FROM entry WHERE n = 7")
        self.expect("a gap before row 8")
        self.expect("rows in entry")

    def test_key_id(self):
        self.sample.write(self.path)
        self.sql("UPDATE key SET box = CAST(x'00000002' || substr(box, 5) AS BLOB) WHERE n = 1")
        self.expect("unknown key id")

    def test_rolled_back(self):
        self.sample.heads_counter = 42
        self.sample.write(self.path)
        self.expect("fell back")

    def test_crash_between_the_writes(self):
        self.sample.heads_counter = 40
        self.sample.write(self.path)
        home = self.verify()
        self.assertEqual((home.wrong, len(home.notes) > 0), ([], True))

    def test_heads_file(self):
        self.sample.write(self.path)
        newest = 4096
        for at, pattern in ((100, "between the slots"), (newest, None), (newest + 20, None), (newest + 50, None)):
            with self.subTest(at=at):
                self.spoil("heads", at)
                home = self.verify()
                if pattern:
                    self.expect(pattern)
                else:
                    self.assertTrue(any("does not hold" in note for note in home.notes), home.notes)
                self.spoil("heads", at)
        raw = (self.path / "heads").read_bytes()
        (self.path / "heads").write_bytes(raw[4096:] + raw[72:4096] + raw[:72])
        self.expect("place of the other")
        (self.path / "heads").write_bytes(bytes(4168))
        self.expect("no slot holds")
        (self.path / "heads").write_bytes(raw[:-1])
        self.expect("wrong size")

    def test_other_state_of_the_same_counter(self):
        self.sample.write(self.path)
        other = self.sample.state()[:40] + b"\1" * 8 + self.sample.state()[48:]
        (self.path / "heads").write_bytes(self.sample.heads_file(other))
        self.expect("of another state")

    def test_state(self):
        feeds = 48
        for name, change, pattern in (
                ("entry", lambda s: s[:15] + b"\x63" + s[16:], "rows in entry"),
                ("key", lambda s: s[:23] + b"\x63" + s[24:], "rows in key"),
                ("quarantine", lambda s: s[:31] + b"\x63" + s[32:], "rows in quarantine"),
                ("bytes", lambda s: s[:39] + b"\xff" + s[40:], "bytes in quarantine"),
                ("own", lambda s: s[:feeds + 4 + 64] + bytes([s[feeds + 68] ^ 1]) + s[feeds + 69:], "marked as own"),
                ("seq", lambda s: s[:feeds + 4 + 72] + b"\x63" + s[feeds + 77:], "head of a feed"),
                ("order", lambda s: s[:52] + s[157:262] + s[52:157] + s[262:], "do not ascend"),
                ("control", lambda s: s[:-1] + b"\x63", "control rows"),
                ("longer", lambda s: s + b"x", "left over"), ("shorter", lambda s: s[:-1], "cut short")):
            with self.subTest(name):
                self.sample.change_state = change
                self.sample.write(self.path.with_name(name))
                home = pv_home.Home(self.path.with_name(name), sample_home.PASSPHRASE)
                home.verify()
                self.assertTrue(any(pattern in text for text in home.wrong), home.wrong)

    def test_snapshot(self):
        self.sample.write(self.path)
        path = self.path / "snapshot"
        raw = path.read_bytes()
        for at in (0, 5, 6, 20, 40, 32 + 65553 + 3, len(raw) - 1):
            path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1:])
            self.expect("^snapshot")
        for cut in (raw[:32 + 65553], raw[:-1], raw[:31], raw + b"x"):
            path.write_bytes(cut)
            self.expect("^snapshot")
        path.unlink()
        self.assertEqual(self.verify().wrong, [])

    def test_recovery(self):
        self.sample.write(self.path)
        genesis = self.verify().genesis
        for number in (1, 2, 3):
            self.assertEqual(pv_home.recovery_faults(self.sample.recovery_file(number), genesis), [])
        for change in ({"check": "0" * 16}, {"key": "4"}, {"seed": "0" * 64}, {"parley-recovery": "2"}, {"more": "x"}):
            self.assertNotEqual(pv_home.recovery_faults(self.sample.recovery_file(1, **change), genesis), [])
        self.sample.recovery[0], self.sample.recovery[1] = self.sample.recovery[1], self.sample.recovery[0]
        self.assertNotEqual(pv_home.recovery_faults(self.sample.recovery_file(1), genesis), [])
        self.assertNotEqual(pv_home.recovery_faults(self.sample.recovery_file(3), {}), [])

    def test_secret_by_trial_of_parents(self):
        """Without its sub-key, a device still opens the epoch entries whose secrets it has stored."""
        self.sample.keys[1] = b"\0"
        self.sample.write(self.path)
        home = self.verify()
        self.assertEqual((home.wrong, home.counts["class 2 control: bodies that hold"]), ([], 3))

    def test_keys(self):
        other = w.Device("other")
        for number, (row, plain, pattern) in enumerate((
                (0, b"\1short", "wrong size"), (0, b"\6" + bytes(32), "unknown type"), (0, b"", "unknown type"),
                (1, b"\2" + other.sub_secret + self.sample.mine.sub_public, "do not belong together"),
                (4, b"\5\xff", "not UTF-8"), (0, b"\1" + other.seed, "another device"),
                (3, b"\4" + self.sample.circle + self.sample.founding + bytes(32), "another than the boxed"))):
            with self.subTest(pattern):
                sample = sample_home.Sample()
                sample.keys[row] = plain
                path = sample.write(self.path.with_name(str(number)))
                home = pv_home.Home(path, sample_home.PASSPHRASE)
                home.verify()
                self.assertTrue(any(pattern in text for text in home.wrong), home.wrong)

    def test_entries(self):
        """Entries that are wrong, each put at the end of the record."""
        s, mine = self.sample, self.sample.mine
        start = dict(mine.heads)

        def claim(body, device=mine, key=s.key_2, **fields):
            return lambda: s.write_in(device, 1, body, key, s.rotation, **fields)

        def epoch(parents, body, device=mine, **fields):
            return lambda: w.epoch(device, s.circle, b"e" * 32, s.members, parents, body, **fields)

        def box(device, sub_key, circle=s.circle):
            return envelope.make_box(b"e" * 32, circle, s.rotation, device.public, sub_key)

        def spoilt():
            entry = claim(s.claim())()
            return entry[:300] + bytes([entry[300] ^ 1]) + entry[301:]

        own = w.genesis(mine, [bytes(32)] * 3)[1]
        chunks, last = s.file["chunks"], [s.rotation]
        boxes = [box(d, d.sub_public) for _, d in s.members]
        lifted = [box(mine, mine.sub_public, b"c" * 32)] + boxes[1:]
        boxes[1] = box(s.theirs, s.phone.sub_public)
        cases = (
            ("shorter than", lambda: b"PRLY"), ("not chain-valid: signature", spoilt),
            ("not chain-valid: seq", claim(s.claim(), seq=99, prev=b"p" * 32)),
            ("keys differ", claim(s.claim(), key=b"k" * 32)),
            ("does not open", claim(s.claim(), size=640)), ("body: no JSON", claim(b"x")),
            ("set has the wrong form", claim(s.claim(set={}))), ("twice", claim(b'{"t":"claim","t":"claim","v":1}')),
            ("genesis is not the first", lambda: w.plain(mine, s.org, own)),
            ("does not hash", lambda: w.plain(w.Device("mine"), b"o" * 32, own)),
            ("consent does not hold", lambda: w.plain(mine, s.org, w.device_add(s.org, s.theirs, "admin", [],
                                                                                random="00" * 32))),
            ("no admin", lambda: w.plain(s.phone, s.org, w.device_add(s.org, w.Device("new"), "admin", []))),
            ("a fork", lambda: s.write_in(mine, 3, w.dump({"t": "heads", "v": 1, "heads": w.base64url(
                s.theirs.public + (1).to_bytes(8, "big") + b"i" * 32)}))),
            ("still here", lambda: s.write_in(mine, 4, w.dump({
                "t": "redact", "v": 1, "entry": s.filed.hex(), "reason": "", "authority": s.org.hex()}))),
            ("size or hash", claim(s.claim(files=[{**s.file, "hash": "00" * 32}]))),
            ("same feed before", claim(s.claim(files=[{**s.file, "chunks": [s.filed.hex(), chunks[1]]}]))),
            ("not full", claim(s.claim(files=[{**s.file, "chunks": chunks[::-1]}]))),
            ("a chunk does not open", claim(s.claim(files=[{**s.file, "key": "00" * 32}]))),
            ("files has the wrong form", claim(s.claim(files=[{**s.file, "size": 2**25 + 1}]))),
            ("not the first entry of the founding", epoch([], w.epoch_body(s.members, charter_raw=s.charter))),
            ("does not hash to the circle", epoch([], w.epoch_body(s.members, charter_raw=s.charter + b" "))),
            ("not a known epoch", epoch([b"p" * 32], w.epoch_body(s.members, [b"p" * 32], "rotation"))),
            ("no member of a parent", epoch(last, w.epoch_body(s.members, last, "fork"), w.Device("stranger"))),
            ("box 2 is not", epoch(last, w.epoch_body(s.members, last, "rotation"), boxes=boxes)),
            ("another circle or another device", epoch(last, w.epoch_body(s.members, last, "rotation"), boxes=lifted)),
            ("under another organisation", epoch(last, w.epoch_body(
                [(s.other_org, d) for _, d in s.members], last, "member"))))
        for number, (pattern, make) in enumerate(cases):
            with self.subTest(pattern):
                sample = sample_home.Sample()
                mine.heads = dict(start)
                sample.entries.append(make())
                path = self.path.with_name(str(number))
                self.write_without_state(sample, path)
                home = pv_home.Home(path, sample_home.PASSPHRASE)
                home.verify()
                wrong = [text for text in home.wrong if not text.startswith(("state", "heads"))]
                self.assertTrue(any(pattern in text for text in wrong), wrong)

    @staticmethod
    def write_without_state(sample, path):
        """The state is that of the entries before the last: only what the test means must be found elsewhere."""
        entries, sample.entries = sample.entries, sample.entries[:-1]
        state = sample.state()
        sample.entries, sample.change_state = entries, lambda _: state
        sample.state = lambda: state
        sample.write(path)


class Store(unittest.TestCase):
    def test_passphrase(self):
        for typed in (b"a b c", b" A  b-C ", b"a\tb\nc\n", b"a--b - c"):
            self.assertEqual(store.normal_passphrase(typed), b"a b c")


if __name__ == "__main__":
    unittest.main()
