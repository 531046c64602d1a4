#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the Ed25519 edge vectors: tests/vectors/ed25519.json and src/record/edge_vectors.h.

The arithmetic is plain integers, slow and simple, so that it shares nothing with a library. Every vector gets its
verdict from three places that must agree: the author of the case, verdict() below, and libsodium. Nothing is random:
keys and nonces come from SHA-512 of the name of the case, so that a second run writes the same bytes.

make_edge_vectors.py          writes both files
make_edge_vectors.py --check  compares both files with what would be written
"""
import ctypes
import hashlib
import json
import pathlib
import sys
import textwrap

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
ROOT = pathlib.Path(__file__).resolve().parents[2]
JSON_FILE = ROOT / "tests/vectors/ed25519.json"
HEADER_FILE = ROOT / "src/record/edge_vectors.h"
NEUTRAL = (0, 1)


def _add(a, b):
    """Sum in extended coordinates (X, Y, Z, XY / Z)."""
    k = a[3] * D * b[3] % P
    z = a[2] * b[2] % P
    e = ((a[0] + a[1]) * (b[0] + b[1]) - a[0] * b[0] - a[1] * b[1]) % P
    h = (a[1] * b[1] + a[0] * b[0]) % P
    f, g = z - k, z + k
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _extended(a):
    return (a[0], a[1], 1, a[0] * a[1] % P)


def _affine(a):
    z = pow(a[2], P - 2, P)
    return (a[0] * z % P, a[1] * z % P)


def add(a, b):
    """Sum of two affine points."""
    return _affine(_add(_extended(a), _extended(b)))


def mul(k, a):
    """k times a; k is not reduced, so that parts of small order are kept."""
    total, a = _extended(NEUTRAL), _extended(a)
    while k:
        if k & 1:
            total = _add(total, a)
        a = _add(a, a)
        k >>= 1
    return _affine(total)


def neg(a):
    return (-a[0] % P, a[1])


def encode(a):
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


def decode(raw):
    """The point that 32 bytes stand for, y taken modulo p; None where there is none."""
    n = int.from_bytes(raw, "little")
    sign, y = n >> 255, (n & (2**255 - 1)) % P
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * SQRT_M1 % P
    if v * x * x % P != u:
        return None
    return ((-x % P if x & 1 != sign else x), y)


def canonical(raw):
    return int.from_bytes(raw, "little") & (2**255 - 1) < P


def small_order(a):
    return mul(8, a) == NEUTRAL


B = decode(bytes([0x58]) + bytes([0x66]) * 31)


def torsion():
    """A point of order 8."""
    y = 2
    while True:
        a = decode(y.to_bytes(32, "little"))
        t = mul(L, a) if a else NEUTRAL
        if mul(4, t) != NEUTRAL:
            return t
        y += 1


T8 = torsion()
T4, T2 = mul(2, T8), mul(4, T8)


def challenge_wide(r, pk, msg):
    return int.from_bytes(hashlib.sha512(r + pk + msg).digest(), "little")


def challenge(r, pk, msg):
    """h as the equation uses it: reduced modulo L."""
    return challenge_wide(r, pk, msg) % L


def verdict(pk, msg, sig):
    """The rule of the format: what a signature must be to count as valid."""
    s = int.from_bytes(sig[32:], "little")
    a, r = decode(pk), decode(sig[:32])
    if s >= L or not canonical(pk) or a is None or small_order(a):
        return False
    if r is not None and small_order(r):
        return False
    return encode(add(mul(s, B), neg(mul(challenge(sig[:32], pk, msg), a)))) == sig[:32]


def cofactored(pk, msg, sig):
    """What a lenient verifier does: 8SB = 8R + 8hA, points taken as they come."""
    s = int.from_bytes(sig[32:], "little")
    a, r = decode(pk), decode(sig[:32])
    if a is None or r is None:
        return False
    right = add(r, mul(challenge(sig[:32], pk, msg), a))
    return mul(8, mul(s, B)) == mul(8, right)


def scalar(text):
    return int.from_bytes(hashlib.sha512(b"edge vector/" + text.encode()).digest(), "little") % L


def seed(text):
    return hashlib.sha512(b"edge seed/" + text.encode()).digest()[:32]


class Maker:
    """Collects vectors; case() is the general form of a crafted signature."""

    def __init__(self):
        self.vectors = []

    def put(self, name, pk, msg, sig, accept, why):
        assert len(pk) == 32 and len(sig) == 64 and len(msg) <= 64
        assert verdict(pk, msg, sig) == accept, name
        assert name not in (v["name"] for v in self.vectors), name
        self.vectors.append({"name": name, "public_key": pk.hex(), "message": msg.hex(), "signature": sig.hex(),
                             "accept": accept, "why": why})

    def craft(self, name, pk, a, want, extra=NEUTRAL, r=None, raw=None):
        """Returns (message, R, S) with R = rB + extra and S = r + ha, as the holder of a can always make them.

        The message is the first one for which want(h before reduction, h) holds; raw replaces the encoding of R.
        """
        r = scalar(name + "/r") if r is None else r
        raw = raw or encode(add(mul(r, B), extra))
        for n in range(100000):
            msg = f"{name} {n}".encode()[-64:]
            wide = challenge_wide(raw, pk, msg)
            if want(wide, wide % L):
                return msg, raw, (r + wide % L * a) % L
        raise RuntimeError(name)


def pack(raw, s):
    return raw + s.to_bytes(32, "little")


def ordinary(m):
    name = "ordinary valid"
    h = hashlib.sha512(seed(name)).digest()
    a = (int.from_bytes(h[:32], "little") & ((1 << 254) - 8)) | 1 << 254
    pk = encode(mul(a, B))
    for label, msg in (("", b"an ordinary message"), (", empty message", b""), (", 64 bytes", bytes(range(64)))):
        r = int.from_bytes(hashlib.sha512(h[32:] + msg).digest(), "little") % L
        raw = encode(mul(r, B))
        s = (r + challenge(raw, pk, msg) * a) % L
        sig = pack(raw, s)
        m.put(name + label, pk, msg, sig, True, "made as RFC 8032 says")
        if label:
            continue
        m.put("wrong message", pk, b"an ordinary messagf", sig, False, "one bit of the message differs")
        m.put("wrong R", pk, msg, bytes([raw[0] ^ 1]) + sig[1:], False, "one bit of R differs")
        m.put("wrong S", pk, msg, pack(raw, s ^ 1), False, "one bit of S differs")
        m.put("wrong sign of A", pk[:31] + bytes([pk[31] ^ 128]), msg, sig, False, "the negative of the right key")
        negative = raw[:31] + bytes([raw[31] ^ 128])
        m.put("wrong sign of R", pk, msg, negative + sig[32:], False, "the negative of the right R")
        for k in (1, 2, 7, 8, 15):
            m.put(f"S + {k} L", pk, msg, pack(raw, s + k * L), False, "the equation holds, but S is not below L")
        m.put("S = L", pk, msg, pack(raw, L), False, "the smallest S that is not below L")
        m.put("S = L - 1", pk, msg, pack(raw, L - 1), False, "S is in range, the equation does not hold")
        m.put("S all ones", pk, msg, raw + bytes([255]) * 32, False, "S is not below L")
        m.put("signature of zeros", pk, msg, bytes(64), False, "R is of order 4, S is 0")


def r_torsion(m):
    for order, t in ((2, T2), (4, T4), (8, T8)):
        name = f"R plus a point of order {order}"
        a = scalar(name)
        pk = encode(mul(a, B))
        msg, raw, s = m.craft(name, pk, a, lambda w, h: True, t)
        sig = pack(raw, s)
        assert cofactored(pk, msg, sig)
        m.put(name, pk, msg, sig, False, "holds only when multiplied by 8; a cofactored verifier accepts")


def a_torsion(m):
    for order, t in ((2, T2), (4, T4), (8, T8)):
        name = f"A with a part of order {order}"
        a = scalar(name)
        pk = encode(add(mul(a, B), t))
        msg, raw, s = m.craft(name + ", h fits", pk, a, lambda w, h: h % 8 == 0 and w % 8 != 0)
        m.put(name + ", h = 0 mod 8", pk, msg, pack(raw, s), True,
              "the reduced h is a multiple of 8, so the part of small order vanishes (h before reduction is not)")
        msg, raw, s = m.craft(name + ", h not", pk, a, lambda w, h, o=order: h % o != 0 and w % 8 == 0)
        assert cofactored(pk, msg, pack(raw, s))
        m.put(name + f", h != 0 mod {order}", pk, msg, pack(raw, s), False,
              "the reduced h leaves a part of small order (h before reduction would not); cofactored would accept")
    name = "A and R with parts of small order that cancel"
    a = scalar(name)
    pk = encode(add(mul(a, B), T8))
    msg, raw, s = m.craft(name, pk, a, lambda w, h: h % 8 == 7, T8)
    m.put(name, pk, msg, pack(raw, s), True, "hA and R have opposite parts of order 8: the equation holds")
    msg, raw, s = m.craft(name + ", not", pk, a, lambda w, h: h % 8 == 1, T8)
    assert cofactored(pk, msg, pack(raw, s))
    m.put("A and R with parts of small order that do not cancel", pk, msg, pack(raw, s), False,
          "a part of order 4 is left over; a cofactored verifier accepts")


def small_encodings():
    """(name, bytes, point) of all 14 encodings of the eight points of small order."""
    def enc(y, sign):
        return (y | sign << 255).to_bytes(32, "little")
    found = []
    for k in range(8):
        point = mul(k, T8)
        order = next(n for n in (1, 2, 4, 8) if mul(n, point) == NEUTRAL)
        found.append((f"order {order} ({k} T)", encode(point), point))
    for label, y in (("1", 1), ("-1", P - 1)):
        found.append((f"x = 0 with sign, y = {label}", enc(y, 1), (0, y)))
    for sign in (0, 1):
        raw = enc(P, sign)
        found.append((f"non-canonical y = p, sign {sign}", raw, decode(raw)))
        raw = enc(P + 1, sign)
        found.append((f"non-canonical y = p + 1, sign {sign}", raw, decode(raw)))
    assert len({raw for _, raw, _ in found}) == 14
    return found


def small_points(m):
    for label, raw, point in small_encodings():
        assert small_order(point)
        name = "small A: " + label
        msg, r, s = m.craft(name, raw, 0, lambda w, h: h % 8 == 0)
        sig = pack(r, s)
        assert cofactored(raw, msg, sig) and encode(mul(s, B)) == r
        m.put(name, raw, msg, sig, False, "A is of small order; without that check the equation holds")
        name = "small R: " + label
        a = scalar(name)
        # The key carries a part of small order that gives just this R for some h: nothing but the check refuses it.
        pk = encode(add(mul(a, B), T8))
        msg, r, s = m.craft(name, pk, a, lambda w, h, e=point: add(e, mul(h % 8, T8)) == NEUTRAL, point, 0, raw)
        assert add(mul(s, B), neg(mul(challenge(r, pk, msg), decode(pk)))) == point
        m.put(name, pk, msg, pack(r, s), False, "R is of small order; without that check the equation holds")
    name = "small A and small R"
    msg, r, s = m.craft(name, encode(T8), 0, lambda w, h: h % 8 == 6, T4, 0)
    assert s == 0
    m.put(name, encode(T8), msg, pack(r, s), False, "both of small order, S = 0, and the equation holds")


def encodings(m):
    name = "encodings"
    a = scalar(name)
    pk = encode(mul(a, B))
    msg, raw, s = m.craft(name, pk, a, lambda w, h: True)
    y = next(y for y in range(2, 19) if decode((P + y).to_bytes(32, "little")))
    odd = (P + y).to_bytes(32, "little")
    m.put("non-canonical A of large order", odd, msg, pack(raw, s), False, f"y = p + {y}; nobody knows its logarithm")
    m.put("non-canonical R of large order", pk, msg, pack(odd, s), False, f"y = p + {y}; no writer makes it")
    y = next(y for y in range(2, 200) if not decode(y.to_bytes(32, "little")))
    off = y.to_bytes(32, "little")
    m.put("A not on the curve", off, msg, pack(raw, s), False, f"no point has y = {y}")
    m.put("R not on the curve", pk, msg, pack(off, s), False, f"no point has y = {y}")
    m.put("A all ones", bytes([255]) * 32, msg, pack(raw, s), False, "y = 2^255 - 1 = p + 18 with the sign bit")


def library():
    lib = ctypes.CDLL("libsodium.so.23")
    if lib.sodium_init() < 0:
        raise RuntimeError("libsodium does not start")
    lib.crypto_sign_verify_detached.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulonglong, ctypes.c_char_p]
    return lib


def c_bytes(raw):
    return "{" + ",".join(f"0x{b:02x}" for b in raw or b"\0") + "}"


def as_header(vectors):
    out = ["/* SPDX-License-Identifier: GPL-3.0-or-later */",
           "/* Written by tests/verifier/make_edge_vectors.py; do not edit. Reasons: tests/vectors/ed25519.json. */",
           "/* clang-format off */", "#ifndef PARLEY_RECORD_EDGE_VECTORS_H", "#define PARLEY_RECORD_EDGE_VECTORS_H", "",
           "#include <stdbool.h>", "#include <stddef.h>", "#include <stdint.h>", "",
           "/** One case at the edge of Ed25519 and the verdict that a library must give on it; msg_n is 0 to 64. */",
           "struct edge_vector {", "\tconst char *name;", "\tuint8_t pk[32];", "\tuint8_t sig[64];",
           "\tuint8_t msg[64];", "\tsize_t msg_n;", "\tbool accept;", "};", "",
           "static const struct edge_vector edge_vectors[] = {"]
    for v in vectors:
        pk, sig, msg = (bytes.fromhex(v[k]) for k in ("public_key", "signature", "message"))
        text = ", ".join([c_bytes(pk), c_bytes(sig), c_bytes(msg), str(len(msg)), str(v["accept"]).lower()]) + " },"
        out += ['\t{ "' + v["name"] + '",'] + ["\t\t" + line for line in textwrap.wrap(
            text.replace(",0x", ", 0x"), 104, break_long_words=False)]
    return "\n".join(out + ["};", "", "#endif", ""])


def make():
    m = Maker()
    for part in (ordinary, r_torsion, a_torsion, small_points, encodings):
        part(m)
    lib = library()
    for v in m.vectors:
        sig, msg, pk = (bytes.fromhex(v[k]) for k in ("signature", "message", "public_key"))
        if (lib.crypto_sign_verify_detached(sig, msg, len(msg), pk) == 0) != v["accept"]:
            raise SystemExit(f"libsodium disagrees: {v['name']}")
    return m.vectors


def main():
    vectors = make()
    text = "[\n" + ",\n".join(json.dumps(v) for v in vectors) + "\n]\n"
    header = as_header(vectors)
    if sys.argv[1:] == ["--check"]:
        return 0 if JSON_FILE.read_text() == text and HEADER_FILE.read_text() == header else 1
    JSON_FILE.write_text(text)
    HEADER_FILE.write_text(header)
    print(f"{len(vectors)} vectors, {sum(v['accept'] for v in vectors)} to accept, libsodium agrees with all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
