# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections 2 to 4: the envelope, its body section, epoch entries, feeds."""
import hashlib

import pv_sodium as sodium
from pv_grammar import Wrong

ENTRY = b"Parley/1 entry\0\0"
SECTIONS = (256, 640, 1664, 3712, 7808, 16000, 32384, 65152)
LARGEST = 65103
TOP = 2**53 - 1
ZEROS = bytes(32)
CLASSES = {1: "claim", 2: "control", 3: "heads", 4: "redaction", 5: "sigchain", 6: "attachment chunk"}
BOX = 184
_LENGTHS = frozenset((0,) + SECTIONS)
_NONCE = bytes(24)


def entry_id(entry):
    return sodium.digest(b"Parley/1 entryid", entry[:256])


class Head:
    """The fields of a header; nothing is checked here."""
    __slots__ = ("version", "cls", "flags", "circle", "author", "seq", "prev", "epoch", "seen", "time", "kcom", "bhash",
                 "length", "zero")

    def __init__(self, h):
        self.version = int.from_bytes(h[4:6], "big")
        self.cls = h[6]
        self.flags = h[7]
        self.circle = h[8:40]
        self.author = h[40:72]
        self.seq = int.from_bytes(h[72:80], "big")
        self.prev = h[80:112]
        self.epoch = h[112:144]
        self.seen = h[144:176]
        self.time = int.from_bytes(h[176:184], "big")
        self.kcom = h[184:216]
        self.bhash = h[216:248]
        self.length = int.from_bytes(h[248:252], "big")
        self.zero = h[252:256]

    @property
    def feed(self):
        return (self.circle, self.author)

    @property
    def is_epoch(self):
        return self.cls == 2 and self.epoch == ZEROS


def header_fault(entry):
    """The name of the first header rule that is broken, None if all hold; the entry has 256 bytes or more."""
    h = Head(entry)
    rules = (
        ("magic", entry[:4] == b"PRLY"),
        ("version", h.version == 1),
        ("class", h.cls in CLASSES or h.cls >= 128),
        ("flags", h.flags == 0),
        ("seq", 1 <= h.seq <= TOP),
        ("prev", (h.prev == ZEROS) == (h.seq == 1)),
        ("epoch", h.cls == 2 or h.cls >= 128 or (h.epoch == ZEROS) == (h.cls == 5)),
        ("time", h.time <= TOP),
        ("length", h.length in _LENGTHS),
        ("kcom", (h.kcom == ZEROS) == (h.cls == 5 or h.length == 0)),
        ("bhash", (h.bhash == ZEROS) == (h.length == 0)),
        ("zero", h.zero == bytes(4)),
    )
    for name, holds in rules:
        if not holds:
            return name
    return None


def chain_fault(entry):
    """What keeps one entry, seen alone, from being chain-valid; None if nothing does."""
    if len(entry) < 320:
        return "size"
    fault = header_fault(entry)
    if fault:
        return fault
    if len(entry) > 320:
        if len(entry) != 320 + int.from_bytes(entry[248:252], "big"):
            return "section length"
        if sodium.digest(b"Parley/1 body", entry[320:]) != entry[216:248]:
            return "section hash"
    if not sodium.verify(entry[40:72], ENTRY + entry[:256], entry[256:320]):
        return "signature"
    return None


class Feed:
    """Checks the entries of one feed in their order."""

    def __init__(self):
        self.seq = 0
        self.id = ZEROS
        self.feed = None
        self.sigchain = None

    def fault(self, entry):
        """What is wrong with the next entry, None if nothing is; an entry with a fault is not taken."""
        fault = chain_fault(entry)
        if fault:
            return fault
        h = Head(entry)
        if self.feed not in (None, h.feed):
            return "other feed"
        if h.seq != self.seq + 1:
            return "seq does not follow"
        if h.prev != self.id:
            return "prev does not name the entry before"
        if self.sigchain not in (None, h.cls == 5):
            return "class of another family"
        self.seq, self.id, self.feed, self.sigchain = h.seq, entry_id(entry), h.feed, h.cls == 5
        return None


