# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a small home by section 8, with something of every kind in it; the tests spoil it in one place at a time."""
import pathlib
import sqlite3

import pv_envelope as envelope
import pv_sodium as sodium
import pv_writer as w

PASSPHRASE = b"one two three four five six seven"
HOME_ID, ROOT = w.fill("home id", 16), w.fill("root key")


def slot(kind, passphrase, label):
    """A slot of a cost that only tests may use."""
    start = bytes([kind, 1, 0, 0]) + (8).to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes(4) + w.fill(label, 16)
    both = sodium.stretch(passphrase, start[16:], 8, 1)
    start += sodium.keyed(both[32:], b"Parley/1 slot", HOME_ID + start)
    made = start + sodium.seal(both[:32], bytes(24), HOME_ID + start, ROOT) + bytes(112)
    return made + sodium.digest(b"Parley/1 slotsum", HOME_ID + made)


def keys_file():
    start = b"PRLK\0\1\0\2" + HOME_ID + bytes(8)
    return (start + sodium.digest(b"Parley/1 slotsum", start) + slot(2, b"paper sheet words", "slot 1")
            + slot(1, PASSPHRASE, "slot 2"))


class Sample:
    """The plain rows of the home; change them, then write()."""

    def __init__(self):
        self.mine, self.theirs, self.phone = w.Device("mine"), w.Device("theirs"), w.Device("phone")
        self.recovery = [w.fill(f"recovery {i}") for i in (1, 2, 3)]
        self.name = "Example organisation".encode()
        self.entries, self.quarantine = [], []
        self._organisations()
        self._circle()
        self._files()
        self._effects()
        self._later()
        self.keys = [b"\1" + self.mine.seed, b"\2" + self.mine.sub_secret + self.mine.sub_public,
                     b"\3" + w.fill("salt secret"), b"\4" + self.circle + self.founding + bytes(32) + self.e_raw,
                     b"\5" + self.name,
                     b"\4" + self.circle + self.rotation + self.founding + self.e_raw_2, b"\0"]
        self._fork()
        self.counter, self.heads_counter, self.dropped = 41, 41, 0
        self.change_state = lambda state: state

    def add(self, entry):
        self.entries.append(entry)
        return envelope.entry_id(entry)

    def _organisations(self):
        keys = [sodium.sign_pair(seed)[0] for seed in self.recovery]
        self.org, raw = w.genesis(self.mine, keys)
        first = self.add(w.plain(self.mine, self.org, raw))
        self.other_org, raw = w.genesis(self.theirs, keys)
        self.add(w.plain(self.theirs, self.other_org, raw))
        self.add(w.plain(self.mine, self.org, w.device_add(self.org, self.phone, "writer", [first])))

    def _circle(self):
        self.circle, self.charter = w.charter(self.mine, [self.org, self.other_org])
        self.members = [(self.org, self.mine), (self.other_org, self.theirs), (self.org, self.phone)]
        self.e_raw, self.e_raw_2 = w.fill("e_raw"), w.fill("e_raw 2")
        body = w.epoch_body(self.members, charter_raw=self.charter)
        self.founding = self.add(w.epoch(self.mine, self.circle, self.e_raw, self.members, [], body))
        self.key = envelope.epoch_key(self.e_raw, self.founding)

    def write_in(self, device, cls, body, key=None, epoch=None, **fields):
        return w.sealed(device, cls, self.circle, key or self.key, body, epoch=epoch or self.founding, **fields)

    def claim(self, **members):
        return w.dump({"t": "claim", "v": 1, "kind": "sample", "id": "00" * 16, "set": {"text": "x"}, **members})

    def _files(self):
        content, key = w.fill("content", 64) * 1100, w.fill("file key")
        parts = [content[i:i + envelope.LARGEST] for i in range(0, len(content), envelope.LARGEST)]
        self.chunks = [self.add(self.write_in(self.mine, 6, part, key)) for part in parts]
        self.file = {"name": "f", "size": len(content), "hash": sodium.digest(b"Parley/1 file", content).hex(),
                     "key": key.hex(), "chunks": [c.hex() for c in self.chunks]}
        self.filed = self.add(self.write_in(self.mine, 1, self.claim(files=[self.file])))

    def _effects(self):
        first = self.add(self.write_in(self.phone, 1, self.claim()))
        self.add(self.write_in(self.mine, 1, self.claim()))
        self.add(self.write_in(self.mine, 1, w.dump({"t": "retract", "v": 1, "entry": first.hex()})))
        self.add(self.write_in(self.theirs, 1, w.dump({"t": "retract", "v": 1, "entry": first.hex()})))
        gone = self.write_in(self.phone, 1, self.claim(note="taken back"))
        self.redacted = gone
        named = self.add(gone[:320])
        self.add(self.write_in(self.mine, 4, w.dump({"t": "redact", "v": 1, "entry": named.hex(), "reason": "r",
                                                     "authority": self.org.hex()})))

    def _later(self):
        """Heads, an epoch by another member, entries under it, and what a reader keeps without knowing it."""
        theirs = self.theirs.head(self.circle)
        record = self.theirs.public + theirs[0].to_bytes(8, "big") + theirs[1]
        self.heads_entry = self.add(self.write_in(self.mine, 3, w.dump(
            {"t": "heads", "v": 1, "heads": w.base64url(record), "box": self.mine.sub_public.hex()})))
        body = w.epoch_body(self.members, [self.founding], "rotation")
        self.rotation = self.add(w.epoch(self.theirs, self.circle, self.e_raw_2, self.members, [self.founding], body))
        self.key_2 = envelope.epoch_key(self.e_raw_2, self.rotation)
        self.add(self.write_in(self.theirs, 1, self.claim(note="later"), self.key_2, self.rotation))
        self.add(self.write_in(self.mine, 2, w.dump({"t": "unknown", "v": 1}), self.key_2, self.rotation,
                               seen=self.heads_entry))
        start = w.header(self.mine, 200, self.circle)
        self.add(w.close(self.mine, start, w.fill("x") * 8, kcom=w.fill("kcom")))

    def _fork(self):
        seq, prev = self.theirs.head(self.circle)
        fork = w.Device("theirs")
        entry = w.sealed(fork, 1, self.circle, self.key_2, self.claim(note="fork"), epoch=self.rotation, seq=seq,
                         prev=envelope.Head(self.entries[-3]).prev)
        broken = bytearray(self.entries[-1])
        broken[300] ^= 1
        self.quarantine = [b"\4" + entry, b"\2" + bytes(broken), b"\1nothing like an entry"]
        assert prev == envelope.entry_id(self.entries[-3])

    def state(self):
        heads, control = {}, []
        for n, entry in enumerate(self.entries, 1):
            head = envelope.Head(entry)
            heads[head.feed] = head.seq.to_bytes(8, "big") + envelope.entry_id(entry)
            if head.cls in (2, 3, 5):
                control.append(n.to_bytes(8, "big"))
        numbers = (self.counter, len(self.entries), len(self.keys), len(self.quarantine),
                   sum(len(q) - 1 for q in self.quarantine), self.dropped)
        feeds = [c + d + bytes([d == self.mine.public]) + head for (c, d), head in sorted(heads.items())]
        made = (b"".join(n.to_bytes(8, "big") for n in numbers) + len(feeds).to_bytes(4, "big") + b"".join(feeds)
                + len(control).to_bytes(4, "big") + b"".join(control))
        return self.change_state(made)

    def heads_file(self, state):
        key = sodium.keyed(ROOT, b"Parley/1 headmac", HOME_ID)
        slots = {}
        for counter, digest in ((self.heads_counter - 1, w.fill("older state")),
                                (self.heads_counter, sodium.digest(b"Parley/1 heads", state))):
            start = counter.to_bytes(8, "big") + digest
            slots[counter % 2] = start + sodium.keyed(key, b"Parley/1 headmac", HOME_ID + start)
        return slots[0] + bytes(4024) + slots[1]

    def snapshot(self):
        push = sodium.Push(sodium.keyed(ROOT, b"Parley/1 snapkey", HOME_ID))
        start = b"PRLS\0\1\0\0" + push.header
        return (start + push.chunk(bytes(65536), start, sodium.TAG_MESSAGE)
                + push.chunk(b"end", b"", sodium.TAG_FINAL))

    def recovery_file(self, number, **changes):
        seed = self.recovery[number - 1]
        check = sodium.digest(b"Parley/1 recsum", self.org + bytes([number]) + seed).hex()[:16]
        lines = {"parley-recovery": "1", "organisation": self.org.hex(), "key": str(number), "seed": seed.hex(),
                 "check": check, **changes}
        return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode()

    def write(self, path):
        """Writes the home into a directory that is not there yet."""
        path = pathlib.Path(path)
        path.mkdir(mode=0o700)
        state = self.state()
        (path / "keys").write_bytes(keys_file())
        (path / "heads").write_bytes(self.heads_file(state))
        (path / "snapshot").write_bytes(self.snapshot())
        (path / "lock").touch()
        db = sqlite3.connect(path / "record.db")
        row_key = sodium.keyed(ROOT, b"Parley/1 rowkey", b"\0\0\0\1")
        with db:
            for table, rows in (("entry", self.entries), ("key", self.keys), ("state", [state]),
                                ("quarantine", self.quarantine)):
                db.execute(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, box BLOB)")
                for n, plain in enumerate(rows, 1):
                    nonce = w.fill(f"{table} {n}", 24)
                    ad = HOME_ID + table.encode().ljust(16, b"\0") + n.to_bytes(8, "big")
                    box = b"\0\0\0\1" + nonce + sodium.seal(row_key, nonce, ad, plain)
                    db.execute(f"INSERT INTO {table} VALUES (?, ?)", (n, box))
        db.close()
        return path
