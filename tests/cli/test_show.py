#!/usr/bin/env python3
"""show with --tlp, --as-of and --known: what it says of objects that the reader may not see. Prints TAP.

  test_show.py PROGRAM
"""
import sys

sys.dont_write_bytecode = True  # no folder of caches among the sources
from harness import run_tests  # noqa: E402

WORDS = 'there is no such object'


def hidden_is_as_absent(home):
    """with --tlp an object that may not be seen and one that does not exist give the same answer, also with dates"""
    home.ok('process', 'create', 'North')
    home.ok('add', 'actor', '--id', '@x/open', 'name=Open', 'type=ngo', 'known=2019-01-01')
    home.ok('add', 'actor', '--id', '@x/secret', 'name=Secret', 'type=ngo', 'tlp=red', 'known=2019-01-01')
    assert 'Secret' in home.ok('show', '@x/secret') and 'Secret' in home.ok('show', '@x/secret', '--tlp', 'red')
    assert 'Open' in home.ok('show', '@x/open', '--tlp', 'green')
    for more in [[], ['--as-of', '2020-01-01'], ['--known', '2018-01-01']]:
        home.fails(1, WORDS, 'show', '@x/secret', '--tlp', 'green', *more)
        hidden = home.parley('show', '@x/secret', '--tlp', 'green', *more)
        absent = home.parley('show', '@x/absent', '--tlp', 'green', *more)
        assert (hidden.stdout, hidden.stderr, hidden.returncode) == (absent.stdout, absent.stderr, absent.returncode)


def dates_alone_may_tell(home):
    """with dates alone it is said that nothing was claimed as of then, but only of what is there"""
    home.ok('process', 'create', 'North')
    home.ok('add', 'actor', '--id', '@x/open', 'name=Open', 'type=ngo', 'known=2019-01-01')
    assert 'Open' in home.ok('show', '@x/open', '--known', '2019-01-01')
    home.fails(1, 'nothing was claimed of that object as of these dates', 'show', '@x/open', '--known', '2018-12-31')
    home.fails(1, WORDS, 'show', '@x/absent', '--known', '2018-12-31')
    home.fails(1, WORDS, 'show', '@x/absent')


if __name__ == '__main__':
    sys.exit(run_tests([hidden_is_as_absent, dates_alone_may_tell]))
