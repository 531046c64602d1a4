"""git and fossil as stores of entries.

An entry is one commit on its author's branch, with the text as the only file of its tree: the parent is what came before,
so each author has a chain, as in Parley. In the *_message variants the text is the commit's message and the tree stays
empty: one object for each entry in place of three, the least that git can do.
"""
import hashlib

import scratch
import workload

FIRST_SECOND = 1700000000
EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'


def stream(n, in_message=False, linked=False):
    """A fast-import stream, for git and fossil. linked: name each parent; fossil needs it, git takes the branch's head."""
    parts = []
    before = {}
    for i, (author, text) in enumerate(workload.entries(n)):
        mark = parent = b''
        if linked:
            mark = b'mark :%d\n' % (i + 1)
            parent = b'from :%d\n' % before[author] if author in before else b''
            before[author] = i + 1
        parts.append(b'commit refs/heads/a%02d\n%scommitter a%02d <a%02d@example.org> %d +0000\n'
                     % (author, mark, author, author, FIRST_SECOND + i))
        if in_message:
            parts.append(b'data %d\n%s\n%s' % (len(text), text, parent))
        else:
            parts.append(b'data 2\ne\n\n%sM 100644 inline entry\ndata %d\n%s\n' % (parent, len(text), text))
    return b''.join(parts)


def last_texts(n):
    """Branch -> the text at its head."""
    return {f'a{author:02d}': text for author, text in workload.entries(n)}


def fill(folder, n, in_message):
    data = stream(n, in_message)
    scratch.run(['git', 'init', '-q', '--bare', '-b', 'a00', '.'], folder)
    with scratch.clock() as took:
        scratch.run(['git', 'fast-import', '--quiet'], folder, input=data)
    return took[0]


def import_check(folder, n, in_message):
    count = int(scratch.run(['git', 'rev-list', '--count', '--all'], folder))
    scratch.expect('commits that git counts', count, n)
    wanted = last_texts(n)
    for branch, text in wanted.items():
        if in_message:
            found = scratch.run(['git', 'cat-file', 'commit', branch], folder).partition(b'\n\n')[2]
        else:
            found = scratch.run(['git', 'cat-file', 'blob', f'{branch}:entry'], folder)
        scratch.expect(f'the text at the head of {branch}', found, text)
    return f'{count} commits counted, the texts at {len(wanted)} heads compared'


def fast_import(job, in_message):
    seconds = fill(job.folder, job.n, in_message)
    return scratch.Result(job.n, seconds, import_check(job.folder, job.n, in_message))


def fsck(job, in_message):
    name = 'git-message' if in_message else 'git'
    with job.prepared(name, lambda folder: fill(folder, job.n, in_message)) as folder:
        with scratch.clock() as took:
            said = scratch.run(['git', 'fsck', '--full', '--no-progress', '--no-dangling'], folder)
        scratch.expect('what git fsck found', said, b'')
        counts = dict(line.split(': ') for line in scratch.run(['git', 'count-objects', '-v'], folder).decode().splitlines())
        objects = int(counts['in-pack']) + int(counts['count'])
        scratch.expect('objects', objects, job.n + 1 if in_message else 3 * job.n)
        return scratch.Result(job.n, took[0], f'{objects} objects hashed, none bad; '
                              f'{import_check(folder, job.n, in_message)}')


def git_fast_import(job):
    """SHA-1 chain; no signature, no encryption; one pack, flushed once at the end (no entry is durable before)."""
    return fast_import(job, False)


def git_fast_import_message(job):
    """As git_fast_import, with the text as commit message: one object for each entry in place of three."""
    return fast_import(job, True)


def git_fsck(job):
    """Hashes every object (SHA-1) and follows every link; no signature, no decryption."""
    return fsck(job, False)


def git_fsck_message(job):
    """As git_fsck, with one object for each entry in place of three."""
    return fsck(job, True)


