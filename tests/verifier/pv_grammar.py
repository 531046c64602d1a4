# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 5.1 and the dates of 5.2: which bytes are a JSON body, which texts stand for bytes and for times."""
import base64
import binascii
import datetime
import json
import re

LIMIT = 131072
DEPTH = 16
BIGGEST = 2**53 - 1

_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,15})\Z")
_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")
_BASE64 = re.compile(r"[A-Za-z0-9_-]*\Z")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_INSTANT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{3})?)?)?Z\Z")


class Wrong(Exception):
    """Something does not follow the format; the text says what, and never quotes a body."""


def _object(pairs):
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Wrong("a key stands twice in one object")
    return made


def _integer(digits):
    if not _INTEGER.match(digits):
        raise Wrong("an integer is -0 or too long")
    n = int(digits)
    if abs(n) > BIGGEST:
        raise Wrong("an integer is beyond 2^53 - 1")
    return n


def _real(_):
    raise Wrong("a number is not an integer")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_real, parse_constant=_real)


def _walk(value, depth):
    if isinstance(value, str):
        if "\0" in value:
            raise Wrong("a text holds U+0000")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise Wrong("a text holds half a surrogate pair") from None
    elif isinstance(value, (dict, list)):
        if depth > DEPTH:
            raise Wrong("nested too deep")
        for item in value.values() if isinstance(value, dict) else value:
            _walk(item, depth + 1)
        for key in value if isinstance(value, dict) else ():
            _walk(key, 0)


def parse(raw):
    """The object that a body stands for; raises Wrong where section 5.1 does not allow the bytes."""
    if len(raw) > LIMIT:
        raise Wrong("longer than 131,072 bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("not UTF-8") from None
    if text.startswith("\ufeff"):
        raise Wrong("starts with a byte order mark")
    try:
        value = _decoder.decode(text)
    except RecursionError:
        raise Wrong("nested too deep") from None
    except ValueError as e:
        raise Wrong(f"no JSON: {e.args[0].split(':')[0]}") from None
    if not isinstance(value, dict):
        raise Wrong("the outermost value is no object")
    _walk(value, 1)
    return value


def is_hex(value, size):
    """A text of exactly 2 * size lower-case hex digits."""
    return isinstance(value, str) and len(value) == 2 * size and bool(_HEX.match(value))


def from_base64url(value):
    """The bytes of canonical base64url without padding; raises Wrong."""
    if not isinstance(value, str) or not _BASE64.match(value):
        raise Wrong("not base64url without padding")
    try:
        raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except binascii.Error:
        raise Wrong("base64url of an impossible length") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != value:
        raise Wrong("base64url is not canonical")
    return raw


def is_point(value):
    """A date or an instant."""
    if not isinstance(value, str):
        return False
    m = _DATE.match(value) or _INSTANT.match(value)
    if not m:
        return False
    year, month, day, hour, minute, second = ([int(g) if g else None for g in m.groups()] + [None] * 3)[:6]
    try:
        datetime.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return (hour or 0) <= 23 and (minute or 0) <= 59 and (second or 0) <= 59


def is_when(value):
    """A date, an instant, or an interval of them with one end perhaps open."""
    if not isinstance(value, str):
        return False
    ends = value.split("/")
    if len(ends) == 1:
        return is_point(value)
    return len(ends) == 2 and ends != ["..", ".."] and all(e == ".." or is_point(e) for e in ends)
