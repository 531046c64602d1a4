#!/usr/bin/env python3
"""export csv, graphml, gexf and plover, read by parsers that are not ours. Prints TAP.

  test_export.py PROGRAM EXAMPLES
"""
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True  # no folder of caches among the sources
from harness import PROGRAM, WAIT_S, run_tests  # noqa: E402

EXAMPLES = pathlib.Path(sys.argv[2]).resolve()
GRAPHML = '{http://graphml.graphdrawing.org/xmlns}'
GEXF = '{http://gexf.net/1.3}'
HOSTILE = ['<b>"bold" & \'plain\'</b>', ']]><!-- &amp; --><![CDATA[', 'two\nlines\tand a tab', ' blanks ',
           'שלום, "עולם"', '=1+1', '-1+1', '@x', "'=x", '"', ';,', '\U0001f54a']
GUARD = re.compile(r"'+[=+\-@\t\r]")
TYPES = {'string': str, 'long': int, 'double': float, 'boolean': {'true': True, 'false': False}.__getitem__}
DAY = re.compile(r'\d{4}-\d\d-\d\d$')


def written(home, *words):
    """-> what an export writes, as bytes"""
    result = subprocess.run([PROGRAM, 'export', *words], env=home.environment, stdin=subprocess.DEVNULL, capture_output=True,
                            timeout=WAIT_S)
    assert result.returncode == 0, f'{words}: {result.stderr}'
    return result.stdout


def read_csv(data):
    """-> rows, with the guard taken away"""
    rows = list(csv.DictReader(io.StringIO(data.decode('utf-8'), newline=''), strict=True))
    assert all(None not in row and None not in row.values() for row in rows), 'rows of different length'
    return [{key: cell[1:] if GUARD.match(cell) else cell for key, cell in row.items()} for row in rows]


def check_days(first, last):
    assert all(day is None or DAY.match(day) for day in (first, last)), (first, last)
    assert not first or not last or first <= last, (first, last)


def read_graphml(data):
    """-> nodes and edges by id: the values of their keys, and the ends of edges"""
    root = ElementTree.fromstring(data)
    keys = {key.get('id'): key for key in root.iter(f'{GRAPHML}key')}
    parts = {'node': {}, 'edge': {}}
    for part, items in parts.items():
        for element in root.iter(GRAPHML + part):
            item = {'ends': (element.get('source'), element.get('target'))}
            for value in element.findall(f'{GRAPHML}data'):
                key = keys[value.get('key')]
                assert key.get('for') == part and key.get('attr.name') not in item, ElementTree.tostring(value)
                item[key.get('attr.name')] = TYPES[key.get('attr.type')](value.text)
            check_days(item.get('start'), item.get('end'))
            assert element.get('id') not in items, element.get('id')
            items[element.get('id')] = item
    return parts['node'], parts['edge']


def read_gexf(data):
    """-> the same; and every span is in order"""
    root = ElementTree.fromstring(data)
    graph = root.find(f'{GEXF}graph')
    assert root.get('version') == '1.3' and graph.get('mode') == 'dynamic' and graph.get('timeformat') == 'date'
    assert [child.tag for child in graph] == [GEXF + tag for tag in ('attributes', 'attributes', 'nodes', 'edges')]
    parts = {'node': {}, 'edge': {}}
    for part, items in parts.items():
        columns = {a.get('id'): a for t in graph.findall(f'{GEXF}attributes') if t.get('class') == part for a in t}
        for element in root.iter(GEXF + part):
            item = {'ends': (element.get('source'), element.get('target')), 'label': element.get('label')}
            for value in element.find(f'{GEXF}attvalues'):
                column = columns[value.get('for')]
                assert column.get('title') not in item, ElementTree.tostring(value)
                item[column.get('title')] = TYPES[column.get('type')](value.get('value'))
            for span in [element, *element.iter(f'{GEXF}spell')]:
                check_days(span.get('start'), span.get('end'))
            item['start'], item['end'] = element.get('start'), element.get('end')
            assert element.get('id') not in items, element.get('id')
            items[element.get('id')] = item
        assert int(graph.find(f'{GEXF}{part}s').get('count')) == len(items)
    return parts['node'], parts['edge']


def listed(home, kind):
    return {o['id']: o for o in json.loads(home.ok('list', kind, '--limit', '0', '--json'))['objects']}


def havana(home):
    home.ok('process', 'create', 'Havana')
    home.ok('import', 'ndjson', *map(str, sorted((EXAMPLES / 'havana').glob('*.ndjson'))))


def tables_say_what_list_says(home):
    """the rows of a table are the objects of the list, cell by cell"""
    havana(home)
    for kind in ('actor', 'person', 'tie', 'dialogue', 'session', 'commitment', 'incident', 'name', 'alignment'):
        objects, rows = listed(home, kind), read_csv(written(home, 'csv', '--kind', kind))
        assert [row['id'] for row in rows] == list(objects), kind
        for row in rows:
            o = objects[row['id']]
            fields = {key: value.replace('\x1f', '; ') for key, value in o['fields'].items()}
            claim = ('id', 'label', 'when', 'known', 'says', 'source', 'grade', 'tlp', 'rule', 'n_claims', 'contested_fields')
            assert {key: cell for key, cell in row.items() if cell and key not in claim} == fields, row
            assert row['label'] and int(row['n_claims']) == o['claims'], row
            assert len(row['contested_fields'].split('; ')) == max(o['contested'], 1), row


