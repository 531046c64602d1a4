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


def encode(texts):
    return [(name, text if isinstance(text, bytes) else text.encode()) for name, text in texts]


def make_json_rows():
    event = '{"id":"E1","date":"2000-01-01","source":[{"actorText":"A","code":"HUN"},{"code":"ROU"}],"target":""}'
    write('json_rows', encode([
        ('array', '[' + event + ',\n' + event + ']'), ('lines', event + '\r\n' + event + '\n\n' + event),
        ('alone', event), ('pretty', '{\n "a": 1.50,\n "b": [true, null, -2e+10]\n}\n{\n "a": {"b": {"c": "x"}}\n}\n'),
        ('wrapped', '{"status":200,"none":[],"n":[1],"o":{"x":[{}]},"data":[{"a":1},{"a":2}],"more":[{}]} '),
        ('geojson', '{"type":"FeatureCollection","features":[{"geometry":{"coordinates":[[1,2],[3.5,4]]}}]}'),
        ('escapes', '[{"\\u0061":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e1\\ud83d\\udd4a"},{"a":"\\ud83d"},{"a":"\\u0000"}]'),
        ('wrong', '[1,"x",[{}],{"a":01},{"a":tru},{"a":1,"a":2},{"a":[1,]},{a:1},{"a":1} {"b":2}]'),
        ('broken', '{"a":"x\n"}'), ('cut', '[{"a":[{"b":"x'), ('junk', '{"a":1}\nx\n{"a":2}\n'),
        ('deep', '[{"a":' + '[' * 17 + '1' + ']' * 17 + '},{"a":' + '{"a":' * 14 + '1' + '}' * 15 + ']'),
        ('latin-1', '[{"a":"á"}]'.encode('latin-1')), ('utf-16', '[{"a":1}]'.encode('utf-16')),
        ('bom-nul', b'\xef\xbb\xbf[{"a":"\0"},\0]')]))


def make_graphml():
    keys = '<key id="k" for="node" attr.name="name"><default> x </default></key><key id="l" attr.name="id"/>' \
           '<key id="g" for="node" yfiles.type="nodegraphics"/><key id="e" for="edge" attr.name="w"/>'
    node = '<node id="1"><desc>d</desc><data key="k">A&amp;<![CDATA[<b>]]></data><data key="l">7</data></node>'
    edge = '<edge id="e" source="1" target="2" directed="false"><data key="e">2.5</data></edge>'

    def graph(inner, before=keys):
        return '<graphml>' + before + '<graph edgedefault="directed">' + inner + '</graph></graphml>'

    write('graphml', encode([
        ('igraph', '<?xml version="1.0" encoding="UTF-8"?>\r\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\r\n'
         '<!-- c -->\r\n<key id="v_name" for="node" attr.name="name" attr.type="string"/>\r\n<graph id="G" '
         'edgedefault="undirected">\r\n<node id="n0">\r\n<data key="v_name">Sid&apos;Hamed</data>\r\n</node>\r\n'
         '<edge source="n0" target="n0">\r\n</edge>\r\n</graph>\r\n</graphml>\r\n'),
        ('rows', graph(node + '<node id="2"/>' + edge)),
        ('prefix', graph(node).replace('<', '<g:').replace('<g:/', '</g:')),
        ('drawn', graph('<node id="1"><data key="g"><y:S><y:L> Ab<i>c</i></y:L></y:S></data></node>')),
        ('skipped', graph('<node id="1"><port name="N"><port/></port><graph><node id="2"/></graph></node><hyperedge/>') +
         '<graph/>'),
        ('two-graphs', graph(node).replace('</graphml>', '<graph><node id="1"/></graph></graphml>')),
        ('flaws', graph('<node/><edge source="1"/><node id="3"><data key="z"/><data/></node><node id="4">'
                        '<data key="k">1</data><data key="k">2</data></node>')),
        ('keys', graph(node, '<key/>')), ('keys-twice', graph(node, keys + keys)),
        ('entities', '<!DOCTYPE graphml [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><graphml>&b;</graphml>'),
        ('entity-file', '<!DOCTYPE graphml [<!ENTITY a SYSTEM "a">]><graphml>&a;</graphml>'),
        ('doctype', '<!DOCTYPE graphml SYSTEM "x"><graphml><graph><node id="&a;">&b;</node></graph></graphml>'),
        ('cut', graph(node)[:-30]), ('tags', '<graphml><graph><node id="1"></graph></node></graphml>'), ('html', '<html></html>'),
        ('deep', '<graphml>' + '<a>' * 260), ('nul', b'<graphml><graph>\0</graph></graphml>'),
        ('latin-1', graph(node.replace('A', 'á')).encode('latin-1')), ('utf-16', graph(node).encode('utf-16'))]))


