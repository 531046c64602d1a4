#!/usr/bin/env python3
"""Write accepted.ndjson and refused.ndjson beside this file: the cases of docs/format-record.md 5.1, one a line.

Members of a line: name; text_b64url (base64url without padding); ok; rule (of a refused case: what it breaks);
pad (spaces that are to be put behind the text, where the text would be too long for a file); compact_b64url (of an
accepted case: the same value written without white space, only '"', '\\' and control characters escaped).
"""
import base64
import json
import pathlib

SIZE_MAX = 131072
DEPTH_MAX = 16
BIG = 2**53 - 1


def nest(levels, opening, closing, inside):
    return '{"a":' + opening * (levels - 1) + inside + closing * (levels - 1) + '}'


# name, text, compact form if it differs, spaces behind the text
ACCEPTED = [
    ('empty object', '{}'),
    ('white space around', ' \t\r\n{ \t\r\n} \t\r\n', '{}'),
    ('white space everywhere', '{ "a" : [ 1 , 2 ] , "b" : { } }', '{"a":[1,2],"b":{}}'),
    ('tab and carriage return between', '{"a"\t:\r\n1}', '{"a":1}'),
    ('a body', '{"t":"claim","v":1}'),
    ('all types', '{"n":null,"t":true,"f":false,"i":7,"s":"x","a":[],"o":{}}'),
    ('order of members is kept', '{"z":1,"a":2,"m":3,"b":4}'),
    ('order of many members is kept', '{' + ','.join(f'"k{i * 7919 % 101}":{i}' for i in range(101)) + '}'),
    ('empty key', '{"":1}'),
    ('key with a space', '{"a b":1}'),
    ('keys that differ by case', '{"a":1,"A":2}'),
    ('keys that differ by accent form', '{"\u00e9":1,"e\u0301":2}'),
    ('same key in sibling objects', '{"a":{"x":1},"b":{"x":2}}'),
    ('same key at two depths', '{"x":{"x":{"x":1}}}'),
    ('same key in objects of an array', '{"a":[{"x":1},{"x":2}]}'),
    ('zero', '{"a":0}'),
    ('small negative', '{"a":-1}'),
    ('largest integer', '{"a":%d}' % BIG),
    ('smallest integer', '{"a":-%d}' % BIG),
    ('ten', '{"a":10}'),
    ('integers in an array', '{"a":[0,1,-1,%d,-%d]}' % (BIG, BIG)),
    ('decimal as text', '{"a":"-0.5e10"}'),
    ('number-like texts', '{"a":"-0","b":"1.5","c":"9007199254740992","d":"NaN"}'),
    ('empty text', '{"a":""}'),
    ('all short escapes', r'{"a":"\"\\\/\b\f\n\r\t"}', r'{"a":"\"\\/\b\f\n\r\t"}'),
    ('escaped letter', r'{"a":"\u0041"}', '{"a":"A"}'),
    ('hex digits of both cases', r'{"a":"\u00e9\u00E9"}', '{"a":"\u00e9\u00e9"}'),
    ('escaped control characters', r'{"a":"\u0001\u001f"}'),
    ('delete is no control character of JSON', '{"a":"\x7f"}'),
    ('escaped delete', r'{"a":"\u007f"}', '{"a":"\x7f"}'),
    ('next line U+0085 and line separators', '{"a":"\x85\u2028\u2029"}'),
    ('two-byte characters', '{"\u00fc":"\u00e4\u00f6\u07ff"}'),
    ('three-byte characters', '{"a":"\u0800\u20ac\ud7ff\ue000\uffff"}'.encode('utf-8', 'surrogatepass')),
    ('four-byte characters', '{"a":"\U00010000\U0001f600\U0010ffff"}'),
    ('surrogate pair', r'{"a":"\ud83d\ude00"}', '{"a":"\U0001f600"}'),
    ('surrogate pair, lowest and highest', r'{"a":"\ud800\udc00\udbff\udfff"}', '{"a":"\U00010000\U0010ffff"}'),
    ('surrogate pair in a key', r'{"\ud83d\ude00":1}', '{"\U0001f600":1}'),
    ('noncharacter', r'{"a":"\uffff\ufffe"}', '{"a":"\uffff\ufffe"}'),
    ('byte order mark inside a text', '{"a":"\ufeff"}'),
    ('right-to-left text', '{"a":"\u0633\u0644\u0627\u0645"}'),
    ('brackets, commas and numbers inside a text', '{"a":"[{]},:-0 1.5 \\" e9"}'),
    ('quote behind two backslashes', '{"a":"\\\\","b":1}'),
    ('empty array and object', '{"a":[],"b":{}}'),
    ('array of arrays', '{"a":[[],[[]]]}'),
    ('depth 16 of arrays', nest(DEPTH_MAX, '[', ']', '')),
    ('depth 16 of objects', nest(DEPTH_MAX, '{"a":', '}', '1')),
    ('depth 16 twice, side by side', '{"a":' + '[' * 15 + ']' * 15 + ',"b":' + '[' * 15 + ']' * 15 + '}'),
    ('brackets in a text are no depth', '{"a":"' + '[{' * 40 + '"}'),
    ('unknown members', '{"t":"claim","v":1,"x-later":{"any":[1]}}'),
    ('of the largest size', '{"a":1}', '{"a":1}', SIZE_MAX - 7),
]