def unpad(plain):
    """The body before 0x80 and zeros; None where the padding is wrong."""
    body = plain.rstrip(b"\0")
    return body[:-1] if body.endswith(b"\x80") else None


def fits_smallest(body_n, around, length):
    """True if length is the smallest section for a body with its 0x80 and what else stands in the section."""
    return length == next((n for n in SECTIONS if n >= body_n + 1 + around), 0)


def entry_key(key, header, salt):
    """k_entry, from E, E0 or the key of an attachment."""
    return sodium.keyed(key, b"Parley/1 k-entry", header[:184] + salt)


def split_key(k_entry):
    """(k_enc, kcom)"""
    both = sodium.keyed(k_entry, b"Parley/1 k-split", b"", 64)
    return both[:32], both[32:]


def open_section(entry, key, prefix=0):
    """Section 3. Returns (verdict, body): ok, keys-differ, bad, absent (dropped) or ignored (class 128 and above).

    prefix is the number of bytes that stand before the salt: 2 + 184 * count in an epoch entry. Class 5 needs no key.
    A body comes back with `bad` too when nothing but the smallest-section rule is broken.
    """
    if len(entry) < 320:
        return "bad", None
    cls, length, section = entry[6], int.from_bytes(entry[248:252], "big"), entry[320:]
    if cls >= 128:
        return "ignored", None
    if length and not section:
        return "absent", None
    if cls not in CLASSES or length not in SECTIONS or len(section) != length:
        return "bad", None
    around = 32 if cls == 5 else prefix + 48
    if prefix < 0 or length < around + 1:
        return "bad", None
    if cls == 5:
        plain = section[32:]
    else:
        salt = section[prefix:prefix + 32]
        k_enc, kcom = split_key(entry_key(key, entry, salt))
        if not sodium.same(kcom, entry[184:216]):
            return "keys-differ", None
        plain = sodium.unseal(k_enc, _NONCE, entry[:216], section[prefix + 32:])
    body = unpad(plain) if plain is not None else None
    if body is None:
        return "bad", None
    return ("ok" if fits_smallest(len(body), around, length) else "bad"), body


# --- epoch entries

def epoch_boxes(entry):
    """The boxes of an epoch entry; raises Wrong where its section has no such form."""
    section = entry[320:]
    count = int.from_bytes(section[:2], "big")
    if not 1 <= count <= 255 or len(section) < 2 + BOX * count + 49:
        raise Wrong("the section has no room for its boxes")
    return [section[2 + BOX * i:2 + BOX * (i + 1)] for i in range(count)]


def epoch_own_key(e_raw, circle, parent):
    """E0, which seals the epoch entry's own body."""
    return sodium.keyed(ZEROS, b"Parley/1 epoch0", e_raw + circle + parent)


def epoch_key(e_raw, epoch):
    """E, which seals the entries that name this epoch."""
    return sodium.keyed(ZEROS, b"Parley/1 epoch", e_raw + epoch)


def make_box(e_raw, circle, parent, device, sub_key):
    """The box for one member; None where its sub-key is of low order."""
    share = e_raw + circle + parent + device + bytes(8)
    epk, esk = sodium.box_pair(sodium.keyed(e_raw, b"Parley/1 box-eph", circle + sub_key + device))
    nonce = hashlib.blake2b(epk + sub_key, digest_size=24).digest()
    sealed = sodium.box(share, nonce, sub_key, esk)
    return None if sealed is None else epk + sealed


def open_box(box, public, secret):
    """(E_raw, circle, parent, device) of a box; None if it is for another sub-key; raises Wrong on a bad share."""
    share = sodium.box_open(box, public, secret)
    if share is None:
        return None
    if len(share) != 136 or share[128:] != bytes(8):
        raise Wrong("a share has the wrong form")
    return share[:32], share[32:64], share[64:96], share[96:128]
