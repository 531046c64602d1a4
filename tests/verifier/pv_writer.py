# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes entries, epochs and organisations for the vectors and the tests. Salts are given, so that nothing is random."""
import base64
import json

import pv_bodies as bodies
import pv_envelope as envelope
import pv_sodium as sodium

TIME = 1700000000000


def dump(value):
    """JSON without white space, as a writer signs it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def fill(label, n=32):
    """Bytes that look random and are always the same."""
    return sodium.digest(b"vector", label.encode(), n)


def pad(body, n):
    return body + b"\x80" + bytes(n - len(body) - 1)


class Device:
    """A writer: its keys and the heads of its feeds."""

    def __init__(self, name, seed=None):
        self.name = name
        self.seed = seed or fill(name + " seed")
        self.public, self._secret = sodium.sign_pair(self.seed)
        self.sub_public, self.sub_secret = sodium.box_pair(fill(name + " sub-key"))
        self.heads = {}

    def sign(self, message):
        return sodium.sign(self._secret, message)

    def head(self, circle):
        """(seq, id) of the last entry in a circle."""
        return self.heads.get(circle, (0, envelope.ZEROS))


def header(device, cls, circle, **fields):
    """A header of 248 bytes and more to come: kcom, bhash, length and the zeros are put in by close()."""
    seq, prev = device.head(circle)
    seq, prev = fields.get("seq", seq + 1), fields.get("prev", prev)
    return (fields.get("magic", b"PRLY") + fields.get("version", 1).to_bytes(2, "big") + bytes([cls])
            + bytes([fields.get("flags", 0)]) + circle + fields.get("author", device.public) + seq.to_bytes(8, "big")
            + prev + fields.get("epoch", envelope.ZEROS) + fields.get("seen", envelope.ZEROS)
            + fields.get("time", TIME).to_bytes(8, "big"))


def close(device, start, section, **fields):
    """The signed entry over the first 184 bytes of its header and its section."""
    bhash = sodium.digest(b"Parley/1 body", section) if section else envelope.ZEROS
    length = fields.get("length", len(section))
    made = (start + fields.get("kcom", envelope.ZEROS) + fields.get("bhash", bhash) + length.to_bytes(4, "big")
            + fields.get("zero", bytes(4)))
    assert len(made) == 256
    entry = made + device.sign(fields.get("prefix", envelope.ENTRY) + made) + section
    device.heads[start[8:40]] = (int.from_bytes(start[72:80], "big"), envelope.entry_id(entry))
    return entry


def smallest(n):
    return next(s for s in envelope.SECTIONS if s >= n)


def sealed(device, cls, circle, key, body, **fields):
    """An entry of classes 1 to 4 and 6; size, salt, before (bytes ahead of the salt), plain, ad override the usual."""
    before = fields.get("before", b"")
    size = fields.get("size") or smallest(len(before) + 48 + len(body) + 1)
    start = header(device, cls, circle, **fields)
    salt = fields.get("salt", fill(f"{device.name} salt {start.hex()}"))
    k_enc, kcom = envelope.split_key(envelope.entry_key(key, start, salt))
    plain = fields.get("plain", None) or pad(body, size - 48 - len(before))
    secret = sodium.seal(k_enc, bytes(24), start + kcom + bytes(fields.get("ad", 0)), plain)
    section = before + salt + secret
    if "twist" in fields:
        section = fields["twist"](section)
    return close(device, start, section, **{"kcom": kcom, **fields})


def plain(device, circle, body, **fields):
    """An entry of class 5."""
    size = fields.get("size") or smallest(33 + len(body))
    start = header(device, 5, circle, **fields)
    salt = fields.get("salt", fill(f"{device.name} salt {start.hex()}"))
    return close(device, start, salt + (fields.get("plain", None) or pad(body, size - 32)), **fields)


def genesis(device, recovery, **changes):
    """(organisation id, genesis body)"""
    body = {"t": "org", "v": 1, "device": device.public.hex(), "box": device.sub_public.hex(),
            "recovery": [key.hex() for key in recovery], "need": 2,
            "random": fill(device.name + " org").hex(), **changes}
    return bodies.organisation_id(dump(body)), dump(body)


def device_add(organisation, device, role, deps, **changes):
    random = fill(device.name + " add")
    consent = device.sign(b"Parley/1 device\0" + organisation + bytes([1 if role == "admin" else 2]) + random
                          + device.sub_public)
    return dump({"t": "device-add", "v": 1, "device": device.public.hex(), "role": role,
                 "box": device.sub_public.hex(), "random": random.hex(), "consent": consent.hex(),
                 "deps": [d.hex() for d in deps], **changes})


def charter(device, organisations, **changes):
    """(circle id, charter bytes)"""
    raw = dump({"t": "charter", "v": 1, "rules": 1, "name": "a circle", "purpose": "vectors",
                "process": fill("process").hex(), "random": fill("charter").hex(), "device": device.public.hex(),
                "box": device.sub_public.hex(),
                "organisations": [{"id": o.hex(), "roles": ["admin", "write", "read"]} for o in organisations],
                "thresholds": {"admit": 1, "remove": 1, "amend": 1}, "retention_days": 0, "history": "none",
                "min_version": 1, "hubs": [], **changes})
    return bodies.circle_id(raw), raw


def epoch_body(members, parents=(), reason="founding", charter_raw=None, **changes):
    """members are (organisation, device) pairs."""
    body = {"t": "epoch", "v": 1,
            "members": [{"organisation": o.hex(), "device": d.public.hex(), "box": d.sub_public.hex()}
                        for o, d in members],
            "deps": [], "parents": [p.hex() for p in parents], "reason": reason, "psk": envelope.ZEROS.hex()}
    if charter_raw is not None:
        body["charter"] = base64url(charter_raw)
    return dump({**body, **changes})


def epoch(device, circle, e_raw, members, parents, body, **fields):
    """An epoch entry; boxes override the right ones."""
    parent = parents[0] if parents else envelope.ZEROS
    boxes = fields.get("boxes") or [envelope.make_box(e_raw, circle, parent, d.public, d.sub_public)
                                    for _, d in members]
    before = fields.get("count", len(boxes)).to_bytes(2, "big") + b"".join(boxes)
    return sealed(device, 2, circle, envelope.epoch_own_key(e_raw, circle, parent), body,
                  **{**fields, "before": before, "epoch": envelope.ZEROS})