# name, rule, text, spaces behind the text
REFUSED = [
    ('nothing', 'object', ''),
    ('white space only', 'object', ' \n'),
    ('array at the top', 'object', '[]'),
    ('array with an object at the top', 'object', '[{"a":1}]'),
    ('text at the top', 'object', '"hemlig"'),
    ('number at the top', 'object', '1'),
    ('null at the top', 'object', 'null'),
    ('true at the top', 'object', 'true'),
    ('byte order mark', 'byte order mark', '\ufeff{}'),
    ('byte order mark of UTF-16', 'UTF-8', b'\xff\xfe{\x00}\x00'),
    ('UTF-16 without mark', 'grammar', b'{\x00}\x00'),
    ('vertical tab as white space', 'grammar', '{\x0b}'),
    ('form feed before', 'grammar', '\x0c{}'),
    ('no-break space as white space', 'grammar', '{\u00a0}'),
    ('duplicate key', 'duplicate', '{"hemlig":1,"hemlig":2}'),
    ('duplicate key with equal values', 'duplicate', '{"a":1,"a":1}'),
    ('duplicate key, one escaped', 'duplicate', r'{"a":1,"\u0061":2}'),
    ('duplicate key, surrogate pair', 'duplicate', '{"\U0001f600":1,"\\ud83d\\ude00":2}'),
    ('duplicate empty key', 'duplicate', '{"":1,"":2}'),
    ('duplicate key, deep', 'duplicate', '{"a":[{"b":{"c":1,"c":2}}]}'),
    ('duplicate key, far apart', 'duplicate', '{"a":1,"b":2,"c":3,"d":4,"a":5}'),
    ('depth 17 of arrays', 'depth', nest(DEPTH_MAX + 1, '[', ']', '')),
    ('depth 17 of objects', 'depth', nest(DEPTH_MAX + 1, '{"a":', '}', '1')),
    ('depth 17 behind shallow members', 'depth', '{"x":[],"a":' + '[' * 16 + ']' * 16 + '}'),
    ('depth 5,000', 'depth', nest(5000, '[', ']', '')),
    ('depth 5,000, unclosed', 'depth', '{"a":' + '[' * 5000),
    ('minus zero', 'integer', '{"a":-0}'),
    ('minus zero in an array', 'integer', '{"a":[-0]}'),
    ('minus zero with more zeros', 'integer', '{"a":-00}'),
    ('one above the largest integer', 'integer', '{"a":%d}' % (BIG + 1)),
    ('one below the smallest integer', 'integer', '{"a":-%d}' % (BIG + 1)),
    ('largest 64-bit integer', 'integer', '{"a":9223372036854775807}'),
    ('largest 64-bit integer and one', 'integer', '{"a":9223372036854775808}'),
    ('integer of 2,000 digits', 'integer', '{"a":' + '9' * 2000 + '}'),
    ('real', 'decimal', '{"a":0.5}'),
    ('real that is whole', 'decimal', '{"a":1.0}'),
    ('real zero', 'decimal', '{"a":0.0}'),
    ('minus zero real', 'decimal', '{"a":-0.0}'),
    ('exponent', 'decimal', '{"a":1e2}'),
    ('capital exponent', 'decimal', '{"a":1E2}'),
    ('exponent of zero', 'decimal', '{"a":0e0}'),
    ('exponent with a sign', 'decimal', '{"a":1e+2}'),
    ('enormous exponent', 'decimal', '{"a":1e99999}'),
    ('real in an array', 'decimal', '{"a":[1,2.5]}'),
    ('leading zero', 'number', '{"a":01}'),
    ('leading zero behind a minus', 'number', '{"a":-01}'),
    ('plus sign', 'number', '{"a":+1}'),
    ('lone minus', 'number', '{"a":-}'),
    ('two minus signs', 'number', '{"a":--1}'),
    ('minus and a space', 'number', '{"a":- 1}'),
    ('hexadecimal', 'number', '{"a":0x10}'),
    ('point without digits before', 'number', '{"a":.5}'),
    ('point without digits behind', 'decimal', '{"a":1.}'),
    ('NaN', 'grammar', '{"a":NaN}'),
    ('Infinity', 'grammar', '{"a":Infinity}'),
    ('minus Infinity', 'number', '{"a":-Infinity}'),
    ('digits of another script', 'grammar', '{"a":\u0661}'),
    ('NUL in a text', 'NUL', '{"a":"x\x00y"}'),
    ('escaped NUL in a text', 'NUL', r'{"a":"hemlig\u0000"}'),
    ('escaped NUL in a key', 'NUL', r'{"a\u0000b":1}'),
    ('NUL behind the object', 'NUL', '{"a":1}\x00'),
    ('NUL before the object', 'NUL', '\x00{"a":1}'),
    ('NUL as white space', 'NUL', '{"a":\x001}'),
    ('lone high surrogate', 'surrogate', r'{"a":"\ud800"}'),
    ('lone low surrogate', 'surrogate', r'{"a":"\udc00"}'),
    ('lone high surrogate before a letter', 'surrogate', r'{"a":"\ud83dx"}'),
    ('high surrogate before an ordinary escape', 'surrogate', r'{"a":"\ud83d\u0041"}'),
    ('two high surrogates', 'surrogate', r'{"a":"\ud83d\ud83d"}'),
    ('surrogates the wrong way round', 'surrogate', r'{"a":"\ude00\ud83d"}'),
    ('lone surrogate in a key', 'surrogate', r'{"\ud800":1}'),
    ('surrogate as UTF-8', 'UTF-8', b'{"a":"\xed\xa0\x80"}'),
    ('surrogate pair as UTF-8', 'UTF-8', b'{"a":"\xed\xa0\xbd\xed\xb8\x80"}'),
    ('lone continuation byte', 'UTF-8', b'{"a":"\x80"}'),
    ('Latin-1', 'UTF-8', b'{"a":"\xe9"}'),
    ('cut character at the end of a text', 'UTF-8', b'{"a":"\xe2\x82"}'),
    ('cut character at the end', 'UTF-8', b'{"a":1}\xf0\x9f'),
    ('overlong slash', 'UTF-8', b'{"a":"\xc0\xaf"}'),
    ('overlong NUL', 'UTF-8', b'{"a":"\xc0\x80"}'),
    ('overlong of three bytes', 'UTF-8', b'{"a":"\xe0\x80\xaf"}'),
    ('overlong of four bytes', 'UTF-8', b'{"a":"\xf0\x80\x80\xaf"}'),
    ('above U+10FFFF', 'UTF-8', b'{"a":"\xf4\x90\x80\x80"}'),
    ('byte 0xff', 'UTF-8', b'{"a":"\xff"}'),
    ('bad UTF-8 in a key', 'UTF-8', b'{"\xff":1}'),
    ('bad UTF-8 outside texts', 'UTF-8', b'{\xff}'),
    ('line break in a text', 'escape', '{"a":"x\ny"}'),
    ('tab in a text', 'escape', '{"a":"x\ty"}'),
    ('control character in a text', 'escape', '{"a":"\x1f"}'),
    ('unknown escape', 'escape', r'{"a":"\x41"}'),
    ('escape of a single quote', 'escape', r'{"a":"\'"}'),
    ('capital U in an escape', 'escape', r'{"a":"\U0041"}'),
    ('short escape', 'escape', r'{"a":"\u004"}'),
    ('escape that is not hexadecimal', 'escape', r'{"a":"\u00g1"}'),
    ('backslash at the end', 'escape', '{"a":"\\'),
    ('unclosed text', 'grammar', '{"a":"hemlig'),
    ('unclosed object', 'grammar', '{"a":1'),
    ('unclosed array', 'grammar', '{"a":[1}'),
    ('wrong closing bracket', 'grammar', '{"a":[1}]'),
    ('one brace too many', 'grammar', '{}}'),
    ('a second object', 'grammar', '{}{}'),
    ('a second object on its own line', 'grammar', '{}\n{}'),
    ('a letter behind', 'grammar', '{}x'),
    ('a comma behind', 'grammar', '{},'),
    ('trailing comma in an object', 'grammar', '{"a":1,}'),
    ('trailing comma in an array', 'grammar', '{"a":[1,]}'),
    ('leading comma', 'grammar', '{,"a":1}'),
    ('two commas', 'grammar', '{"a":1,,"b":2}'),
    ('missing comma', 'grammar', '{"a":1 "b":2}'),
    ('missing colon', 'grammar', '{"a" 1}'),
    ('missing value', 'grammar', '{"a":}'),
    ('missing key', 'grammar', '{:1}'),
    ('key without quotes', 'grammar', '{hemlig:1}'),
    ('number as key', 'grammar', '{1:1}'),
    ('single quotes', 'grammar', "{'a':1}"),
    ('True with a capital', 'grammar', '{"a":True}'),
    ('NULL in capitals', 'grammar', '{"a":NULL}'),
    ('undefined', 'grammar', '{"a":undefined}'),
    ('a word cut short', 'grammar', '{"a":tru}'),
    ('line comment', 'grammar', '{"a":1}// hemlig'),
    ('block comment', 'grammar', '{/* hemlig */"a":1}'),
    ('hash comment', 'grammar', '# hemlig\n{"a":1}'),
    ('two values', 'grammar', '{"a":1 2}'),
    ('one byte too long', 'size', '{"a":1}', SIZE_MAX - 6),
]


def b64url(text):
    data = text if isinstance(text, bytes) else text.encode('utf-8')
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode('ascii')


def accepted(name, text, compact=None, pad=0):
    line = {'name': name, 'text_b64url': b64url(text), 'ok': True}
    if pad:
        line['pad'] = pad
    line['compact_b64url'] = b64url(text if compact is None else compact)
    return line


def refused(name, rule, text, pad=0):
    line = {'name': name, 'text_b64url': b64url(text), 'ok': False, 'rule': rule}
    if pad:
        line['pad'] = pad
    return line


def write(path, lines):
    names = [line['name'] for line in lines]
    assert len(names) == len(set(names)), 'two cases have the same name'
    path.write_text(''.join(json.dumps(line, separators=(',', ':')) + '\n' for line in lines), encoding='ascii')


if __name__ == '__main__':
    here = pathlib.Path(__file__).resolve().parent
    write(here / 'accepted.ndjson', [accepted(*case) for case in ACCEPTED])
    write(here / 'refused.ndjson', [refused(*case) for case in REFUSED])
