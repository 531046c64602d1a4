# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 8: the files of a home as they lie on the disk. A home is only read, a database with a WAL from a copy."""
import contextlib
import pathlib
import re
import shutil
import sqlite3
import tempfile
import urllib.parse

import pv_sodium as sodium
from pv_grammar import Wrong, is_hex

TABLES = ("entry", "key", "state", "quarantine")
CHUNK = 65536
_SPACES = re.compile(r"[ \t\n\r\v\f-]+")


def normal_passphrase(raw):
    """A typed passphrase as it goes into the key derivation."""
    text = "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in raw.decode("utf-8"))
    return _SPACES.sub(" ", text).strip(" ").encode("utf-8")


def slot_fault(home_id, slot):
    """The name of the first rule of a slot that is broken, None if all hold."""
    memory, passes = int.from_bytes(slot[4:8], "big"), int.from_bytes(slot[8:12], "big")
    rules = (
        ("checksum", slot[224:] == sodium.digest(b"Parley/1 slotsum", home_id + slot[:224])),
        ("type", slot[0] in (1, 2)),
        ("flags", slot[1] in (0, 1)),
        ("zeros", slot[2:4] == bytes(2) and slot[12:16] == bytes(4) and slot[112:224] == bytes(112)),
        ("memory", 8 <= memory <= 1048576),
        ("passes", 1 <= passes <= 10),
        ("weak without its flag", slot[1] == 1 or (memory >= 262144 and passes >= 3)),
    )
    return next((name for name, holds in rules if not holds), None)


def read_slots(raw):
    """(home id, slots, faults) of a `keys` file; raises Wrong where the header does not hold."""
    if len(raw) < 64 or raw[:4] != b"PRLK" or raw[4:6] != b"\0\1":
        raise Wrong("keys: no header of version 1")
    if raw[32:64] != sodium.digest(b"Parley/1 slotsum", raw[:32]):
        raise Wrong("keys: the checksum of the header does not hold")
    count, home_id = int.from_bytes(raw[6:8], "big"), raw[8:24]
    if not 1 <= count <= 8 or raw[24:32] != bytes(8) or len(raw) != 64 + 256 * count:
        raise Wrong("keys: the number of slots, the zeros or the size is wrong")
    slots = [raw[64 + 256 * i:320 + 256 * i] for i in range(count)]
    faults = [f"keys: slot {i}: {fault}" for i, s in enumerate(slots, 1) if (fault := slot_fault(home_id, s))]
    return home_id, slots, faults


def open_slot(home_id, slot, passphrase):
    """The root key; None where the passphrase is not for this slot; raises Wrong where the slot is damaged."""
    both = sodium.stretch(passphrase, slot[16:32], int.from_bytes(slot[4:8], "big"), int.from_bytes(slot[8:12], "big"))
    if both is None:
        raise Wrong("keys: the cost of a slot is refused by the library")
    if not sodium.same(sodium.keyed(both[32:], b"Parley/1 slot", home_id + slot[:32]), slot[32:64]):
        return None
    root = sodium.unseal(both[:32], bytes(24), home_id + slot[:64], slot[64:112])
    if root is None:
        raise Wrong("keys: the passphrase is right, and the wrapped key does not open")
    return root


class Rows:
    """The sealed rows of record.db."""

    def __init__(self, path, root, home_id):
        self._stack = contextlib.ExitStack()
        self._home_id = home_id
        self._key = sodium.keyed(root, b"Parley/1 rowkey", (1).to_bytes(4, "big"))
        wal = path.with_name(path.name + "-wal")
        how = "mode=ro&immutable=1"
        if wal.exists() and wal.stat().st_size:
            folder = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-verifier-")))
            for f in (path, wal):
                shutil.copyfile(f, folder / f.name)
            path, how = folder / path.name, "mode=rw"
        self._db = sqlite3.connect(f"file:{urllib.parse.quote(str(path.resolve()))}?{how}", uri=True)
        self._db.text_factory = lambda raw: raw.decode("latin-1")
        self._stack.callback(self._db.close)

    def close(self):
        self._stack.close()

    def damage(self):
        """What SQLite itself finds wrong, and tables that are missing or too many."""
        found = [f"record.db: {line}" for (line,) in self._db.execute("PRAGMA integrity_check") if line != "ok"]
        names = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found += [f"record.db: no table {name}" for name in TABLES if name not in names]
        return found + [f"record.db: unknown table {n!r}" for n in sorted(names - set(TABLES)) if n[:7] != "sqlite_"]

    def plain(self, table, n, box):
        """The plain bytes of a row; raises Wrong."""
        if not isinstance(box, bytes) or len(box) < 44:
            raise Wrong(f"{table} row {n}: no sealed bytes")
        if box[:4] != b"\0\0\0\1":
            raise Wrong(f"{table} row {n}: unknown key id")
        ad = self._home_id + table.encode().ljust(16, b"\0") + n.to_bytes(8, "big")
        plain = sodium.unseal(self._key, box[4:28], ad, box[28:])
        if plain is None:
            raise Wrong(f"{table} row {n}: does not open")
        return plain

    def all(self, table, wrong):
        """Yields (n, plain) of every row that opens; what is wrong goes into the list."""
        expected = 1
        for n, box in self._db.execute(f"SELECT n, box FROM {table} ORDER BY n"):
            if n != expected:
                wrong.append(f"{table}: a gap before row {n}")
            expected = n + 1
            try:
                yield n, self.plain(table, n, box)
            except Wrong as e:
                wrong.append(str(e))

    def one(self, table, n):
        """The plain bytes of a row that is there."""
        (box,) = self._db.execute(f"SELECT box FROM {table} WHERE n = ?", (n,)).fetchone()
        return self.plain(table, n, box)

    def count(self, table):
        return self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


