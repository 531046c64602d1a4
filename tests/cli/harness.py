"""What the tests of the program share: a fresh home, and a run of all tests that prints TAP."""
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
WAIT_S = 60


class Home:
    """A fresh home; `parley` runs the program on it."""

    def __init__(self, folder):
        self.environment = {'PATH': os.environ['PATH'], 'HOME': folder, 'PARLEY_HOME': f'{folder}/home',
                            'PARLEY_PASSPHRASE_FILE': f'{folder}/passphrase', 'COLUMNS': '80', 'LC_ALL': 'C.UTF-8',
                            'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '')}
        self.folder = pathlib.Path(folder)
        self.ok('init', '--org', 'Mediators', '--insecure-test-passphrase', '--no-questions', '--passphrase-file',
                f'{folder}/passphrase', '--paper-file', f'{folder}/paper')

    def parley(self, *words):
        return subprocess.run([PROGRAM, *words], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=WAIT_S)

    def ok(self, *words):
        result = self.parley(*words)
        assert result.returncode == 0, f'{words}: {result.stderr}'
        return result.stdout

    def fails(self, status, part, *words):
        result = self.parley(*words)
        assert result.returncode == status, f'{words}: status {result.returncode}'
        lines = [line for line in result.stderr.splitlines() if 'insecure-test-passphrase' not in line]
        assert len(lines) == 1 and part in lines[0], f'{words}: {lines}'


def run_tests(tests, prepare=Home):
    """Run each on what `prepare` makes of a fresh folder; return the status for the shell."""
    print(f'1..{len(tests)}', flush=True)
    status = 0
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(prepare(folder))
                reason = None
            except Exception as error:  # whatever it was, the test failed
                reason = f'{type(error).__name__}: {error}'
        status |= reason is not None
        print(f'{"not ok" if reason else "ok"} - {test.__doc__}')
        for line in (reason or '').splitlines():
            print(f'# {line}')
        sys.stdout.flush()
    return status
