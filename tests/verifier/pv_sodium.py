# SPDX-License-Identifier: GPL-3.0-or-later
"""The primitives of the format: BLAKE2b of Python's hashlib, the rest from libsodium, each call bound once."""
import ctypes
import hashlib
import hmac

_lib = ctypes.CDLL("libsodium.so.23")
if _lib.sodium_init() < 0:
    raise RuntimeError("libsodium does not start")

_BYTES, _LONG, _SIZE, _INT = ctypes.c_char_p, ctypes.c_ulonglong, ctypes.c_size_t, ctypes.c_int
_OUT = ctypes.c_void_p


def _bind(name, *types):
    call = getattr(_lib, name)
    call.argtypes = types
    call.restype = _INT
    return call


_verify = _bind("crypto_sign_verify_detached", _BYTES, _BYTES, _LONG, _BYTES)
_sign = _bind("crypto_sign_detached", _OUT, _OUT, _BYTES, _LONG, _BYTES)
_sign_pair = _bind("crypto_sign_seed_keypair", _OUT, _OUT, _BYTES)
_seal = _bind("crypto_aead_xchacha20poly1305_ietf_encrypt", _OUT, _OUT, _BYTES, _LONG, _BYTES, _LONG, _OUT, _BYTES,
              _BYTES)
_open = _bind("crypto_aead_xchacha20poly1305_ietf_decrypt", _OUT, _OUT, _OUT, _BYTES, _LONG, _BYTES, _LONG, _BYTES,
              _BYTES)
_box_pair = _bind("crypto_box_seed_keypair", _OUT, _OUT, _BYTES)
_box = _bind("crypto_box_easy", _OUT, _BYTES, _LONG, _BYTES, _BYTES, _BYTES)
_box_open = _bind("crypto_box_seal_open", _OUT, _BYTES, _LONG, _BYTES, _BYTES)
_scalar_base = _bind("crypto_scalarmult_base", _OUT, _BYTES)
_pwhash = _bind("crypto_pwhash", _OUT, _LONG, _BYTES, _LONG, _BYTES, _LONG, _SIZE, _INT)
_stream_start = _bind("crypto_secretstream_xchacha20poly1305_init_pull", _OUT, _BYTES, _BYTES)
_stream_pull = _bind("crypto_secretstream_xchacha20poly1305_pull", _OUT, _OUT, _OUT, _OUT, _BYTES, _LONG, _BYTES, _LONG)
_stream_push_start = _bind("crypto_secretstream_xchacha20poly1305_init_push", _OUT, _OUT, _BYTES)
_stream_push = _bind("crypto_secretstream_xchacha20poly1305_push", _OUT, _OUT, _OUT, _BYTES, _LONG, _BYTES, _LONG,
                     ctypes.c_ubyte)
_ARGON2ID13 = 2
TAG_MESSAGE, TAG_FINAL = 0, 3


def digest(personal, data, size=32):
    """H(personal, data); another size gives H16."""
    return hashlib.blake2b(data, digest_size=size, person=personal).digest()


def keyed(key, personal, data, size=32):
    """K(key, personal, data); another size gives K64 and K16."""
    return hashlib.blake2b(data, digest_size=size, key=key, person=personal).digest()


def same(a, b):
    """Compares in constant time."""
    return hmac.compare_digest(a, b)


def verify(public, message, signature):
    return _verify(signature, message, len(message), public) == 0


def sign_pair(seed):
    """Returns (public key, secret key) of a signing seed."""
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    _sign_pair(public, secret, seed)
    return public.raw, secret.raw


def sign(secret, message):
    out = ctypes.create_string_buffer(64)
    _sign(out, None, message, len(message), secret)
    return out.raw


def seal(key, nonce, ad, plain):
    out = ctypes.create_string_buffer(len(plain) + 16)
    _seal(out, None, plain, len(plain), ad, len(ad), None, nonce, key)
    return out.raw


def unseal(key, nonce, ad, sealed):
    """Returns the plain bytes, None where the tag does not hold."""
    if len(sealed) < 16:
        return None
    out = ctypes.create_string_buffer(max(1, len(sealed) - 16))
    if _open(out, None, None, sealed, len(sealed), ad, len(ad), nonce, key) != 0:
        return None
    return out.raw[:len(sealed) - 16]


def box_pair(seed):
    """Returns (public key, secret key) of an X25519 seed."""
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    _box_pair(public, secret, seed)
    return public.raw, secret.raw


def box_public(secret):
    out = ctypes.create_string_buffer(32)
    _scalar_base(out, secret)
    return out.raw


def box(plain, nonce, public, secret):
    """Returns the box, None where the public key is of low order."""
    out = ctypes.create_string_buffer(len(plain) + 16)
    return out.raw if _box(out, plain, len(plain), nonce, public, secret) == 0 else None


def box_open(sealed, public, secret):
    """Opens the sealed form (epk before the box); None where it is not for this key."""
    if len(sealed) < 48:
        return None
    out = ctypes.create_string_buffer(max(1, len(sealed) - 48))
    if _box_open(out, sealed, len(sealed), public, secret) != 0:
        return None
    return out.raw[:len(sealed) - 48]


def stretch(passphrase, salt, kib, passes):
    """64 bytes of Argon2id v1.3 in one lane; None where the library refuses the cost."""
    out = ctypes.create_string_buffer(64)
    done = _pwhash(out, 64, passphrase, len(passphrase), salt, passes, kib * 1024, _ARGON2ID13)
    return out.raw if done == 0 else None


class Pull:
    """Reads a secretstream."""

    def __init__(self, header, key):
        self._state = ctypes.create_string_buffer(_lib.crypto_secretstream_xchacha20poly1305_statebytes())
        _stream_start(self._state, header, key)

    def chunk(self, sealed, ad):
        """Returns (plain, tag), None where the chunk does not hold."""
        if len(sealed) < 17:
            return None
        out, tag = ctypes.create_string_buffer(len(sealed)), ctypes.c_ubyte()
        if _stream_pull(self._state, out, None, ctypes.byref(tag), sealed, len(sealed), ad, len(ad)) != 0:
            return None
        return out.raw[:len(sealed) - 17], tag.value


class Push:
    """Writes a secretstream; the tests make snapshots with it."""

    def __init__(self, key):
        self._state = ctypes.create_string_buffer(_lib.crypto_secretstream_xchacha20poly1305_statebytes())
        header = ctypes.create_string_buffer(24)
        _stream_push_start(self._state, header, key)
        self.header = header.raw

    def chunk(self, plain, ad, tag):
        out = ctypes.create_string_buffer(len(plain) + 17)
        _stream_push(self._state, out, None, plain, len(plain), ad, len(ad), tag)
        return out.raw
