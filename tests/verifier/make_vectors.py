#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/vectors/envelope.json: entries with the verdicts that every reader must give. Nothing in it is random.

Members of a case: name; entry (hex); chain: `ok` or `bad`, the entry seen alone; rule: what is broken, null if nothing;
key: E, or E0 in an epoch entry, or the key of an attachment (hex, null in class 5 and where nothing is to be opened);
prefix: bytes before the salt; open: what section 3 says, `ok`, `keys-differ`, `bad`, `absent` (the body was dropped),
`ignored` (class 128 and above), null where nothing is to be opened; body: the same with the grammar and the form of
sections 4 to 7. Epoch entries have e_raw and wrong_boxes (numbers from 1) too.

make_vectors.py          writes the file
make_vectors.py --check  compares the file with what would be written
"""
import json
import pathlib
import sys

import make_edge_vectors as curve
import pv_envelope as envelope
import pv_sodium as sodium
import pv_writer as w

FILE = pathlib.Path(__file__).resolve().parents[1] / "vectors/envelope.json"
CIRCLE, E, EPOCH = bytes([4]) * 32, bytes([2]) * 32, bytes([5]) * 32
OTHER_ID = w.fill("another entry")
OBJECT = "00112233445566778899aabbccddeeff"


def claim(n=None, **changes):
    """A claim, of exactly n bytes where n is given."""
    body = {"t": "claim", "v": 1, "kind": "vector_case", "id": OBJECT, "set": {"text": "x"}, **changes}
    raw = w.dump(body)
    if n is None:
        return raw
    body["note"] = "a" * (n - len(raw) - len(',"note":""'))
    raw = w.dump(body)
    assert len(raw) == n
    return raw


def device():
    return w.Device("author", bytes([1]) * 32)


class Cases:
    def __init__(self):
        self.all = []

    def put(self, name, entry, key=None, open_=None, body=None, **more):
        """A chain-valid case, or one that breaks the rule in more["rule"]."""
        rule = more.pop("rule", None)
        prefix = more.pop("prefix", 0)
        assert name not in [c["name"] for c in self.all], name
        self.all.append({"name": name, "entry": entry.hex(), "chain": "bad" if rule else "ok", "rule": rule,
                         "key": key.hex() if key else None, "prefix": prefix, "open": open_,
                         "body": body if open_ == "ok" else open_, **more})


def claim_entry(body=None, key=E, **fields):
    return w.sealed(device(), fields.pop("cls", 1), CIRCLE, key, claim() if body is None else body,
                    **{"epoch": EPOCH, **fields})


def published(c):
    entry = claim_entry(b'{"t":"claim","v":1}', salt=bytes([3]) * 32, seen=bytes([6]) * 32, size=640)
    c.put("published", entry, E, "bad")
    c.put("published, body dropped", entry[:320], E, "absent")
    c.put("published, nobody opens", entry)
    c.put("published, another key", entry, bytes([7]) * 32, "keys-differ")


def sizes(c):
    for n in envelope.SECTIONS:
        entry = claim_entry(claim(n - 49))
        assert len(entry) == 320 + n
        c.put(f"section {n}, body at the limit", entry, E, "ok", "ok")
    for n, larger in zip(envelope.SECTIONS, envelope.SECTIONS[1:5]):
        c.put(f"section {n}, body one beyond the limit stands in {larger}", claim_entry(claim(n - 48)), E, "ok", "ok")
        c.put(f"section {larger}, body would fit {n}", claim_entry(claim(n - 49), size=larger), E, "bad")
    c.put("section 256, body of no bytes", claim_entry(b""), E, "ok", "bad")
    c.put("section 640, body of no bytes", claim_entry(b"", size=640), E, "bad")
    for n in envelope.SECTIONS[:3]:
        c.put(f"class 5, section {n}, body at the limit", sigchain_note(n - 33), None, "ok", "ok")
    c.put("class 5, section 640, body one beyond the limit of 256", sigchain_note(256 - 32), None, "ok", "ok")
    c.put("class 5, section 640, body would fit 256", sigchain_note(256 - 33, size=640), None, "bad")


def sigchain_note(n, **fields):
    """A class-5 entry of a type that nobody knows, of exactly n bytes."""
    body = {"t": "unknown-type", "v": 1, "x": ""}
    body["x"] = "b" * (n - len(w.dump(body)))
    return w.plain(device(), CIRCLE, w.dump(body), **fields)


def classes(c):
    writer = device()
    heads = {"t": "heads", "v": 1, "heads": w.base64url(bytes([9]) * 32 + (7).to_bytes(8, "big") + OTHER_ID)}
    redact = {"t": "redact", "v": 1, "entry": OTHER_ID.hex(), "reason": "r", "authority": w.fill("org").hex()}
    for name, cls, body in (("claim", 1, claim()), ("control of an unknown type", 2, w.dump({"t": "x", "v": 1})),
                            ("heads", 3, w.dump(heads)), ("redaction", 4, w.dump(redact)),
                            ("attachment chunk", 6, b"\0raw bytes \x80\0"),
                            ("retraction", 1, w.dump({"t": "retract", "v": 1, "entry": OTHER_ID.hex()}))):
        entry = w.sealed(writer, cls, CIRCLE, E, body, epoch=EPOCH)
        c.put(f"class {cls}, {name}", entry, E, "ok", "ok")
    org, raw = w.genesis(writer, [w.Device(f"recovery {i}").public for i in (1, 2, 3)])
    c.put("class 5, genesis", w.plain(writer, org, raw), None, "ok", "ok")
    other = w.Device("second device")
    added = w.device_add(org, other, "admin", [writer.head(org)[1]])
    c.put("class 5, device-add", w.plain(writer, org, added), None, "ok", "ok")
    c.put("class 5, genesis of another organisation", w.plain(device(), w.fill("org"), raw), None, "ok", "bad")
    for cls in (128, 255):
        start = {"epoch": EPOCH, "kcom": w.fill("kcom")}
        for name, fields in (("", start), (", epoch zeros", {**start, "epoch": envelope.ZEROS})):
            made = raw_entry(cls, w.fill("anything") * 8, **fields)
            c.put(f"class {cls}{name}", made, E, "ignored")
        c.put(f"class {cls}, length 0", raw_entry(cls, b""), E, "ignored")
    for cls in (1, 2, 3, 4, 6):
        c.put(f"class {cls}, length 0", raw_entry(cls, b"", epoch=EPOCH), E, "bad")
    c.put("class 5, length 0", raw_entry(5, b""), None, "bad")
    c.put("class 2, epoch zeros, length 0", raw_entry(2, b""), E, "bad")


def raw_entry(cls, section, **fields):
    writer = device()
    return w.close(writer, w.header(writer, cls, CIRCLE, **fields), section, **fields)


def edges(c):
    """Values at the end of what a header allows."""
    for name, fields in (("seq 2", {"seq": 2, "prev": OTHER_ID}),
                         ("seq 2^53 - 1", {"seq": 2**53 - 1, "prev": OTHER_ID}),
                         ("time 0", {"time": 0}), ("time 2^53 - 1", {"time": 2**53 - 1}),
                         ("seen of ones", {"seen": bytes([255]) * 32})):
        c.put(name, claim_entry(**fields), E, "ok", "ok")
    c.put("class 5, seen not zeros", sigchain_note(50, seen=OTHER_ID), None, "ok", "ok")


def header_rules(c):
    """Each rule of the header broken once, everything else right and signed."""
    good = {"epoch": EPOCH, "kcom": w.fill("kcom")}
    section = w.fill("anything") * 8
    ones = b"\0\0\0\1"
    for rule, name, fields in (
            ("magic", "magic", {"magic": b"PRLy"}), ("version", "version 0", {"version": 0}),
            ("version", "version 2", {"version": 2}), ("version", "version 256", {"version": 256}),
            ("class", "class 0", {"cls": 0}), ("class", "class 7", {"cls": 7}), ("class", "class 127", {"cls": 127}),
            ("flags", "flags 1", {"flags": 1}), ("flags", "flags 128", {"flags": 128}),
            ("seq", "seq 0", {"seq": 0, "prev": OTHER_ID}), ("seq", "seq 2^53", {"seq": 2**53, "prev": OTHER_ID}),
            ("seq", "seq 2^64 - 1", {"seq": 2**64 - 1, "prev": OTHER_ID}),
            ("prev", "prev in the first entry", {"prev": OTHER_ID}), ("prev", "no prev in seq 2", {"seq": 2}),
            ("epoch", "class 1 without epoch", {"epoch": envelope.ZEROS}),
            ("epoch", "class 3 without epoch", {"cls": 3, "epoch": envelope.ZEROS}),
            ("epoch", "class 4 without epoch", {"cls": 4, "epoch": envelope.ZEROS}),
            ("epoch", "class 6 without epoch", {"cls": 6, "epoch": envelope.ZEROS}),
            ("epoch", "class 5 with epoch", {"cls": 5, "kcom": envelope.ZEROS}),
            ("time", "time 2^53", {"time": 2**53}), ("time", "time 2^64 - 1", {"time": 2**64 - 1}),
            ("kcom", "kcom zeros", {"kcom": envelope.ZEROS}),
            ("kcom", "kcom in class 5", {"cls": 5, "epoch": envelope.ZEROS}),
            ("kcom", "kcom zeros in class 128", {"cls": 128, "kcom": envelope.ZEROS}),
            ("bhash", "bhash zeros", {"bhash": envelope.ZEROS}),
            ("zero", "zero field 1", {"zero": ones}), ("zero", "zero field, top bit", {"zero": b"\x80\0\0\0"})):
        c.put(f"rule: {name}", raw_entry(fields.pop("cls", 1), section, **{**good, **fields}), rule=rule)
    c.put("rule: kcom with length 0", raw_entry(1, b"", **good), rule="kcom")
    c.put("rule: kcom with length 0 in class 128", raw_entry(128, b"", **good), rule="kcom")
    c.put("rule: bhash with length 0", raw_entry(1, b"", epoch=EPOCH, bhash=OTHER_ID), rule="bhash")
    for n in (1, 255, 257, 384, 65103, 65153, 65536 + 256, 2**32 - 1):
        c.put(f"rule: length {n}, body dropped", raw_entry(1, section, **good, length=n)[:320], rule="length")
    c.put("rule: length 257 with its bytes", raw_entry(1, section + b"a", **good), rule="length")


def section_rules(c):
    good = claim_entry()
    for name, entry in (("no bytes", b""), ("a header alone", good[:256]), ("319 bytes", good[:319])):
        c.put(f"size: {name}", entry, rule="size")
    for name, entry in (("one byte of the section", good[:321]), ("one byte short", good[:-1]),
                        ("one byte more", good + b"\0"), ("bytes behind length 0", raw_entry(5, b"") + bytes(256)),
                        ("a section of another length", good + bytes(384))):
        c.put(f"section: {name}", entry, rule="section length")
    c.put("section: another than bhash names", good[:-1] + bytes([good[-1] ^ 1]), rule="section hash")


def signatures(c):
    good = claim_entry()
    s = int.from_bytes(good[288:320], "little")
    for name, entry in (("of zeros", good[:256] + bytes(64) + good[320:]),
                        ("S + L", good[:288] + (s + curve.L).to_bytes(32, "little") + good[320:]),
                        ("R with a flipped bit", good[:256] + bytes([good[256] ^ 1]) + good[257:]),
                        ("over the header without the prefix", claim_entry(prefix=b"")),
                        ("over the prefix of another message", claim_entry(prefix=b"Parley/1 device\0")),
                        ("by another device", claim_entry(author=w.Device("other").public))):
        c.put(f"signature: {name}", entry, rule="signature")
    point = curve.encode(curve.T8)
    made = unsigned(point)
    c.put("signature: author of small order", made, rule="signature")
    a = curve.scalar("mixed author")
    public = curve.encode(curve.add(curve.mul(a, curve.B), curve.T8))
    c.put("signature: author with a part of order 8, h = 0 mod 8", unsigned(public, a, 0))
    c.put("signature: author with a part of order 8, h = 1 mod 8", unsigned(public, a, 1), rule="signature")


def unsigned(public, a=0, rest=0):
    """An entry signed without a proper key: its time is tried until the challenge has the wanted rest modulo 8."""
    r = curve.scalar("nonce")
    point = curve.encode(curve.mul(r, curve.B))
    for n in range(1000):
        entry = raw_entry(5, b"", author=public, time=n)
        h = curve.challenge(point, public, envelope.ENTRY + entry[:256])
        if h % 8 == rest:
            return entry[:256] + point + ((r + h * a) % curve.L).to_bytes(32, "little")
    raise RuntimeError("no such time")


def openings(c):
    """Chain-valid entries whose body does not open or has no form."""
    room = 256 - 48
    right = w.pad(claim(), room)

    def flip(at):
        return lambda section: section[:at] + bytes([section[at] ^ 1]) + section[at + 1:]

    for name, fields, verdict in (
            ("tag changed", {"twist": flip(255)}, "bad"), ("ciphertext changed", {"twist": flip(40)}, "bad"),
            ("salt changed", {"twist": flip(0)}, "keys-differ"),
            ("kcom of another key", {"kcom": OTHER_ID}, "keys-differ"),
            ("associated data one byte longer", {"ad": 1}, "bad"),
            ("padding of zeros alone", {"plain": bytes(room)}, "bad"),
            ("padding 0x81", {"plain": right.replace(b"\x80", b"\x81")}, "bad"),
            ("padding with a one behind", {"plain": right[:-1] + b"\1"}, "bad"),
            ("padding 0x80 twice, body is no JSON", {"plain": right[:-1] + b"\x80"}, "ok"),
            ("padding in the last byte", {"plain": claim(room - 1) + b"\x80"}, "ok")):
        ok = "ok" if name == "padding in the last byte" else "bad"
        c.put(f"open: {name}", claim_entry(**fields), E, verdict, ok)
    for name, body, ok in (
            ("no JSON", b"{", False), ("an array", b"[]", False), ("no t", w.dump({"v": 1}), False),
            ("v is 0", w.dump({"t": "x", "v": 0}), False), ("v is true", w.dump({"t": "x", "v": True}), False),
            ("unknown type", w.dump({"t": "x", "v": 1}), True),
            ("higher version", w.dump({"t": "claim", "v": 2}), True),
            ("a key twice", b'{"t":"x","v":1,"v":1}', False), ("a real number", b'{"t":"x","v":1,"a":1.0}', False),
            ("unknown members", claim(extra=[1, {"x": None}]), True), ("empty set", claim(set={}), False),
            ("kind with a capital", claim(kind="Vector"), False), ("kind of 40", claim(kind="a" * 40), True),
            ("kind of 41", claim(kind="a" * 41), False), ("id in capitals", claim(id=OBJECT.upper()), False),
            ("id of 31 digits", claim(id=OBJECT[1:]), False), ("grade", claim(grade="B2"), True),
            ("grade G1", claim(grade="G1"), False), ("grade A7", claim(grade="A7"), False),
            ("tlp amber+strict", claim(tlp="amber+strict"), True), ("tlp white", claim(tlp="white"), False),
            ("file of no bytes", claim(files=[a_file(0)]), True), ("file with a chunk too many", claim(
                files=[{**a_file(1), "chunks": [OTHER_ID.hex()] * 2}]), False),
            ("file key in base64url", claim(files=[{**a_file(1), "key": w.base64url(E)}]), False),
            ("retraction of a short id", w.dump({"t": "retract", "v": 1, "entry": OBJECT}), False),
            *((f"when {t}", claim(when=t), True) for t in (
                "2012", "2012-08", "2012-02-29", "2012-08-26T14Z", "2012-08-26T14:05Z", "2012-08-26T14:05:30Z",
                "2012-08-26T14:05:30.250Z", "2012/2013-01", "2012-08-26T14Z/..", "../2012")),
            *((f"when {t}", claim(when=t), False) for t in (
                "2012-13", "2011-02-29", "2012-8", "2012-08-26T14", "2012-08-26T24Z", "2012-08-26T14:60Z",
                "2012-08-26T14:05:60Z", "2012-08-26T14:05:30.25Z", "2012-08-26T14:05:30.250+00:00", "../..", "2012/")),
            ("known 2012-08-26", claim(known="2012-08-26"), True),
            ("known 2012/2013", claim(known="2012/2013"), False)):
        c.put(f"form: {name}", claim_entry(body), E, "ok", "ok" if ok else "bad")
    c.put("form: chunk of no bytes", claim_entry(b"", cls=6), E, "ok", "bad")
    c.put("form: chunk at the limit", claim_entry(b"\x80" + bytes(65102), cls=6), E, "ok", "ok")
    for name, heads, ok in heads_cases():
        c.put(f"form: heads {name}", claim_entry(w.dump({"t": "heads", "v": 1, "heads": heads}), cls=3), E, "ok", ok)


def a_file(size):
    return {"name": "f", "size": size, "hash": sodium.digest(b"Parley/1 file", b"x" * size).hex(), "key": E.hex(),
            "chunks": [OTHER_ID.hex()] * -(-size // envelope.LARGEST)}


def heads_cases():
    def record(first, seq=1):
        return bytes([first]) * 32 + seq.to_bytes(8, "big") + OTHER_ID
    own = device().public + record(1)[32:]
    return (("empty", "", "ok"), ("two", w.base64url(record(1) + record(2)), "ok"),
            ("not ascending", w.base64url(record(2) + record(1)), "bad"),
            ("twice the same", w.base64url(record(1) + record(1)), "bad"), ("own feed", w.base64url(own), "bad"),
            ("half a record", w.base64url(record(1)[:71]), "bad"), ("padded", w.base64url(record(1)) + "=", "bad"),
            ("seq 0", w.base64url(record(1, 0)), "bad"), ("in hex", record(1).hex(), "bad"))


def epochs(c):
    e_raw = w.fill("e_raw")
    for n in (1, 2, 5, 255):
        writer = device()
        org, _ = w.genesis(writer, [])
        members = [(org, writer)] + [(org, w.Device(f"member {i}")) for i in range(1, n)]
        circle, charter = w.charter(writer, [org])
        body = w.epoch_body(members, charter_raw=charter)
        if n == 255:
            members, body = members[:128], w.epoch_body(members[:128], charter_raw=charter)
        put_epoch(c, f"{len(members)} boxes, founding", (writer, circle, e_raw, members, [], body))
        if n != 2:
            continue
        parents = [writer.head(circle)[1], OTHER_ID]
        later = w.epoch_body(members, parents, "rotation")
        put_epoch(c, "2 boxes, two parents", (writer, circle, e_raw, members, parents, later))
        bad_epochs(c, circle, e_raw, members, charter)


def put_epoch(c, name, parts, open_="ok", ok="ok", wrong=(), **fields):
    entry = w.epoch(*parts, **fields)
    _, circle, e_raw, _, parents, _ = parts
    key = envelope.epoch_own_key(e_raw, circle, parents[0] if parents else envelope.ZEROS)
    boxes = len(fields.get("boxes", parts[3]))
    c.put(f"epoch: {name}", entry, key, open_, ok, prefix=2 + envelope.BOX * boxes, e_raw=e_raw.hex(),
          wrong_boxes=list(wrong))


def bad_epochs(c, circle, e_raw, members, charter):
    body = w.epoch_body(members, charter_raw=charter)

    def put(name, body=body, ok="bad", **fields):
        put_epoch(c, name, (device(), circle, e_raw, members, [], body), ok=ok, **fields)

    right = [envelope.make_box(e_raw, circle, envelope.ZEROS, d.public, d.sub_public) for _, d in members]
    put("a box of bytes that open nowhere", ok="ok", boxes=[right[0], w.fill("junk") * 5 + bytes(24)], wrong=[2])
    put("boxes in another order", ok="ok", boxes=right[::-1], wrong=[1, 2])
    put("one box for two members", boxes=right[:1])
    put("three boxes for two members", boxes=right + right[:1])
    put("count 0", boxes=right, count=0)
    put("count 1 before two boxes", count=1)
    put("a device twice", w.epoch_body([members[0], members[0]], charter_raw=charter))
    put("founding without charter", w.epoch_body(members))
    put("founding for another reason", w.epoch_body(members, reason="rotation", charter_raw=charter))
    put("a pre-shared secret", w.epoch_body(members, charter_raw=charter, psk="11" * 32))
    put("another type", w.dump({"t": "x", "v": 1}))
    put("higher version", w.dump({"t": "epoch", "v": 2}), ok="ok")
    put("charter with padding", w.epoch_body(members, charter=w.base64url(charter) + "="))
    put("charter with a letter that base64url lacks", w.epoch_body(members, charter=w.base64url(charter)[:-4] + "ab+c"))
    put("charter with bits left over", w.epoch_body(members, charter=w.base64url(b"x" * 100)[:-1] + "B"))
    put("no members", w.epoch_body([], charter_raw=charter))
    larger = next(n for n in envelope.SECTIONS if n > w.smallest(51 + 2 * envelope.BOX + len(body)))
    put("larger section than needed", open_="bad", size=larger)


def make():
    c = Cases()
    for part in (published, sizes, classes, edges, header_rules, section_rules, signatures, openings, epochs):
        part(c)
    return c.all


def main():
    text = "[\n" + ",\n".join(json.dumps(case) for case in make()) + "\n]\n"
    if sys.argv[1:] == ["--check"]:
        return 0 if FILE.read_text() == text else 1
    FILE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
