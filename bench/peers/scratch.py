"""What the peers share: a clock, a folder that is removed, prepared stores that can be kept."""
import contextlib
import dataclasses
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


class Unfit(Exception):
    """The peer is missing, or its own check failed: there is no figure."""


@dataclasses.dataclass
class Result:
    entries: int
    seconds: float
    check: str

    @property
    def rate(self):
        return self.entries / self.seconds


@dataclasses.dataclass
class Job:
    """One run of one peer: n entries; folder is empty and goes away, kept is where prepared stores may stay."""
    n: int
    folder: pathlib.Path
    kept: pathlib.Path

    @contextlib.contextmanager
    def prepared(self, name, make):
        """A store that the timed part reads, made by make(folder) unless an earlier run with --keep left it."""
        store = self.kept / f'{name}-{self.n}'
        if not store.exists():
            unfinished = self.folder / name
            unfinished.mkdir()
            make(unfinished)
            store.parent.mkdir(parents=True, exist_ok=True)
            unfinished.rename(store)
        yield store


@contextlib.contextmanager
def job(n, folder, keep):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix='peer-', dir=folder) as own:
        own = pathlib.Path(own)
        (own / 'work').mkdir()
        yield Job(n, own / 'work', folder / 'kept' if keep else own / 'kept')


@contextlib.contextmanager
def clock():
    """with clock() as took: ...; afterwards took[0] are the seconds."""
    took = []
    begin = time.perf_counter()
    yield took
    took.append(time.perf_counter() - begin)


def expect(what, found, wanted):
    if found != wanted:
        raise Unfit(f'{what}: {found}, and not {wanted}')


def program(name):
    if not shutil.which(name):
        raise Unfit(f'{name} is missing; bench/peers/install installs it')
    return name


def run(command, folder, **options):
    """Run a peer's program with no settings of the person who runs the bench; return what it wrote (both streams)."""
    program(command[0])
    environment = {
        'PATH': os.environ['PATH'], 'HOME': str(folder), 'LC_ALL': 'C', 'USER': 'bench',
        'GIT_CONFIG_GLOBAL': '/dev/null', 'GIT_CONFIG_NOSYSTEM': '1',
        'GIT_AUTHOR_NAME': 'bench', 'GIT_AUTHOR_EMAIL': 'bench@example.org',
        'GIT_COMMITTER_NAME': 'bench', 'GIT_COMMITTER_EMAIL': 'bench@example.org',
    }
    done = subprocess.run(command, cwd=folder, env={**environment, **options.pop('env', {})}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode != 0:
        raise Unfit(f'{" ".join(command[:3])} failed: {done.stdout.decode(errors="replace").strip()[-500:]}')
    return done.stdout
