#!/usr/bin/env python3
"""Run the cases of tests/cli/cases on the built program, each in a folder of its own. Prints TAP.

  tests/cli/run_cases.py PROGRAM [NAME-PART ...]      only cases whose name contains one of the parts
  tests/cli/run_cases.py --self-test PROGRAM          break each promise once: the runner must notice

A case is one TOML file:

  about      one line: what must hold
  start      "nothing"; "home" (the default): a home with the process Table; "havana": with the worked example in it; "two":
             also a home of another organisation, "other", with the passphrase in pass2
  needs      "mounts" (may mount in a namespace of its own) or "no root"; the case is skipped, visibly, where that is not so
  setup      shell commands that must succeed; they set the scene
  command    one shell command: what is tested
  status     its exit status; 0 if absent
  stdout     expressions (Python, multi-line mode) of which each must be found
  stderr     the same
  absent     expressions that must be found in neither
  stderr_lines  how many lines of stderr there must be (the notice about test homes is never counted)
  added      entries that there are more after the command than before it; 0 if absent
  memory_mb  most memory that a process of the command may take
  after      shell commands that must succeed after the command
  always     shell commands that run at the end, whatever happened
  damaged    true: the home is damaged on purpose; its entries are not counted
  json       false: stdout is not JSON although the command says --json

Commands run with bash in the case's folder. PARLEY_HOME is "home" in it, PARLEY_PASSPHRASE_FILE its passphrase, $EXAMPLES
the worked examples. After each case the home must verify. If the command says --json, its stdout must be strict JSON,
object by object.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NOTICE = re.compile(r'^parley: this home was made with --insecure-test-passphrase.*\n', re.M)
KEYS = {'about', 'start', 'needs', 'setup', 'command', 'status', 'stdout', 'stderr', 'absent', 'stderr_lines', 'added',
        'memory_mb', 'after', 'always', 'damaged', 'json'}
SECONDS = 120


class Broken(Exception):
    """A promise of a case does not hold."""


class Skipped(Exception):
    """This machine cannot run the case."""


def must(holds, text):
    if not holds:
        raise Broken(text)


def strict_json(text):
    """Refuse what only lenient readers take."""
    def pairs(items):
        must(len({key for key, _ in items}) == len(items), 'JSON: the same key stands twice in one object')
        return dict(items)

    def constant(name):
        raise Broken(f'JSON: {name} is no JSON')

    lines = text.splitlines()
    must(lines, 'JSON: there is none')
    for line in lines:
        try:
            value = json.loads(line, object_pairs_hook=pairs, parse_constant=constant)
        except ValueError as error:
            raise Broken(f'JSON: {error}: {line[:200]}') from error
        must(isinstance(value, dict), 'JSON: a line is no object')


def environment(program, folder):
    keep = {key: os.environ[key] for key in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TMPDIR') if key in os.environ}
    return keep | {
        'PATH': f'{program.parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'HOME': str(folder), 'PARLEY_HOME': str(folder / 'home'), 'PARLEY_PASSPHRASE_FILE': str(folder / 'pass'),
        'EXAMPLES': str(ROOT / 'examples'), 'LC_ALL': 'C.UTF-8', 'TERM': 'dumb', 'COLUMNS': '100', 'NO_COLOR': '1', 'TZ': 'UTC'}


def run(command, program, folder):
    """-> exit status, stdout, stderr without the notice, most memory of one process in MB"""
    with open(folder / '.out', 'wb') as out, open(folder / '.err', 'wb') as err:
        process = subprocess.Popen(['bash', '-c', command], cwd=folder, env=environment(program, folder), stdout=out, stderr=err,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
        timer = concurrent.futures.ThreadPoolExecutor(1)
        waiting = timer.submit(os.wait4, process.pid, 0)
        try:
            _, status, usage = waiting.result(SECONDS)
        except concurrent.futures.TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            waiting.result()
            raise Broken(f'no end after {SECONDS} s: {command}') from None
        finally:
            timer.shutdown()
    process.returncode = os.waitstatus_to_exitcode(status)
    text = [(folder / name).read_bytes().decode('utf-8', 'replace') for name in ('.out', '.err')]
    return process.returncode, text[0], NOTICE.sub('', text[1]), usage.ru_maxrss / 1024


def run_well(command, program, folder):
    status, out, err, _ = run(command, program, folder)
    must(status == 0, f'exit status {status} of: {command}\n{out}{err}')
    return out


def count_entries(program, folder):
    status, out, err, _ = run('parley verify --json', program, folder)
    must(status in (0, 1) and out, f'verify says: {err}')
    report = json.loads(out)
    return report['entries'], report['problems']


def prepare(program, folder):
    """Homes to copy: making them takes longer."""
    for name in ('home', 'havana'):
        (folder / name).mkdir()
        run_well('parley init --org "Test Office" --insecure-test-passphrase --passphrase-file pass --paper-file paper '
                 '--no-questions && parley process create Table', program, folder / name)
    run_well('parley import ndjson "$EXAMPLES"/havana/*.ndjson', program, folder / 'havana')
    shutil.copytree(folder / 'home', folder / 'two')
    run_well('export PARLEY_PASSPHRASE_FILE=pass2; parley --home other init --org "Other Office" --insecure-test-passphrase '
             '--passphrase-file pass2 --paper-file paper2 --no-questions && parley --home other process create Table',
             program, folder / 'two')


def check_needs(needs, program, folder):
    if needs == 'mounts':
        status, *_ = run('mkdir -p m && unshare -m bash -c "mount -t tmpfs none m"', program, folder)
        if status != 0:
            raise Skipped('mounting needs root')
    elif needs == 'no root':
        if os.geteuid() == 0:
            raise Skipped('root may do everything')
    else:
        must(needs is None, f'needs: {needs}?')


def check_texts(case, out, err):
    for name, text in (('stdout', out), ('stderr', err)):
        for expression in case.get(name, []):
            must(re.search(expression, text, re.M), f'{name} does not hold {expression!r}')
    for expression in case.get('absent', []):
        must(not re.search(expression, out + err, re.M), f'{expression!r} is there')
    if 'stderr_lines' in case:
        must(len(err.splitlines()) == case['stderr_lines'], f'stderr has {len(err.splitlines())} lines, not {case["stderr_lines"]}')


def try_command(case, program, folder):
    """The command and all that is promised of it; what it said stands behind what is broken."""
    counted = (folder / 'home/keys').is_file() and not case.get('damaged')
    before = count_entries(program, folder) if counted else None
    status, out, err, memory = run(case['command'], program, folder)
    try:
        must(status == case.get('status', 0), f'exit status {status}, not {case.get("status", 0)}')
        check_texts(case, out, err)
        if case.get('json', '--json' in case['command']):
            strict_json(out)
        must(memory <= case.get('memory_mb', 1024), f'{memory:.0f} MB of memory')
        if counted:
            after = count_entries(program, folder)
            must(after[0] - before[0] == case.get('added', 0), f'{after[0] - before[0]} entries were added, not {case.get("added", 0)}')
            must(after[1] == 0, f'{after[1]} problems in the home')
        for command in case.get('after', []):
            run_well(command, program, folder)
    except Broken as broken:
        raise Broken(f'{broken}\nstdout: {out[:2000]}\nstderr: {err[:2000]}') from None


def run_case(case, program, homes, folder):
    """-> nothing; raises Broken or Skipped"""
    unknown = set(case) - KEYS
    must(not unknown, f'a case has no {", ".join(sorted(unknown))}')
    must('about' in case and 'command' in case, 'a case needs about and command')
    start = case.get('start', 'home')
    if start == 'nothing':
        folder.mkdir()
    else:
        shutil.copytree(homes / start, folder, symlinks=True)
    check_needs(case.get('needs'), program, folder)
    try:
        for command in case.get('setup', []):
            run_well(command, program, folder)
        try_command(case, program, folder)
    finally:
        for command in case.get('always', []):
            run(command, program, folder)


def judge(path, program, homes, folder):
    """-> 'ok', 'skip' or 'not ok', and why"""
    try:
        run_case(tomllib.loads(path.read_text(encoding='utf-8')), program, homes, folder)
    except Skipped as skipped:
        return 'skip', str(skipped)
    except (Broken, tomllib.TOMLDecodeError) as broken:
        return 'not ok', str(broken)
    return 'ok', ''


SELF_TESTS = [
    ('exit status', {'command': 'true', 'status': 1}),
    ('stdout', {'command': 'echo a', 'stdout': ['^b$']}),
    ('stderr', {'command': 'echo a', 'stderr': ['a']}),
    ('absent', {'command': 'echo a >&2', 'absent': ['a']}),
    ('lines', {'command': 'printf "a\\nb\\n" >&2', 'stderr_lines': 1}),
    ('JSON twice', {'command': 'echo \'{"a":1,"a":2}\' # --json'}),
    ('JSON number', {'command': 'echo \'{"a":NaN}\' # --json'}),
    ('no JSON', {'command': 'true # --json'}),
    ('memory', {'command': 'python3 -c "x = bytes([1]) * 100_000_000"', 'memory_mb': 50}),
    ('entries', {'command': 'parley add actor name=A'}),
    ('damage', {'command': 'printf x | dd of=home/heads conv=notrunc status=none bs=1 seek=9 && printf x | '
                           'dd of=home/heads conv=notrunc status=none bs=1 seek=4105'}),
    ('after', {'command': 'true', 'after': ['false']}),
    ('setup', {'command': 'true', 'setup': ['false']}),
    ('key', {'command': 'true', 'stats': 1}),
]


def self_test(program, work):
    print(f'1..{len(SELF_TESTS)}')
    failed = 0
    for number, (name, case) in enumerate(SELF_TESTS):
        try:
            run_case({'about': name} | case, program, work / 'homes', work / str(number))
        except Broken:
            print(f'ok - a broken promise is seen: {name}')
        else:
            failed += 1
            print(f'not ok - a broken promise is seen: {name}')
    return failed > 0


def run_all(program, work, parts):
    paths = [path for path in sorted((HERE / 'cases').glob('*.toml')) if not parts or any(part in path.name for part in parts)]
    print(f'1..{len(paths)}', flush=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = pool.map(lambda path: judge(path, program, work / 'homes', work / path.stem), paths)
        for path, (verdict, why) in zip(paths, verdicts):
            failed += verdict == 'not ok'
            print(f'{"ok" if verdict == "skip" else verdict} - {path.stem}{" # SKIP " + why if verdict == "skip" else ""}')
            for line in why.splitlines() if verdict == 'not ok' else []:
                print(f'#   {line}')
            sys.stdout.flush()
    return failed > 0 or not paths


def main():
    arguments = sys.argv[1:]
    testing = arguments[:1] == ['--self-test']
    arguments = arguments[testing:]
    if not arguments:
        sys.exit(__doc__)
    program = pathlib.Path(arguments[0]).resolve()
    with tempfile.TemporaryDirectory(prefix='pc-') as folder:   # short: a socket's path may have 107 bytes
        work = pathlib.Path(folder)
        (work / 'homes').mkdir()
        prepare(program, work / 'homes')
        return self_test(program, work) if testing else run_all(program, work, arguments[1:])


if __name__ == '__main__':
    sys.exit(main())
