"""Peers in Node: node/*.js, with the packages that bench/peers/install put into build/bench-peers/."""
import json
import pathlib

import scratch

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE.parents[1] / 'build' / 'bench-peers' / 'node_modules'


def node(job, script, peer, kept=None):
    """Run one peer; the script answers with a line of JSON: seconds, check."""
    if not MODULES.is_dir():
        raise scratch.Unfit('its packages are missing; bench/peers/install installs them')
    said = scratch.run(['node', str(HERE / 'node' / script), peer, str(job.n), str(job.folder), str(kept or '')], job.folder,
                       env={'NODE_PATH': str(MODULES)})
    lines = said.decode(errors='replace').strip().splitlines()
    try:
        answer = json.loads(lines[-1])
    except (IndexError, ValueError) as wrong:
        raise scratch.Unfit(f'{peer}: no figure: {lines[-1:]}') from wrong
    return scratch.Result(job.n, answer['seconds'], answer['check'])


def hypercore_append(job):
    """One core, one signature for each batch of 1000, Merkle tree (BLAKE2b); no flush to the disk, no encryption."""
    return node(job, 'hypercore.js', 'append')


def hypercore_append1(job):
    """One core, one entry and one signature at a time; no flush to the disk, no encryption."""
    return node(job, 'hypercore.js', 'append1')


def hypercore10_append(job):
    """As hypercore_append, the version before, with flat files in place of RocksDB."""
    return node(job, 'hypercore.js', 'append-10')


def hypercore10_append1(job):
    """As hypercore_append1, the version before, with flat files in place of RocksDB."""
    return node(job, 'hypercore.js', 'append1-10')


def ssbdb2_create(job):
    """50 feeds, an Ed25519 signature (libsodium) for each message, chain by SHA-256; blocks of 64 KiB are flushed by
    themselves, waited for once at the end; no encryption. Its create() signs twice, once to learn the feed."""
    return node(job, 'ssbdb2.js', 'create')


def ssbdb2_verify(job):
    """Checks the signature and chain of each message of 50 feeds, in batches, and stores them in a new log."""
    with job.prepared('ssb', lambda folder: node(scratch.Job(job.n, folder, folder), 'ssbdb2.js', 'prepare')) as folder:
        return node(job, 'ssbdb2.js', 'verify', folder)


PEERS = {
    'hypercore_append': (hypercore_append, 100000),
    'hypercore_append1': (hypercore_append1, 20000),
    'hypercore10_append': (hypercore10_append, 100000),
    'hypercore10_append1': (hypercore10_append1, 20000),
    'ssbdb2_create': (ssbdb2_create, 100000),
    'ssbdb2_verify': (ssbdb2_verify, 100000),
}