def networks_hold_every_tie(home):
    """both forms of the network have the same nodes and edges, and every tie whose ends are there"""
    havana(home)
    for more, kinds in ([], ['tie']), (['--with', 'alignment', '--with', 'mandate', '--with', 'attendance'],
                                       ['tie', 'alignment', 'mandate', 'attendance']):
        nodes, edges = read_graphml(written(home, 'graphml', *more))
        same = read_gexf(written(home, 'gexf', *more))
        assert set(nodes) == set(same[0]) and set(edges) == set(same[1])
        for ours, theirs in (nodes, same[0]), (edges, same[1]):
            for name, item in ours.items():
                other = {key: value for key, value in theirs[name].items() if value is not None}
                assert item == other, (item, other)
        assert set(listed(home, 'actor')) | set(listed(home, 'person')) <= set(nodes)
        assert all(end in nodes for edge in edges.values() for end in edge['ends'])
        assert {kind for edge in edges.values() for kind in [edge['kind']]} == set(kinds)
        ties = listed(home, 'tie')
        assert {i: (t['fields']['from'], t['fields']['to'], t['fields']['code']) for i, t in ties.items()} == \
            {i: (*e['ends'], e['code']) for i, e in edges.items() if e['kind'] == 'tie'}


def records_are_json(home):
    """every incident is one record with what PLOVER asks for"""
    havana(home)
    records = [json.loads(line) for line in written(home, 'plover').decode('utf-8').splitlines()]
    assert {record['id'] for record in records} == set(listed(home, 'incident'))
    for record in records:
        assert DAY.match(record['date']) and record['actor'] and len(record['event']) == 1, record
        assert isinstance(record.get('event_loc', {}).get('lat', 0.5), (int, float)), record
        assert record['text'] and record['cite_info']['citation'], record


def hostile_labels_come_back(home):
    """quotation marks, markup, line breaks, formulas and right-to-left text come back from every format"""
    home.ok('process', 'create', 'North')
    for number, label in enumerate(HOSTILE):
        home.ok('add', 'actor', '--id', f'@x/{number}', f'name={label}')
        home.ok('add', 'incident', f'summary={label}', 'type=ASSAULT', f'alleged=@x/{number}', 'when=2012')
        home.ok('add', 'tie', f'from=@x/{number}', 'to=@x/0', 'code=kin', f'basis={label}')
    wanted = sorted([*HOSTILE, 'Mediators'])
    assert sorted(row['name'] for row in read_csv(written(home, 'csv', '--kind', 'actor'))) == wanted
    assert sorted(row['label'] for row in read_csv(written(home, 'csv', '--kind', 'actor'))) == wanted
    raw = written(home, 'csv', '--kind', 'actor', '--raw').decode('utf-8')
    assert sorted(row['name'] for row in csv.DictReader(io.StringIO(raw, newline=''), strict=True)) == wanted
    for nodes, edges in read_graphml(written(home, 'graphml')), read_gexf(written(home, 'gexf')):
        assert sorted(node['name'] for node in nodes.values()) == wanted
        assert sorted(node['label'] for node in nodes.values()) == wanted
        assert sorted(edge['basis'] for edge in edges.values()) == sorted(HOSTILE)
    records = [json.loads(line) for line in written(home, 'plover').split(b'\n')[:-1]]
    assert sorted(record['text'] for record in records) == sorted(HOSTILE)
    assert sorted(record['actor'][0]['entity_text'] for record in records) == sorted(HOSTILE)


def one_process_and_one_reader(home):
    """an export holds what is of its process, and what its reader may see"""
    home.ok('process', 'create', 'North')
    home.ok('process', 'create', 'South')
    for process, name, tlp in ('North', 'Open', 'clear'), ('North', 'Closed', 'red'), ('South', 'Elsewhere', 'clear'):
        home.ok('add', '--process', process, 'actor', '--id', f'@x/{name.lower()}', f'name={name}', f'tlp={tlp}')
        home.ok('add', '--process', process, 'tie', 'from=@x/open', f'to=@x/{name.lower()}', 'code=kin', 'tlp=clear')
        home.ok('add', '--process', process, 'incident', f'summary={name}', 'type=ASSAULT', 'when=2012', f'tlp={tlp}')
    for words in (['csv', '--kind', 'actor'], ['csv', '--kind', 'incident'], ['graphml'], ['gexf'], ['plover']):
        home.fails(2, '--process', 'export', *words)
        everything = written(home, *words, '--process', 'North')
        public = written(home, *words, '--process', 'North', '--tlp', 'clear')
        assert b'Open' in everything and b'Closed' in everything and b'Elsewhere' not in everything, everything
        assert b'Open' in public and b'Closed' not in public and b'Elsewhere' not in public, public
    nodes, edges = read_gexf(written(home, 'gexf', '--process', 'North', '--tlp', 'clear'))
    assert [node['label'] for node in nodes.values()] == ['Open'] and len(edges) == 1, (nodes, edges)


if __name__ == '__main__':
    sys.exit(run_tests([tables_say_what_list_says, networks_hold_every_tie, records_are_json, hostile_labels_come_back,
                        one_process_and_one_reader]))
