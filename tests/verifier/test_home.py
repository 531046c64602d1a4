# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the verifier over a home that is spoilt in one place at a time; test_verifier.py runs these tests."""
import hashlib
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import make_vectors
import pv_envelope as envelope
import pv_home
import pv_sodium as sodium
import pv_store as store
import pv_writer as w
import sample_home
from pv_grammar import Wrong

HERE = pathlib.Path(__file__).resolve().parent


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
        (self.path / "stranger").touch()
        home = self.verify()
        self.assertEqual((len(home.wrong), home.notes["files of another name in the directory"]), (2, 1))

    def test_rows(self):
        self.sample.write(self.path)
        self.sql("UPDATE entry SET box = (SELECT box FROM entry WHERE n = 5) WHERE n = 6")
        self.expect("entry row 6: does not open")

    def test_row_of_another_table(self):
        self.sample.write(self.path)
        self.sql("INSERT INTO quarantine SELECT 4, box FROM entry WHERE n = 4")
        self.expect("quarantine row 4: does not open")

    def test_row_of_no_bytes(self):
        self.sample.write(self.path)
        self.sql("UPDATE entry SET box = x'00000001' WHERE n = 3")
        self.sql("UPDATE entry SET box = 'text' WHERE n = 4")
        self.expect("entry row 3: no sealed bytes")
        self.expect("entry row 4: no sealed bytes")

    def test_two_states(self):
        self.sample.write(self.path)
        self.sql("INSERT INTO state SELECT 2, box FROM state")
        self.sql("DELETE FROM state WHERE n = 1")
        self.expect("not exactly one row")

    def test_tables(self):
        self.sample.write(self.path)
        self.sql("CREATE TABLE other (n)")
        self.expect("unknown table 'other'")

    def test_quarantine(self):
        fork, broken, nothing = self.sample.quarantine
        for row, pattern in ((b"\1" + broken[1:], "reason"), (b"\2" + nothing[1:], "reason"),
                             (b"\3" + nothing[1:], "reason"), (b"\4" + broken[1:], "reason"),
                             (b"\5" + nothing[1:], "reason"), (b"\6" + fork[1:], "reason"),
                             (b"\4" + self.sample.entries[3], "no fork"),
                             (b"\4" + make_vectors.claim_entry(), "no fork")):
            self.sample.quarantine = [row]
            path = self.sample.write(self.path.with_name(f"{len(list(self.path.parent.iterdir()))}"))
            home = pv_home.Home(path, sample_home.PASSPHRASE)
            home.verify()
            self.assertTrue(any(pattern in text for text in home.wrong), (pattern, home.wrong))

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
        self.assertEqual(home.wrong, [])
        self.assertTrue(any("older than the database" in note for note in home.notes))

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
        key = sodium.keyed(sample_home.ROOT, b"Parley/1 snapkey", sample_home.HOME_ID)
        for start in (b"PRLS\0\2\0\0", b"PRLS\0\1\0\1", b"prls\0\1\0\0"):
            push = sodium.Push(key)
            path.write_bytes(start + push.header + push.chunk(b"", start + push.header, sodium.TAG_FINAL))
            self.expect("no header of version 1")
        for n, tag in ((65535, sodium.TAG_MESSAGE), (65536, 1)):
            push = sodium.Push(key)
            start = b"PRLS\0\1\0\0" + push.header
            path.write_bytes(start + push.chunk(bytes(n), start, tag) + push.chunk(b"", b"", sodium.TAG_FINAL))
            self.expect("^snapshot")
        push = sodium.Push(key)
        start = b"PRLS\0\1\0\0" + push.header
        path.write_bytes(start + push.chunk(bytes(65536), start, sodium.TAG_FINAL))
        self.assertEqual(self.verify().wrong, [])
        path.write_bytes(path.read_bytes() + b"x")
        self.expect("something follows")
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

    def test_stored_secrets(self):
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
                (3, b"\4" + self.sample.circle + self.sample.founding + bytes(64), "another than the boxed"),
                (5, b"\4" + self.sample.circle + self.sample.rotation + bytes(32) + self.sample.e_raw_2,
                 "another than the boxed"))):
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
        devices = [(d, dict(d.heads)) for d in (mine, s.theirs, s.phone)]

        def claim(body, device=mine, key=s.key_2, **fields):
            return lambda: s.write_in(device, 1, body, key, s.rotation, **fields)

        def epoch(parents, body, device=mine, **fields):
            return lambda: w.epoch(device, s.circle, b"e" * 32, s.members, parents, body, **fields)

        def odd_share():
            """A box that opens to a share whose last byte is not zero."""
            epk, esk = sodium.box_pair(bytes(32))
            nonce = hashlib.blake2b(epk + mine.sub_public, digest_size=24).digest()
            share = b"e" * 32 + s.circle + s.rotation + mine.public + bytes(7) + b"\1"
            return epk + sodium.box(share, nonce, mine.sub_public, esk)

        def founded(members, **changes):
            """Another circle, founded wrongly."""
            def made():
                device = w.Device("founder")
                circle, raw = w.charter(device, [s.org], **changes)
                sample.keys.append(b"\4" + circle + bytes(64) + b"e" * 32)
                listed = members(device)
                entry = w.epoch(device, circle, b"e" * 32, listed, [], w.epoch_body(listed, charter_raw=raw))
                sample.keys[-1] = b"\4" + circle + envelope.entry_id(entry) + bytes(32) + b"e" * 32
                return entry
            return made

        def two_epochs():
            stranger = w.Device("stranger")
            first = epoch(last, w.epoch_body(s.members, last, "fork"), stranger)()
            parent = [envelope.entry_id(first)]
            return [first, epoch(parent, w.epoch_body(s.members, parent, "rotation"))()]

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
        stranger = w.Device("stranger")
        moved = s.theirs.sub_public
        cases = (
            ("a share has the wrong form", epoch(last, w.epoch_body(s.members, last, "rotation"),
                                                 boxes=[odd_share()] + boxes[1:])),
            ("name another parent", epoch(last, w.epoch_body(s.members, [s.founding], "rotation"))),
            ("no room for its boxes", lambda: w.sealed(mine, 2, s.circle, s.key_2, b"x" * 300, before=b"\1\1")),
            ("no member with the sub-key", founded(lambda d: [(s.org, w.Device("other"))])),
            ("no member with the sub-key", founded(lambda d: [(s.org, d)], box=moved.hex())),
            ("of no founding organisation", founded(lambda d: [(s.org, d), (b"o" * 32, stranger)])),
            ("not a charter", founded(lambda d: [(s.org, d)], t="other")),
            ("not a charter", founded(lambda d: [(s.org, d)], v=2)),
            ("rules has the wrong form", founded(lambda d: [(s.org, d)], rules=2)),
            ("genesis names another device", lambda: w.plain(w.Device("new"), s.org, own)),
            ("shorter than", lambda: b"PRLY"), ("not chain-valid: signature", spoilt),
            ("not chain-valid: seq", claim(s.claim(), seq=99, prev=b"p" * 32)),
            ("keys differ", claim(s.claim(), key=b"k" * 32)),
            ("does not open", claim(s.claim(), size=640)), ("body: no JSON", claim(b"x")),
            ("set has the wrong form", claim(s.claim(set={}))), ("twice", claim(b'{"t":"claim","t":"claim","v":1}')),
            ("genesis is not the first", lambda: w.plain(mine, s.org, own)),
            ("does not hash", lambda: w.plain(w.Device("mine"), b"o" * 32, own)),
            ("consent does not hold", lambda: w.plain(mine, s.org, w.device_add(s.org, s.theirs, "admin", [],
                                                                                random="00" * 32))),
            ("has no deps", lambda: w.plain(s.phone, s.org, w.device_add(s.org, w.Device("new"), "admin", []))),
            ("no admin", lambda: w.plain(s.phone, s.org, w.device_add(s.org, w.Device("new"), "admin", [b"d" * 32]))),
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
            ("not a valid epoch", two_epochs),
            ("no member of a parent", epoch(last, w.epoch_body(s.members, last, "fork"), w.Device("stranger"))),
            ("box 2 is not", epoch(last, w.epoch_body(s.members, last, "rotation"), boxes=boxes)),
            ("another circle or another device", epoch(last, w.epoch_body(s.members, last, "rotation"), boxes=lifted)),
            ("under another organisation", epoch(last, w.epoch_body(
                [(s.other_org, d) for _, d in s.members], last, "member"))))
        for number, (pattern, make) in enumerate(cases):
            with self.subTest(pattern):
                sample = sample_home.Sample()
                for device, heads in devices:
                    device.heads = dict(heads)
                made = make()
                sample.entries += made if isinstance(made, list) else [made]
                path = self.path.with_name(str(number))
                self.write_without_state(sample, path)
                home = pv_home.Home(path, sample_home.PASSPHRASE)
                home.verify()
                wrong = [text for text in home.wrong if not text.startswith(("state", "heads"))]
                self.assertTrue(any(pattern in text for text in wrong), wrong)

    def test_equal_claims(self):
        """A file that was sealed anew, under another key, makes no other claim."""
        s, again = self.sample, w.fill("another key")
        content = b"a small file"
        for key in (w.fill("a key"), again):
            chunk = s.add(s.write_in(s.mine, 6, content, key))
            file = {"name": "f", "size": len(content), "hash": sodium.digest(b"Parley/1 file", content).hex(),
                    "key": key.hex(), "chunks": [chunk.hex()]}
            s.add(s.write_in(s.mine, 1, s.claim(files=[file])))
        s.write(self.path)
        home = self.verify()
        self.assertEqual((home.wrong, home.notes["claims equal to an earlier one"]), ([], 2))

    def test_notes(self):
        """What is allowed and yet said."""
        s = self.sample
        new, admin = w.Device("new"), w.Device("admin")
        s.add(w.plain(s.mine, s.org, w.device_add(s.org, admin, "admin", [])))
        s.add(w.plain(admin, s.org, w.device_add(s.org, new, "writer", [b"d" * 32])))
        s.add(w.plain(w.Device("elsewhere"), b"o" * 32, w.device_add(b"o" * 32, new, "writer", [b"d" * 32])))
        s.add(s.write_in(s.mine, 1, s.claim(says="11" * 16), seen=s.founding))
        loose = s.add(s.write_in(s.mine, 6, b"x", bytes(32)))
        gone = s.add(s.write_in(s.mine, 6, b"y", bytes(32))[:320])
        file = {"name": "", "size": 1, "hash": "00" * 32, "key": "00" * 32, "chunks": [gone.hex()]}
        s.add(s.write_in(s.mine, 1, s.claim(files=[file])))
        s.add(s.write_in(s.mine, 1, s.claim(), b"k" * 32, b"e" * 32))
        records = sorted([s.phone.public + (99).to_bytes(8, "big") + loose, new.public + bytes(7) + b"\1" + loose])
        s.add(s.write_in(s.mine, 3, w.dump({"t": "heads", "v": 1, "heads": w.base64url(b"".join(records))})))
        last = [s.rotation]
        s.add(w.epoch(s.theirs, s.circle, b"f" * 32, [(s.other_org, s.theirs)], last, w.epoch_body(
            [(s.other_org, s.theirs)], last, "rotation")))
        s.add(w.epoch(s.theirs, s.circle, b"f" * 32, [(s.other_org, s.theirs)], last, w.epoch_body(
            [(s.other_org, s.theirs)], last, "rotation"))[:320])
        s.keys.append(b"\4" + s.circle + b"i" * 32 + s.founding + b"f" * 32)
        s.write(self.path)
        home = self.verify()
        self.assertEqual(home.wrong, [])
        self.assertEqual(dict(home.notes), {
            "sigchain entries of an organisation whose genesis is not here": 1,
            "claims that speak for another actor": 1, "attachment chunks that no open claim names": 1,
            "entries whose `seen` names no heads entry of their feed": 1,
            "attachments of which a chunk was dropped": 1, "class 6 attachment chunk: bodies that were dropped": 1,
            "class 1 claim: bodies whose epoch secret is not here": 1, "class 1 claim: bodies that were dropped": 1,
            "heads that name an entry that is not here": 2, "epoch entries without a secret here": 1,
            "class 2 control: bodies that were dropped": 1, "claims equal to an earlier one": 1,
            "class 2 control: bodies of an unknown type": 1, "stored epoch secrets whose epoch entry is not here": 1})
        self.assertEqual(home.organisations[new.public], s.org)

    @staticmethod
    def write_without_state(sample, path):
        """The state is that of the sample as it was: only what the test means must be found elsewhere."""
        state = sample_home.Sample().state()
        sample.state = lambda: state
        sample.write(path)


