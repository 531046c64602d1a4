# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections 5 to 7: the form that a body of each class and type must have."""
import json
import re

import pv_envelope as envelope
import pv_sodium as sodium
from pv_grammar import Wrong, from_base64url, is_hex, is_point, is_when, parse

FILE_LIMIT = 32 * 1024 * 1024
_KIND = re.compile(r"[a-z][a-z_]{0,39}\Z")
_GRADE = re.compile(r"[A-F][1-6]\Z")
_LANG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*\Z")
_TLP = ("clear", "green", "amber", "amber+strict", "red")
_REASONS = ("founding", "rotation", "member", "device", "fork")


def text(value):
    return isinstance(value, str)


def integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def number(low, high=envelope.TOP):
    return lambda value: integer(value) and low <= value <= high


def hexes(size):
    return lambda value: is_hex(value, size)


def one_of(*values):
    return lambda value: text(value) and value in values


def array(test, low=0, high=envelope.TOP):
    return lambda value: isinstance(value, list) and low <= len(value) <= high and all(test(v) for v in value)


def like(pattern):
    return lambda value: text(value) and bool(pattern.match(value))


def shape(**members):
    """Tests an object: every member must be there and fit; a name that ends in _ may be absent (by_ stands for by)."""
    def check(value):
        if not isinstance(value, dict):
            raise Wrong("no object")
        for name, test in members.items():
            plain = name.rstrip("_")
            if plain not in value:
                if name.endswith("_"):
                    continue
                raise Wrong(f"{plain} is missing")
            if not test(value[plain]):
                raise Wrong(f"{plain} has the wrong form")
        return True
    return check


def holds(check):
    """A test from a check that raises."""
    def test(value):
        try:
            return check(value)
        except Wrong:
            return False
    return test


