#!/usr/bin/env python3
"""process create, list and show on a real home. Prints TAP.

  test_process.py PROGRAM
"""
import json
import sys

sys.dont_write_bytecode = True  # no folder of caches among the sources
from harness import run_tests  # noqa: E402


def create_and_list(home):
    """a process is founded once, and listed with its circle, members and entries"""
    assert home.ok('process', 'list') == ''
    short = home.ok('process', 'create', 'Talks on the North', '--purpose', 'To support them').strip()
    assert len(short) == 8 and int(short, 16) >= 0, short
    home.fails(1, 'of that name', 'process', 'create', 'Talks on the North')
    home.fails(2, 'NAME', 'process', 'create')
    listed = json.loads(home.ok('process', 'list', '--json'))['processes']
    assert len(listed) == 1, listed
    assert listed[0]['circle'].startswith(short) and listed[0]['purpose'] == 'To support them', listed
    assert (listed[0]['organisations'], listed[0]['devices']) == (1, 1), listed
    before = listed[0]['entries']
    home.ok('add', 'actor', 'name=Movement', 'type=insurgent_group')
    assert json.loads(home.ok('process', 'list', '--json'))['processes'][0]['entries'] == before + 1
    line = home.ok('process', 'list').splitlines()[2]
    assert line.startswith(f'Talks on the North  {short}') and line.endswith(str(before + 1)), line


def each_its_own(home):
    """with two processes each overview shows its own claims only, and one must be named"""
    home.fails(1, 'process create', 'process', 'show')
    home.ok('process', 'create', 'North')
    home.ok('process', 'create', 'South')
    home.fails(2, '--process', 'process', 'show')
    for name, level in [('North', 'top'), ('North', 'top'), ('South', 'grassroots')]:
        home.ok('add', '--process', name, 'actor', f'name=X of {name}', 'type=ngo', f'level={level}')
    north = json.loads(home.ok('process', 'show', 'North', '--json'))
    south = json.loads(home.ok('process', 'show', '--process', 'South', '--json'))
    assert (north['process'], south['process']) == ('North', 'South')
    assert north['levels']['top']['actors'] == 2 and south['levels']['top']['actors'] == 0
    assert south['levels']['grassroots']['actors'] == 1 and north['levels']['grassroots']['actors'] == 0
    assert north['claims'] == 3, 'the organisation and two actors'
    home.fails(1, 'process list', 'process', 'show', 'West')


def cuts(home):
    """--as-of, --known and --tlp show another overview and say so"""
    home.ok('process', 'create', 'North')
    promise = ['when=2020-01-01', 'form=spoken', 'obligor=@x/movement']
    home.ok('add', 'actor', '--id', '@x/movement', 'name=Movement', 'type=insurgent_group', 'known=2019')
    home.ok('add', 'commitment', 'summary=Open the road', 'due=2020-06-30', 'known=2020-01-01', 'tlp=clear', *promise)
    home.ok('add', 'commitment', 'summary=Close the mine', 'due=2020-03-01', 'known=2021-01-01', 'tlp=red', *promise)
    assert 'Commitments: 2 stand' in home.ok('process', 'show')
    on_the_day = home.ok('process', 'show', '--as-of', '2020-06-30', '--known', '2020-06-30')
    assert 'As of 2020-06-30, as known by 2020-06-30.' in on_the_day, on_the_day
    assert 'Commitments: 1 stand' in on_the_day and 'Promises overdue' not in on_the_day
    assert 'Needs attention on that day' in on_the_day and 'Promises falling due: 1' in on_the_day
    assert 'Promises overdue: 1' in home.ok('process', 'show', '--as-of', '2020-07-01', '--known', '2020-07-01')
    public = home.ok('process', 'show', '--tlp', 'clear')
    assert 'TLP clear' in public and 'Open the road' in public and 'Close the mine' not in public, public
    only = home.ok('process', 'show', '--part', 'pyramid')
    assert 'Pyramid' in only and 'Commitments' not in only
    home.fails(2, '--part', 'process', 'show', '--part', 'triangle')


def names_nobody_owns(home):
    """every id that the overview prints opens with the command beside it"""
    home.ok('process', 'create', 'North')
    home.ok('add', 'commitment', 'summary=Open the road', 'obligor=@x/nobody', 'when=2020-01-01', 'due=2020-06-30')
    page = home.ok('process', 'show')
    command = page.partition('parley show ')[2].split()[0]
    assert 'Open the road' in home.ok('show', command), page


if __name__ == '__main__':
    sys.exit(run_tests([create_and_list, each_its_own, cuts, names_nobody_owns]))
