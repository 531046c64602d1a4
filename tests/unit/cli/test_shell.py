#!/usr/bin/env python3
"""What only other programs can judge: groff reads the man page, bash completes on a real terminal. Prints TAP.

  test_shell.py PROGRAM    (the sample program of sample.h)
"""
import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
WAIT_S = 20


def man_page():
    """groff has no warning about the man page"""
    if not shutil.which('groff'):
        return 'SKIP groff is not installed'
    page = subprocess.run([PROGRAM, '--man'], capture_output=True, check=True).stdout
    result = subprocess.run(['groff', '-man', '-ww', '-z'], input=page, capture_output=True)
    return result.stderr.decode() or None


def usage_into_a_closed_pipe():
    """a reader that goes away early ends the program quietly"""
    program = subprocess.Popen([PROGRAM, '--man'], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    program.stdout.close()
    said = program.stderr.read().decode()
    program.wait()
    return said or None


class Terminal:
    """An interactive bash on a terminal of its own, in a folder with one file and one folder."""

    def __init__(self, folder):
        environment = {'PATH': f'{folder}/bin:' + os.environ['PATH'], 'HOME': folder, 'TERM': 'dumb', 'PS1': '$ ',
                       'LC_ALL': 'C.UTF-8', 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '')}
        self.child, self.fd = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe('bash', ['bash', '--norc', '--noprofile', '-i'], environment)
        self.said = ''

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def read_until(self, end):
        """All that was said up to `end`; what comes behind it is kept."""
        deadline = time.monotonic() + WAIT_S
        while end not in self.said:
            if not select.select([self.fd], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f'waited in vain for {end!r}; bash said {self.said[-500:]!r}')
            self.said += os.read(self.fd, 4096).decode(errors='replace')
        before, _, self.said = self.said.partition(end)
        return before

    def complete(self, line):
        """The line that bash has made of it after one Tab."""
        self.type(line + '\t')
        self.type("\x01printf '<%s>' '\x05|'\n")   # Ctrl-A, Ctrl-E: the line becomes an argument of printf
        self.read_until('\n<')
        return self.read_until('|>')

    def close(self):
        self.type('\x15exit\n')
        os.waitpid(self.child, 0)


CASES = [
    ('parley reh', 'parley rehearse '),
    ('parley process c', 'parley process create '),
    ('parley --home plans.d proc', 'parley --home plans.d process '),
    ('parley rehearse --memb', 'parley rehearse --members '),
    ('parley rehearse --strategy pr', 'parley rehearse --strategy press '),
    ('parley rehearse --strategy=pr', 'parley rehearse --strategy=press '),
    ('parley rehearse pla', 'parley rehearse plan'),
    ('parley rehearse plan.', 'parley rehearse plan.json '),
    ('parley --home plan', 'parley --home plans.d/'),
    ('parley add commitm', 'parley add commitment '),
    ('parley add commitment oblig', 'parley add commitment obligor='),
    ('parley add commitment strength=mu', 'parley add commitment strength=must '),
    ('parley add commitment strength=must when=2012-08-26T14:05Z sourc', None),
    ('parley zzz', 'parley zzz'),
]


def completion():
    """bash completes commands, options, values, kinds, fields, codes and files"""
    if not shutil.which('bash'):
        return 'SKIP bash is not installed'
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f'{folder}/bin')
        os.symlink(PROGRAM, f'{folder}/bin/parley')
        os.mkdir(f'{folder}/plans.d')
        pathlib.Path(folder, 'plan.json').touch()
        terminal = Terminal(folder)
        terminal.type("bind 'set bell-style none'; source <(parley completion bash); echo rea''dy\n")
        terminal.read_until('ready')
        wrong = []
        for typed, expected in CASES:
            made = terminal.complete(typed)
            if expected is None:   # a word behind values with colons is still the word to complete
                expected = typed + 'e='
            if made != expected:
                wrong.append(f'{typed!r} became {made!r}, not {expected!r}')
        terminal.close()
        return '\n'.join(wrong) or None


TESTS = [man_page, usage_into_a_closed_pipe, completion]
broken = 0
print(f'1..{len(TESTS)}')
for number, test in enumerate(TESTS, 1):
    trouble = test()
    if trouble and trouble.startswith('SKIP'):
        print(f'ok {number} - {test.__doc__} # {trouble}')
    elif trouble:
        broken += 1
        print(f'not ok {number} - {test.__doc__}')
        print('\n'.join('# ' + line for line in trouble.splitlines()))
    else:
        print(f'ok {number} - {test.__doc__}')
sys.exit(1 if broken else 0)