def make_gml():
    def graph(inner):
        return 'graph [ directed 1 ' + inner + ' ]'

    write('gml', encode([
        ('igraph', 'Creator "x"\nVersion 1\ngraph\n[\n  directed 0\n  node\n  [\n    id 0\n    name "Abdel_Hakim"\n  ]\n'
         '  edge\n  [\n    source 0\n    target 0\n    value -1.5E+3\n  ]\n]\n'),
        ('lists', graph('label "x" node [ id 1 graphics [ x 1 Line [ point [ x 1 y 2 ] point [ x 3 y 4 ] ] w [ ] ] a 1 a 2 ]')),
        ('texts', graph('node [ id "&eacute;" a "&#225;&#xE1;&amp;&AT&T;&#0;&#x110000;" b "1\n[2]" c NAN d -INF ]')),
        ('comments', '# a\ngraph [\r\n# node [\r\n node [ id 1 # ] "\r\n ] ]# end'),
        ('flaws', graph('node [ ] node [ id ] node [ id one ] node [ id 1 id 2 ] edge [ source 1 ] node [ id 1 "x" ] '
                        'node [ id 1 [ a 1 ] ] node [ id 1 ,a 2 ] node [ id 1.2.3 ] node [ id 7 ]')),
        ('two-graphs', graph('node [ id 1 ]') + graph('node [ id 2 ]')), ('cut', graph('node [ id 1 ] node [ id "2')[:-2]),
        ('open-text', 'graph [ node [ id "1 ] ]'), ('close', 'graph [ ] ]'), ('value', 'graph [ 1 ]'), ('no-graph', 'Version 1'),
        ('deep', graph('node [ id 1' + ' a [' * 17 + ' b 1' + ' ]' * 18 + ' node [ id 2 ]')), ('csv', 'id,name\n1,x\n'),
        ('latin-1', graph('node [ id 1 a "á" á 1 ]').encode('latin-1')), ('utf-16', graph('').encode('utf-16')),
        ('bom-nul', b'\xef\xbb\xbfgraph [ node [ id 1 a "\0" ] \0 ]')]))


def make_pajek():
    two = '*Vertices 2\n1 "a b"\n2 c\n'
    write('pajek', encode([
        ('igraph', '*Vertices 36\n*Edges\n1 16\n2 26\n'),
        ('vertices', '*Network x\n% c\n*Vertices 3 2\n1 "A b" 0.1 -2e-1 0.5 box ic Red bc "Dark Blue" x_fact 2 [1-3,5-*]\n3 c\n'),
        ('edges', two + '*Arcs :2 "kin of"\n1 2 2.5 c Blue l "x y" [4]\n3: 2 1\n*Edges\n1 1\n'),
        ('lists', two + '*Arcslist\n1 2 1\n2\n*Edgeslist :1\n 2 1\n'), ('matrix', two + '*Matrix :4 "r"\n0 1.5\n-1 0.00\n'),
        ('matrix-two-modes', '*Vertices 3 1\n*Matrix\n1 0e5\n'), ('matrix-short', two + '*Matrix\n0 1 x\n'),
        ('matrix-long', two + '*Matrix\n0 1 0 1 1 1\n2\n*Arcs\n1 2\n'), ('cr', (two + '*Arcs\n1 2\n').replace('\n', '\r')),
        ('crlf', (two + '*Arcs\n1 2\n').replace('\n', '\r\n')),
        ('flaws', '*Vertices 9\n0 a\nx\n1 "a\n2 a 1 ic\n3 a [1\n4 a 1 2 3 4\n5 a ic Red ic Blue\n1 b\n*Arcs\n1\n1 99\n"1" 1\n'),
        ('sections', '*Partition p\n*Vertices 1\n1\n*Network b\n' + two + '*Events\n1\n*Arcs\n1 2\n*Network c\n*Vertices 1\n*Arcs\n1 1\n'),
        ('no-vertices', '*Arcs\n1 2\n'), ('many', '*Vertices 1000001\n'), ('first-mode', '*Vertices 2 3\n'), ('csv', 'id,name\n'),
        ('latin-1', '*Vertices 1\n1 á\n'.encode('latin-1')), ('utf-16', two.encode('utf-16')),
        ('bom-nul', b'\xef\xbb\xbf*Vertices 2\n1 a\0b\n\0\n2 "\0"\n')]))


