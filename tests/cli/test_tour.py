#!/usr/bin/env python3
"""The tour as a newcomer takes it: through a pipe, on a terminal, left early, stopped. Prints TAP.

  test_tour.py PROGRAM EXAMPLES
"""
import os
import pathlib
import pty
import select
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # no folder of caches among the sources
from harness import PROGRAM, WAIT_S, run_tests  # noqa: E402

EXAMPLES = pathlib.Path(sys.argv[2]).resolve()
TITLES = ['who sits where', 'two sources disagree', 'a promise and its fate', 'write one', 'take it back',
          'damage one bit and verify', 'who may read this']


class Place:
    """A folder with an empty TMPDIR and a HOME, and the environment that knows nothing else."""

    def __init__(self, folder):
        self.temporary, self.home = pathlib.Path(folder, 'tmp'), pathlib.Path(folder, 'home')
        self.temporary.mkdir()
        self.home.mkdir()
        self.environment = {'PATH': os.environ['PATH'], 'HOME': str(self.home), 'TMPDIR': str(self.temporary),
                            'PARLEY_HOME': str(self.home / 'own'), 'PARLEY_EXAMPLES': str(EXAMPLES), 'TERM': 'dumb',
                            'COLUMNS': '80', 'LC_ALL': 'C.UTF-8', 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '')}

    def run(self, *words, **environment):
        return subprocess.run([PROGRAM, *words], env={**self.environment, **environment}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=WAIT_S)

    def agents(self):
        """Programs that still run with this TMPDIR."""
        mark = f'TMPDIR={self.temporary}'.encode()
        found = []
        for process in pathlib.Path('/proc').iterdir():
            if process.name.isdigit() and int(process.name) != os.getpid():
                try:
                    found += [process.name] if mark in (process / 'environ').read_bytes().split(b'\0') else []
                except OSError:
                    pass   # somebody else's, or gone
        return found

    def leftovers(self):
        """What a tour must not leave: files, programs, anything in the user's own home."""
        deadline = time.monotonic() + 5
        while self.agents() and time.monotonic() < deadline:
            time.sleep(0.05)   # an agent that was told to end needs a moment
        left = [str(path) for path in [*self.temporary.iterdir(), *self.home.iterdir()]]
        return left + [f'process {number}' for number in self.agents()]


class Terminal:
    """The tour on a terminal of its own."""

    def __init__(self, place, *words):
        self.child, self.fd = pty.fork()
        if self.child == 0:
            os.execve(PROGRAM, [str(PROGRAM), *words], place.environment)
        self.said = ''

    def read_until(self, end):
        deadline = time.monotonic() + WAIT_S
        while end not in self.said:
            if not select.select([self.fd], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f'waited in vain for {end!r} behind {self.said[-300:]!r}')
            self.said += os.read(self.fd, 65536).decode(errors='replace')
        self.said = self.said.partition(end)[2]

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def finish(self):
        """-> exit status"""
        try:
            while os.read(self.fd, 65536):
                pass
        except OSError:
            pass   # the other end is closed
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


def whole(place):
    """the whole tour runs through a pipe, shows its seven steps and leaves nothing"""
    result = place.run('tour', '--no-pause')
    assert result.returncode == 0, result.stderr
    at = -1
    for i, title in enumerate(TITLES):
        line = f'\n{i + 1} of 7: {title}\n'
        assert result.stdout.find(line) > at, f'step {i + 1} is missing or not in its place'
        at = result.stdout.find(line)
    assert 'protects nothing' in result.stdout and str(place.temporary) in result.stdout
    assert place.leftovers() == []


def says_what_it_should(place):
    """each step shows what it promises: both accounts, the promise, the retraction, the place, the marking"""
    result = place.run('tour')
    steps = result.stdout.split(' of 7: ')
    assert len(steps) == 8, len(steps)
    for number, words in [(1, ['Pyramid', 'track 1.5']), (2, ['but: 2015-04-15', 'Government of Colombia', 'grade B1',
                                                              'ended 2015-04-15, collapsed']),
                          (3, ['2017-03-01', 'complete', '2,300 weapons']), (4, ['Call back by Friday noon']),
                          (5, ['1 claim taken back', 'claim, retracted']),
                          (6, ['(exit status 1)', 'Everything is as it was written']), (7, ['Amnesty'])]:
        for word in words:
            assert word in steps[number], f'step {number} does not say {word!r}'
    assert 'record.db: table ' in result.stderr and ', row ' in result.stderr, result.stderr
    assert 'commitment.due' in result.stderr, result.stderr
    assert steps[7].count('Amnesty') == 2, 'the line is told and listed once, and not to the public'


def on_a_terminal(place):
    """on a terminal it waits for Enter, and q leaves"""
    terminal = Terminal(place, 'tour')
    terminal.read_until('Enter goes on')
    terminal.type('\r')
    terminal.read_until('1 of 7')
    terminal.read_until('Enter goes on')
    terminal.type('q\r')
    status = terminal.finish()
    assert status == 0, status
    assert place.leftovers() == []


def stopped(place):
    """Ctrl-C at a question ends it and leaves nothing"""
    terminal = Terminal(place, 'tour')
    terminal.read_until('Enter goes on')
    terminal.type('\x03')
    status = terminal.finish()
    assert status == 1, status
    assert place.leftovers() == []


def terminated(place):
    """a signal in the middle of the work ends it and leaves nothing"""
    tour = subprocess.Popen([PROGRAM, 'tour'], env=place.environment, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    tour.stdout.readline()
    tour.send_signal(signal.SIGTERM)
    _, errors = tour.communicate(timeout=WAIT_S)
    assert tour.returncode == 1, tour.returncode
    assert errors == b'parley: tour: stopped\n', errors
    assert place.leftovers() == []


def kept(place):
    """--keep leaves a home that opens"""
    folder = place.home / 'kept'
    result = place.run('tour', '--no-pause', '--keep', str(folder))
    assert result.returncode == 0, result.stderr
    assert f'PARLEY_HOME={folder}/home' in result.stdout
    listed = place.run('process', 'list', PARLEY_HOME=f'{folder}/home', PARLEY_PASSPHRASE_FILE=f'{folder}/passphrase')
    assert listed.returncode == 0 and 'Havana process' in listed.stdout, listed.stderr
    again = place.run('tour', '--no-pause', '--keep', str(folder))
    assert again.returncode == 1, 'a second tour must not write into the home of the first'


def without_example(place):
    """without the example it says where it looked, and leaves nothing"""
    result = place.run('tour', '--no-pause', PARLEY_EXAMPLES='/nowhere')
    assert result.returncode == 1, result.returncode
    assert result.stderr.count('\n') == 1 and '/nowhere/havana' in result.stderr, result.stderr
    assert 'PARLEY_EXAMPLES' in result.stderr
    assert place.leftovers() == []


def wrong_words(place):
    """--home is refused, and a TMPDIR that is not there"""
    result = place.run('tour', '--home', str(place.home / 'own'))
    assert result.returncode == 2 and '--keep' in result.stderr, result.stderr
    result = place.run('tour', TMPDIR='/nowhere')
    assert result.returncode == 1 and '/nowhere' in result.stderr, result.stderr
    assert place.leftovers() == []


if __name__ == '__main__':
    sys.exit(run_tests([whole, says_what_it_should, on_a_terminal, stopped, terminated, kept, without_example,
                        wrong_words], prepare=Place))