class State:
    """The state row."""

    def __init__(self, raw):
        self.raw, self._at = raw, 0
        self.counter, self.entries, self.keys = self._int(8), self._int(8), self._int(8)
        self.quarantined, self.quarantine_bytes, self.dropped = self._int(8), self._int(8), self._int(8)
        self.feeds = [(self._take(32), self._take(32), self._int(1), self._int(8), self._take(32))
                      for _ in range(self._int(4))]
        self.control = [self._int(8) for _ in range(self._int(4))]
        if self._at != len(raw):
            raise Wrong("state: bytes are left over")

    def _take(self, n):
        piece = self.raw[self._at:self._at + n]
        if len(piece) != n:
            raise Wrong("state: cut short")
        self._at += n
        return piece

    def _int(self, n):
        return int.from_bytes(self._take(n), "big")


def check_heads(raw, root, home_id, state):
    """(faults, notes) of the heads file, given the state row."""
    if len(raw) != 4168:
        return ["heads: wrong size"], []
    found = [] if raw[72:4096] == bytes(4024) else ["heads: something stands between the slots"]
    notes = []
    key = sodium.keyed(root, b"Parley/1 headmac", home_id)
    newest = None
    for place, slot in enumerate((raw[:72], raw[4096:])):
        counter = int.from_bytes(slot[:8], "big")
        if not sodium.same(sodium.keyed(key, b"Parley/1 headmac", home_id + slot[:40]), slot[40:]):
            if slot != bytes(72):
                notes.append("heads: a slot does not hold, as after a crash while it was written")
            continue
        if counter % 2 != place:
            found.append("heads: a slot stands in the place of the other")
        if newest is None or counter > newest[0]:
            newest = (counter, slot[8:40])
    if newest is None:
        return found + ["heads: no slot holds"], notes
    if newest[0] > state.counter:
        found.append("heads: newer than the database, which fell back")
    if newest[0] < state.counter:
        notes.append("heads: older than the database, as after a crash between the two writes")
    if newest[0] == state.counter and newest[1] != sodium.digest(b"Parley/1 heads", state.raw):
        found.append("heads: as old as the database, but of another state")
    return found, notes


def read_snapshot(file, root, home_id):
    """The number of plain bytes of a snapshot that holds; raises Wrong."""
    start = file.read(32)
    if len(start) != 32 or start[:8] != b"PRLS\0\1\0\0":
        raise Wrong("snapshot: no header of version 1")
    pull = sodium.Pull(start[8:], sodium.keyed(root, b"Parley/1 snapkey", home_id))
    ad, total, tag = start, 0, sodium.TAG_MESSAGE
    while tag != sodium.TAG_FINAL:
        sealed = file.read(CHUNK + 17)
        got = pull.chunk(sealed, ad)
        if got is None:
            raise Wrong("snapshot: a chunk does not hold, or the end is missing")
        plain, tag = got
        if tag not in (sodium.TAG_MESSAGE, sodium.TAG_FINAL) or (tag != sodium.TAG_FINAL and len(plain) != CHUNK):
            raise Wrong("snapshot: a chunk has another tag or size")
        total, ad = total + len(plain), b""
    if file.read(1):
        raise Wrong("snapshot: something follows the end")
    return total


def read_recovery(raw):
    """(organisation id, number of the key, seed) of a recovery file; raises Wrong."""
    try:
        lines = raw.decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise Wrong("recovery: not a text") from None
    pairs = [line.split(": ", 1) for line in lines if line]
    if [p[0] for p in pairs] != ["parley-recovery", "organisation", "key", "seed", "check"] or any(
            len(p) != 2 for p in pairs):
        raise Wrong("recovery: other lines than the five")
    version, organisation, key, seed, check = (p[1] for p in pairs)
    if version != "1" or not is_hex(organisation, 32) or key not in ("1", "2", "3") or not is_hex(seed, 32):
        raise Wrong("recovery: a value has the wrong form")
    organisation, seed = bytes.fromhex(organisation), bytes.fromhex(seed)
    if check != sodium.digest(b"Parley/1 recsum", organisation + bytes([int(key)]) + seed).hex()[:16]:
        raise Wrong("recovery: the check does not hold")
    return organisation, int(key), seed