def _chunk_count(f):
    return len(f["chunks"]) == -(-f["size"] // envelope.LARGEST)


_file_shape = shape(name=text, size=number(0, FILE_LIMIT), hash=hexes(32), key=hexes(32), chunks=array(hexes(32)))


def _is_file(value):
    return holds(_file_shape)(value) and _chunk_count(value)


_claim = shape(kind=like(_KIND), id=hexes(16), set=lambda v: isinstance(v, dict) and len(v) > 0, says_=hexes(16),
               when_=is_when, known_=is_point, by_=text, source_=text, quote_=text, grade_=like(_GRADE),
               tlp_=one_of(*_TLP), rule_=text, lang_=like(_LANG), note_=text, files_=array(_is_file))
_retract = shape(entry=hexes(32), reason_=text)
_redact = shape(entry=hexes(32), reason=text, authority=hexes(32))
_org = shape(device=hexes(32), box=hexes(32), recovery=array(hexes(32), 3, 3), need=number(2, 2), random=hexes(32))
_device_add = shape(device=hexes(32), role=one_of("admin", "writer"), box=hexes(32), random=hexes(32),
                    consent=hexes(64), deps=array(hexes(32)))
_member = holds(shape(organisation=hexes(32), device=hexes(32), box=hexes(32)))
_epoch = shape(members=array(_member, 1, 255), deps=array(hexes(32)), parents=array(hexes(32)),
               reason=one_of(*_REASONS), psk=one_of("0" * 64), charter_=text)
_thresholds = holds(shape(admit=number(1), remove=number(1), amend=number(1)))
_party = holds(shape(id=hexes(32), roles=array(one_of("admin", "write", "read"))))
_charter = shape(rules=number(1, 1), name=text, purpose=text, process=hexes(32), random=hexes(32), device=hexes(32),
                 box=hexes(32), organisations=array(_party, 1), thresholds=_thresholds, retention_days=number(0),
                 history=one_of("none", "all"), min_version=number(1, 1), hubs=array(text, 0, 0))


def heads_records(value):
    """The (device, seq, id) of a `heads` text; raises Wrong."""
    raw = from_base64url(value)
    if len(raw) % 72:
        raise Wrong("heads has half a record")
    found = [(raw[i:i + 32], int.from_bytes(raw[i + 32:i + 40], "big"), raw[i + 40:i + 72])
             for i in range(0, len(raw), 72)]
    if any(a[0] >= b[0] for a, b in zip(found, found[1:])):
        raise Wrong("heads do not ascend by device")
    if any(not 1 <= seq <= envelope.TOP for _, seq, _ in found):
        raise Wrong("heads name a seq out of range")
    return found


def _check_heads(body, head):
    shape(heads=text, box_=hexes(32))(body)
    if any(device == head.author for device, _, _ in heads_records(body["heads"])):
        raise Wrong("heads name the own feed")


def _check_org(body, head):
    _org(body)
    if bytes.fromhex(body["device"]) != head.author:
        raise Wrong("the genesis names another device")
    if head.seq != 1:
        raise Wrong("a genesis is not the first entry")


def _check_epoch(body, head):
    _epoch(body)
    if len({m["device"] for m in body["members"]}) != len(body["members"]):
        raise Wrong("a device is listed twice")
    founding = not body["parents"]
    if founding != ("charter" in body) or founding != (body["reason"] == "founding"):
        raise Wrong("parents, charter and reason do not agree on founding")
    if founding:
        from_base64url(body["charter"])


def parse_charter(raw):
    """The charter of these bytes; raises Wrong."""
    charter = parse(raw)
    if charter.get("t") != "charter" or not number(1, 1)(charter.get("v")):
        raise Wrong("not a charter of version 1")
    _charter(charter)
    return charter


def circle_id(charter):
    return sodium.digest(b"Parley/1 circle", charter)


def organisation_id(genesis):
    return sodium.digest(b"Parley/1 org", genesis)


def object_id(label):
    """The object id of a label without its @."""
    return sodium.digest(b"Parley/1 label", label, 16)


_FORMS = {
    (1, "claim"): lambda body, head: _claim(body),
    (1, "retract"): lambda body, head: _retract(body),
    (3, "heads"): _check_heads,
    (4, "redact"): lambda body, head: _redact(body),
    (5, "org"): _check_org,
    (5, "device-add"): lambda body, head: _device_add(body),
    (2, "epoch"): _check_epoch,
}


def read_body(entry, body):
    """The checked object of an opened body, the bytes themselves in class 6; raises Wrong.

    A type that the class does not know, or a higher version, comes back unchecked: it is kept and has no effect.
    """
    head = envelope.Head(entry)
    if head.cls == 6:
        if not body:
            raise Wrong("an attachment chunk is empty")
        return body
    found = parse(body)
    kind, version = found.get("t"), found.get("v")
    if not text(kind) or not integer(version) or version < 1:
        raise Wrong("t or v is missing or has the wrong form")
    if head.is_epoch and kind != "epoch":
        raise Wrong("an entry with the layout of an epoch holds something else")
    form = _FORMS.get((head.cls, kind))
    if form and version == 1 and (kind != "epoch" or head.is_epoch):
        form(found, head)
        if kind == "org" and organisation_id(body) != head.circle:
            raise Wrong("the genesis does not hash to the organisation id")
        if head.is_epoch and len(envelope.epoch_boxes(entry)) != len(found["members"]):
            raise Wrong("not one box for each member")
    return found


def claim_digest(body, raw):
    """The same for equal claims. One with files is written anew, members as they stand, with less said of each file."""
    if body.get("files"):
        files = [{name: f[name] for name in ("name", "size", "hash")} for f in body["files"]]
        raw = json.dumps({**body, "files": files}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return sodium.digest(b"Parley/1 claim", raw)


def known_type(cls, body):
    """True if the body has an effect in its class: a known type of version 1."""
    return isinstance(body, dict) and (cls, body.get("t")) in _FORMS and body.get("v") == 1


def wrong_boxes(entry, body, e_raw):
    """The numbers (from 1) of the boxes that do not come out the same when they are made again."""
    head = envelope.Head(entry)
    parent = bytes.fromhex(body["parents"][0]) if body["parents"] else envelope.ZEROS
    return [i for i, (box, m) in enumerate(zip(envelope.epoch_boxes(entry), body["members"]), 1) if box !=
            envelope.make_box(e_raw, head.circle, parent, bytes.fromhex(m["device"]), bytes.fromhex(m["box"]))]


def consent_holds(body, organisation):
    """True if the new device of a device-add signed that it joins."""
    role = bytes([1 if body["role"] == "admin" else 2])
    message = b"Parley/1 device\0" + organisation + role + bytes.fromhex(body["random"]) + bytes.fromhex(body["box"])
    return sodium.verify(bytes.fromhex(body["device"]), message, bytes.fromhex(body["consent"]))
