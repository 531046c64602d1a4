#!/usr/bin/env python3
"""The benchmarks on a handful of entries: that each prints its number with its check, and that the checks see damage. No
time is looked at. Prints TAP.

  test_bench.py PARLEY-BENCH BENCH-FOLDER
"""
import pathlib
import re
import subprocess
import sys
import tempfile

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
LINE = re.compile(r'^\S+ [0-9.eE+-]+ \S+$')
SMALL = ['--n', '300', '--authors', '3', '--batch', '100']


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=100)


def complaint(result, names):
    """-> what is wrong with a run that should have measured, or None"""
    lines = result.stdout.splitlines()
    if result.returncode != 0:
        return f'status {result.returncode}: {result.stderr.strip()}'
    if not any(line.startswith('check ') for line in lines):
        return 'no check'
    for line in lines:
        if not line.startswith('check ') and not LINE.match(line):
            return f'not NAME NUMBER UNIT: {line}'
    return next((f'{name} is missing' for name in names if not any(line.startswith(name + ' ') for line in lines)), None)


def measurements(folder):
    same = [*SMALL, '--dir', str(folder / 'same')]
    return [
        (['record-append', *SMALL], ['record-append']),
        (['record-append1', '--n', '20'], ['record-append1']),
        (['record-open', '--verify', 'chain', *same], ['record-open-chain']),
        (['record-open', '--verify', 'all', *same], ['record-open-all']),
        (['record-unlock', *same], ['record-unlock']),
        (['record-rebuild', *same], ['record-rebuild']),
        (['record-verify', *same], ['record-verify']),
        (['record-export', *same], ['record-export']),
        (['record-size', *same], ['record-size-disk', 'record-size-snapshot', 'record-size-memory']),
        (['record-import', *SMALL], ['record-import', 'record-import-again']),
    ]


def damaged(folder, depth):
    """-> what is wrong if a byte of an entry was changed and the check did not see it"""
    home = [*SMALL, '--dir', str(folder / depth)]
    first = run('record-open', '--verify', depth, *home)
    if first.returncode != 0:
        return f'a sound home: {first.stderr.strip()}'
    path = folder / depth / 'filled' / 'record.db'
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    result = run('record-open', '--verify', depth, *home)
    if result.returncode == 0 or 'record-open' in result.stdout:
        return f'a damaged home was measured: {result.stdout.strip()}'
    return None


def compared(ours, peer, expected):
    result = subprocess.run([FOLDER / 'compare', '--pairs', '1', ours, peer], capture_output=True, text=True)
    if result.returncode != 0 or f'ratio {expected} times' not in result.stdout.splitlines():
        return f'status {result.returncode}: {result.stdout}{result.stderr}'
    return None


def refused():
    """-> what is wrong if commands of different units, or one that fails, were compared"""
    for ours, peer in (('echo a 1 s', 'echo b 1 ms'), ('echo a 1 s', 'false'), ('echo a 1 s', 'echo no number')):
        result = subprocess.run([FOLDER / 'compare', '--pairs', '1', ours, peer], capture_output=True, text=True)
        if result.returncode == 0:
            return f'{ours} was compared with {peer}'
    return None


def main():
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for arguments, names in measurements(folder):
            results.append((' '.join(arguments[:3]), complaint(run(*arguments), names)))
        for depth in ('chain', 'all'):
            results.append((f'{depth}: damage is seen', damaged(folder, depth)))
    results.append(('compare prints the ratio', compared('echo a 6 s; echo x 9 s', 'echo b 3 s', '2')))
    results.append(('compare refuses what cannot be compared', refused()))
    results.append(('a wrong option is refused', None if run('record-append', '--n', 'x').returncode == 2 else 'status'))
    print(f'1..{len(results)}')
    for number, (what, wrong) in enumerate(results, 1):
        print(f'{"not ok" if wrong else "ok"} {number} - {what}')
        if wrong:
            print(f'# {wrong}')
    return any(wrong for _, wrong in results)


if __name__ == '__main__':
    sys.exit(main())