class Slots(unittest.TestCase):
    def test_passphrase(self):
        for typed in (b"a b c", b" A  b-C ", b"a\tb\nc\n", b"a--b - c"):
            self.assertEqual(store.normal_passphrase(typed), b"a b c")

    def test_form_of_slots(self):
        raw = sample_home.slot(1, b"x", "slot")
        self.assertIsNone(store.slot_fault(sample_home.HOME_ID, raw))
        for at, value, name in ((0, b"\3", "type"), (1, b"\2", "flags"), (3, b"\1", "zeros"), (15, b"\1", "zeros"),
                                (112, b"\1", "zeros"), (223, b"\1", "zeros"), (4, b"\0\x10\0\1", "memory"),
                                (4, bytes(4), "memory"), (11, b"\0", "passes"), (11, b"\x0b", "passes"),
                                (1, b"\0", "weak without its flag")):
            with self.subTest(at=at, name=name):
                made = raw[:at] + value + raw[at + len(value):224]
                made += sodium.digest(b"Parley/1 slotsum", sample_home.HOME_ID + made)
                self.assertEqual(store.slot_fault(sample_home.HOME_ID, made), name)
        with self.assertRaises(Wrong):
            store.open_slot(sample_home.HOME_ID, raw[:8] + bytes(4) + raw[12:], b"x")
