#!/usr/bin/env python3
"""Write fuzz/corpus/ anew: small inputs from the test vectors, the vocabulary's examples, the worked example, and by hand.
What a fuzzer found stays: files whose names begin with found- are not touched.

  fuzz/make_corpus.py
"""
import base64
import hashlib
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / 'fuzz/corpus'
ZEROS = '0' * 64


def write(target, inputs):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if not old.name.startswith('found-'):
            old.unlink()
    for name, data in inputs:
        (folder / name).write_bytes(data)


def vectors(name):
    return json.loads((ROOT / 'tests/vectors' / name).read_text(encoding='utf-8'))


def json_cases():
    for name in ('accepted', 'refused'):
        lines = (ROOT / f'tests/vectors/json/{name}.ndjson').read_text(encoding='utf-8').splitlines()
        for case in map(json.loads, lines):
            text = case['text_b64url']
            yield case['name'], base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def havana(kinds):
    """-> one line of each of these kinds"""
    seen = set()
    for path in sorted((ROOT / 'examples/havana').glob('*.ndjson')):
        for line in path.read_text(encoding='utf-8').splitlines():
            kind = json.loads(line)['kind']
            if kind in kinds and kind not in seen:
                seen.add(kind)
                yield kind, line


def slug(text):
    return ''.join(c if c.isalnum() else '-' for c in text.lower())[:48].strip('-')


def make_json():
    write('json', [(slug(name), text) for name, text in json_cases() if len(text) < 400][::4])


def make_when():
    texts = ['2012', '2012-08', '2012-08-26', '2012-08-26T14Z', '2012-08-26T14:05Z', '2012-08-26T14:05:30Z',
             '2012-08-26T14:05:30.250Z', '2012/2013-01', '2012-08-26T14Z/..', '../2012', '../..', '0001', '9999-12-31',
             '9999/..', '2012-02-30', '2100-02-29', '2012-13', '2013/2012', '', '/', '2012-08-26T24Z', '0000',
             '2012-08-26T14:05:60Z', '-2012', '2012 ', '2012/2012/2012']
    write('when', [(f'{i:02}', text.encode()) for i, text in enumerate(texts)])


def make_envelope():
    wanted = ['published', 'section 256, body at the limit', 'class 1, claim', 'class 2, control of an unknown type',
              'class 3, heads', 'class 4, redaction', 'class 6, attachment chunk', 'class 5, genesis', 'class 128',
              'class 1, length 0', 'class 5, device-add', 'open: padding of zeros alone', 'form: file with a chunk too many',
              'form: heads two', 'epoch: 1 boxes, founding', 'epoch: 2 boxes, two parents', 'epoch: another type',
              'rule: length 257 with its bytes', 'rule: seq 2^53', 'section: a section of another length',
              'signature: author of small order']
    entries = {case['name']: bytes.fromhex(case['entry']) for case in vectors('envelope.json')}
    inputs = []
    for name in wanted:
        for mode in (b'\0', b'\1'):
            inputs.append((f'{slug(name)}-{mode[0]}', mode + entries[name]))
    for cls in range(6):
        inputs.append((f'seal-{cls + 1}', bytes([2 + 3 * cls]) + b'{"t":"claim","v":1,"kind":"actor","id":"' + b'0' * 32 +
                       b'","set":{"name":"A"}}'))
    write('envelope', inputs)