def make_csv_rows():
    write('csv_rows', [(name, bytes([mode]) + text) for (name, text), mode in zip(encode([
        ('plain', 'a,b\r\n1,2\r\n"x, ""y""\nz",\n'), ('semicolons', '\n\na;b;c\n1,5;"2";\n;;\n'), ('tabs', 'a\tb\rx\t"y"\r'),
        ('bars', 'a|b|\n1|2|\n1|2\n1|2|3|4\n'), ('header', '1,2\n3\n'), ('header-odd', '1,2,3,4,5\n'), ('no-marks', 'a\tb\n"x\t"y"\n'),
        ('behind', 'a,b\n"x"y,1\n"x" ,1\n1,"x\n'), ('open', 'a,b\n1,"x'), ('columns', 'a ,a,,"b""c"\n1,2,3,4\n'),
        ('bom', b'\xef\xbb\xbfa,b\n1,2\n'), ('latin-1', 'a,b\n1,\xe1\n2,3\n'.encode('latin-1')), ('nul', b'a,b\n1,\0\n2,3\n'),
        ('utf-16', 'a,b\n1,2\n'.encode('utf-16')), ('empty', ''), ('blank', '\n ,\n')]),
        (0, 0, 3, 0, 41, 9, 19, 1, 0, 0, 0, 0, 0, 0, 0, 0))])


def make_decode():
    texts = [(0, 'a,b\n'.encode('utf-16')), (0, b'plain'), (1, b'\xff\xfe'), (2, b'Bogot\xe1 \x81'), (3, b'\xe0\xc8x\xe0'),
             (4, b'Vi\xea\xf2t \xea'), (5, 'x\U0001f54a'.encode('utf-16-be')), (6, b'\0\xdca\0b'), (7, 'x'.encode('utf-32')),
             (8, b'a\x82'), (9, b'\x1b$B$"\x1b(B'), (10, b'+AOE-x'), (11, b'\x81\x30\x81\x30'), (4, b'\xea' * 70)]
    write('decode', [(f'{i:02}', bytes([mode]) + text) for i, (mode, text) in enumerate(texts)])


OWN_MAP = """title: T
needs: id
publisher: @p ngo The P
tlp: amber
source: row {:line} of {:name}[, {what|cut:20}]
skip: {what} is test -> a test
reject: {id} is empty -> no id
codes type
\tx* = ASSAULT
\ty = PROTEST
codes cols
\tc1 = One
claim actor
\tonce: yes
\teach: {who|split:;}
\tif: {who|split:;|nth} is not z
\tid: @a/{:each|slug}
\tname = {:each|squeeze} {:index}
claim incident
\tid: @i/{id|slug}-{:hash|head:4}[-{:nth|not:1}]
\twhen: {date|date:dmy46}[/{end|time}]
\tsummary = {what|else:?|before:(|behind::|lower}
\ttype = {type|codes:type}
\talleged = @a/{who|split:;|slug}
\tdeaths_best = {n|whole}
\tplace = {where}[ @{lat|degrees:latitude},{lon|degrees:longitude}]
claim name
\tcolumns: cols
\tid: @n/{id|slug}
\tof = @a/x
\ttext = {:column|codes:cols} {:each}
"""


