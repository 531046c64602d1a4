#!/usr/bin/env python3
"""The count that ends script/test: what tools/tap-summary makes of results, good, bad and cut off. Prints TAP.

  test_tap_summary.py TAP-SUMMARY
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def meson(*tests):
    return '\n'.join(json.dumps({'name': name, 'stdout': out, 'result': result, 'duration': 0.1}) for name, out, result in tests)


# (name, file name, content or None for no file, last line, exit status)
CASES = [
    ('all good', 'a.tap', '1..2\nok 1 - a\nok 2 - b\n', '2 passed, 0 failed', 0),
    ('one bad', 'a.tap', '1..2\nok 1 - a\nnot ok 2 - b\n# why\n', '1 passed, 1 failed', 1),
    ('skipped counts as neither', 'a.tap', '1..2\nok 1 - a\nok 2 - b # SKIP no disk\n', '1 passed, 0 failed', 0),
    ('fewer than planned', 'a.tap', '1..3\nok 1 - a\n', '1 passed, 1 failed', 1),
    ('no plan', 'a.tap', 'ok 1 - a\n', '1 passed, 1 failed', 1),
    ('bail out', 'a.tap', '1..1\nok 1 - a\nBail out! no corpus\n', '1 passed, 1 failed', 1),
    ('nothing at all', 'a.tap', '1..0\n', '0 passed, 0 failed', 1),
    ('no file', 'a.tap', None, '0 passed, 1 failed', 1),
    ('an empty log', 'a.json', '', '0 passed, 1 failed', 1),
    ('subtests of a program', 'a.json', meson(('p:s / a', '1..2\nok 1 - x\nok 2 - y\n', 'OK')), '2 passed, 0 failed', 0),
    ('good lines, then a crash', 'a.json', meson(('p:s / a', '1..1\nok 1 - x\n', 'ERROR')), '1 passed, 1 failed', 1),
    ('a program without TAP', 'a.json', meson(('p:s / a', '', 'OK'), ('p:s / b', '', 'FAIL'), ('p:s / c', '', 'SKIP')),
     '1 passed, 1 failed', 1),
]


def main():
    status = 0
    print(f'1..{len(CASES)}')
    for name, file_name, content, last_line, exit_status in CASES:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / file_name
            if content is not None:
                path.write_text(content, encoding='utf-8')
            result = subprocess.run([sys.executable, sys.argv[1], f'build={path}'], capture_output=True, text=True)
        said = (result.stdout.splitlines() or [''])[-1]
        good = said == last_line and result.returncode == exit_status
        status |= not good
        print(f'{"ok" if good else "not ok"} - {name}')
        if not good:
            print(f'# said {said!r}, exit status {result.returncode} {result.stderr}')
    return status


if __name__ == '__main__':
    sys.exit(main())