def make_signed(folder, n):
    """n signed commits, one after the other, and the seconds they took, in the file 'seconds'."""
    scratch.run(['git', 'init', '-q', '--bare', '-b', 'a00', '.'], folder)
    scratch.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', str(folder / 'key')], folder)
    public = (folder / 'key.pub').read_text(encoding='ascii')
    (folder / 'signers').write_text('bench@example.org ' + public, encoding='ascii')
    for name, value in (('gpg.format', 'ssh'), ('user.signingkey', 'key'), ('gpg.ssh.allowedSignersFile', 'signers')):
        scratch.run(['git', 'config', name, value], folder)
    scratch.run(['git', 'hash-object', '-t', 'tree', '-w', '/dev/null'], folder)
    texts = [text for _, text in workload.entries(n)]
    ids, parent = [], []
    with scratch.clock() as took:
        for text in texts:
            ids.append(scratch.run(['git', 'commit-tree', '-S', EMPTY_TREE, *parent], folder, input=text).decode().strip())
            parent = ['-p', ids[-1]]
    (folder / 'ids').write_text('\n'.join(ids), encoding='ascii')
    return took[0]


def verify_signed(folder, n):
    ids = (folder / 'ids').read_text(encoding='ascii').split()
    scratch.expect('signed commits', len(set(ids)), n)
    good = 0
    with scratch.clock() as took:
        for begin in range(0, n, 100):
            said = scratch.run(['git', 'verify-commit', *ids[begin:begin + 100]], folder)
            good += said.count(b'Good "git" signature')
    scratch.expect('good signatures', good, n)
    return took[0]


def git_ssh_signed(job):
    """Ed25519 for each commit through ssh-keygen, two processes a commit; text as message; no flush to the disk."""
    seconds = make_signed(job.folder, job.n)
    verify_signed(job.folder, job.n)
    return scratch.Result(job.n, seconds, f'{job.n} signatures good')


def git_ssh_verify(job):
    """git verify-commit, 100 commits a process; git starts ssh-keygen twice for each signature."""
    with job.prepared('git-signed', lambda folder: make_signed(folder, job.n)) as folder:
        seconds = verify_signed(folder, job.n)
        return scratch.Result(job.n, seconds, f'{job.n} signatures good')


def fossil_fill(folder, n):
    data = stream(n, linked=True)
    with scratch.clock() as took:
        scratch.run(['fossil', 'import', '--git', '--quiet', 'store.fossil'], folder, input=data)
    return took[0]


def fossil_count(folder, what):
    return int(scratch.run(['fossil', 'sql', '-R', 'store.fossil', '--readonly', f'SELECT count(*) FROM {what};'], folder))


def fossil_check(folder, n):
    count = fossil_count(folder, "event WHERE type = 'ci'")
    scratch.expect('check-ins that fossil counts', count, n)
    heads = last_texts(n)
    links = fossil_count(folder, 'plink')
    scratch.expect('links to parents', links, n - len(heads))
    # fossil's own name of a file's content is its hash: look for the last text of each author
    hashes = ','.join(f"'{hash_of(text)}'" for text in heads.values())
    found = fossil_count(folder, f'blob WHERE uuid IN ({hashes})')
    scratch.expect('last texts of authors', found, len(heads))
    return f'{count} check-ins and {links} links to parents counted, the last texts of {found} authors found by hash'


def hash_of(text):
    return hashlib.sha3_256(text).hexdigest()


def fossil_import(job):
    """SHA3-256 names and MD5 manifests, derived tables and search included; no signature; one transaction."""
    seconds = fossil_fill(job.folder, job.n)
    return scratch.Result(job.n, seconds, fossil_check(job.folder, job.n))


def fossil_rebuild(job):
    """Reads every artifact and derives all tables anew, as Parley's views are at each start; no signature."""
    with job.prepared('fossil', lambda folder: fossil_fill(folder, job.n)) as folder:
        with scratch.clock() as took:
            scratch.run(['fossil', 'rebuild', '--quiet', 'store.fossil'], folder)
        return scratch.Result(job.n, took[0], fossil_check(folder, job.n))


PEERS = {
    'git_fast_import': (git_fast_import, 100000),
    'git_fast_import_message': (git_fast_import_message, 100000),
    'git_fsck': (git_fsck, 100000),
    'git_fsck_message': (git_fsck_message, 100000),
    'git_ssh_signed': (git_ssh_signed, 300),
    'git_ssh_verify': (git_ssh_verify, 300),
    'fossil_import': (fossil_import, 100000),
    'fossil_rebuild': (fossil_rebuild, 100000),
}