def make_guess():
    write('guess', encode([
        ('events', 'Event ID,Date,Summary,Type,City,Lat,Lon,Killed,Notes\n7,26/8/2012,Shots,ASSAULT,Timba,2.9,-76.6,12,"a\nb"\n8,9/1/2012,x,y,,,,few,\n'),
        ('actors', 'Name;Short;Type\nFirst;F;state\nSecond;;z\n'), ('odd', '"a\nb",{x},a|b,:n,s.*.y,,name,name,id\n1,2,3,4,5,6,A,B,2012-01-01\n'),
        ('dates', 'start\tend\twhat\n01/31/2012\t\tOne\n5 May 2012\t2012\tTwo\n'), ('latin-1', 'name\n\xe1\nx\n'.encode('latin-1')),
        ('columns', 'source,target\na,b\n'), ('open', 'a,b\n1,"x'), ('empty', ''), ('utf-16', 'name\nx\n'.encode('utf-16'))]))


def make_map():
    maps = [(path.stem, path.read_bytes()) for path in sorted((ROOT / 'src/exchange/maps').glob('*.map')) if path.stat().st_size < 6000]
    wrong = ['claim actor\n\tid: @x\n', 'codes a\n\tx\n', 'reader: x\n', '\tx: y\n', 'skip: {a} is b\n', 'claim x\n', 'a: {b\n',
             'source: [{a}[{b}]]\n', 'claim actor\n\tname = {a|cut:1}\n', 'claim tie\n\teach: {a|codes:b}\n', 'publisher: @p\n']
    write('map', maps + [('own', OWN_MAP.encode()), ('bom-crlf', b'\xef\xbb\xbf' + OWN_MAP.replace('\n', '\r\n').encode())] +
          [(f'wrong-{i:02}', text.encode()) for i, text in enumerate(wrong)])


def make_import_table():
    rows = 'id,date,end,what,type,who,n,where,lat,lon,c1\n1,31/1/46,2004-01-31T10:00,a: b (c),x1,A;B;z,"1,200",P,1,2,q\n' \
           '1,31/1/46,,test,,,,,,,\n,,,,,,,,,,\n2,30/2/2004,,w,y,A,5.0,,,,\n3,5 May 2004,,w,n,A,x,,99,,\n'
    own = [('own', b'\0' + OWN_MAP.encode() + b'\0' + rows.encode())]
    names = ['ndjson', 'ucdp-ged', 'ucdp-agreements', 'ucdp-actors', 'ucdp-terminations', 'pax', 'pax-signatories', 'acled', 'icews',
             'plover', 'sigacts', 'csv', 'graphml', 'gml', 'pajek', 'edges', 'nodes']
    files = {'ucdp-ged': ['ucdp-ged-hdx.csv'], 'ucdp-actors': ['ucdp-actors.csv'], 'ucdp-terminations': ['ucdp-terminations.csv'],
             'pax': ['pax-v1.csv', 'pax-v9.csv'], 'pax-signatories': ['pax-signatories.csv'], 'acled': ['acled-old.csv', 'acled-new.csv'],
             'icews': ['icews.tab'], 'plover': ['plover.json'], 'sigacts': ['sigacts.csv'], 'graphml': ['network.graphml'],
             'gml': ['network.gml'], 'pajek': ['network.net'], 'edges': ['edges.csv'], 'nodes': ['nodes.csv']}
    write('import_table', own + [(name.replace('.', '-'), bytes([names.index(f)]) + (ROOT / 'tests/data' / name).read_bytes())
                                 for f, some in files.items() for name in some])


if __name__ == '__main__':
    make_json()
    make_when()
    make_envelope()
    make_body()
    make_ndjson()
    make_json_rows()
    make_graphml()
    make_gml()
    make_pajek()
    make_csv_rows()
    make_decode()
    make_guess()
    make_map()
    make_import_table()