def make_body():
    claim = '{"t":"claim","v":1,"kind":"actor","id":"00112233445566778899aabbccddeeff","set":{"name":"A"}'
    file = '{"name":"a","size":1,"hash":"%s","key":"%s","chunks":["%s"]}' % (ZEROS, ZEROS, ZEROS)
    by_hand = [
        ('claim', 0x09, claim + '}'),
        ('claim-of-everything', 0x09, claim + ',"says":"@a/b","when":"2012/..","known":"2016","by":"x","source":"s","quote":"q",'
         '"grade":"A1","tlp":"amber+strict","rule":"chatham_house","lang":"es-CO","note":"n","files":[%s]}' % file),
        ('claim-later', 0x19, claim[:-1] + ',"mood":{"a":[null,true,-1]}},"weight":3}'),
        ('kind-later', 0x19, claim.replace('actor', 'spaceship') + '}'),
        ('label', 0x09, '{"kind":"person","id":"@a/b","set":{"name":"A","actor":"@c","constituencies":["@d","@e"]}}'),
        ('event', 0x09, '{"kind":"session","id":"@s","set":{"title":"T"},"when":"2011-03-01"}'),
        ('event-without-when', 0x09, '{"kind":"session","id":"@s","set":{"title":"T"}}'),
        ('numbers', 0x01, '{"kind":"actor","id":"@a","set":{"strength":1000000000,"armed":false,"seat":"Havana @23.1330,-82.3830"}}'),
        ('exported', 0x01, claim + ',"entry":"%s","author":"%s","recorded":"2026-01-01T00:00Z","status":1}' % (ZEROS, ZEROS)),
        ('escapes', 0x19, claim[:-1] + ',"x":"\\u0001\\\\\\"\\/\\ud83d\\udd4a"}}'),
        ('retract', 0x01, '{"t":"retract","v":1,"entry":"%s","reason":"r"}' % ZEROS),
        ('redact', 0x04, '{"t":"redact","v":1,"entry":"%s","reason":"r","authority":"%s"}' % (ZEROS, ZEROS)),
        ('heads', 0x03, '{"t":"heads","v":1,"heads":""}'),
        ('epoch', 0x02, '{"t":"epoch","v":1,"members":[],"deps":[],"parents":[],"reason":"rotation","psk":"%s"}' % ZEROS),
        ('org', 0x05, '{"t":"org","v":1,"device":"%s","box":"%s","recovery":[],"need":2,"random":"%s"}' % ((ZEROS,) * 3)),
        ('unknown', 0x01, '{"t":"tomorrow","v":7}'),
        ('set-twice', 0x09, '{"kind":"actor","id":"@a","set":{"name":"A","name":"B"}}'),
        ('wrong-types', 0x09, '{"kind":1,"id":[],"set":"x","says":{},"when":0,"files":{}}'),
    ]
    inputs = [(name, bytes([mode]) + text.encode()) for name, mode, text in by_hand]
    inputs += [(f'havana-{kind}', b'\x09' + line.encode())
               for kind, line in havana({'commitment', 'incident', 'tie', 'agreement', 'ceasefire', 'finding'})]
    write('body', inputs)


def make_ndjson():
    hello = hashlib.blake2b(b'hello', digest_size=32, person=b'Parley/1 file').hexdigest()
    a = '{"kind":"actor","id":"@a","set":{"name":"A"}'
    chunk = '{"t":"chunk","file":"%s","i":%d,"data":"%s"}\n'
    entry = ',"entry":"%s"}\n' % ZEROS
    retract = '{"t":"retract","entry":"%s","reason":"r"}\n' % ZEROS
    files = a + ',"files":[{"name":"f","size":5,"hash":"%s"}]}\n' % hello
    texts = [
        ('again', 0x08, a + entry + retract + a + '}\n' + a + '}\n'),
        ('order', 0x08, '{"kind":"actor","id":"@a","set":{"short":"S"}}\n' + a + '}\n'),
        ('files', 0x08, chunk % (hello, 0, 'aGVs') + chunk % (hello, 1, 'bG8') + files),
        ('files-missing', 0x00, files + chunk % (hello, 0, 'aGVsbG8') + files),
        ('kinds', 0x00, a + '}\n' + a.replace('actor', 'person') + '}\n' + a.replace('actor', 'person') + entry),
        ('ends', 0x02, '\r\n \t\n' + a + '}\r\n\n' + a + '}'),
        ('broken', 0x00, '{\n[]\n"\n\\\n{"a":1}x\n{"t":1}\n{"t":"redact"}\n{"v":2}\n'),
        ('unknown', 0x01, '{"kind":"spaceship","id":"@s","set":{"crew":[1]},"warp":1}\n'),
        ('strict', 0x04, a + '}\nx\n'),
        ('members', 0x00, '{"t":"retract","entry":"x"}\n{"t":"retract","entry":5,"reason":[]}\n{"t":"chunk","i":-1}\n'),
    ]
    inputs = [(name, bytes([mode]) + text.encode()) for name, mode, text in texts]
    inputs += [('bom', b'\0\xef\xbb\xbf' + a.encode() + b'}\n'), ('utf-16', b'\0' + (a + '}\n').encode('utf-16')),
               ('latin-1', b'\0' + a.replace('A', '\xe1').encode('latin-1') + b'}\n'), ('nul', b'\0{\0}\n\0\n')]
    inputs += [(f'havana-{kind}', b'\x02' + line.encode() + b'\n') for kind, line in havana({'ceasefire', 'tie'})]
    write('ndjson', inputs)


if __name__ == '__main__':
    make_json()
    make_when()
    make_envelope()
    make_body()
    make_ndjson()
