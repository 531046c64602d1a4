"""SQLite, plain and encrypted, as stores of entries: a row is a number, an author and the text."""
import contextlib
import ctypes
import sqlite3

import scratch
import workload

TABLE = 'CREATE TABLE {}.entry (id INTEGER PRIMARY KEY, author INTEGER NOT NULL, text TEXT NOT NULL)'
SUMS = 'SELECT count(*), sum(author), sum(length(text)), max(substr(text, -8)) FROM entry'
SECRET = 'PRAGMA key = "x\'{}\'"'.format('5a' * 32)
ROWS_A_TRANSACTION = 1000


def wanted_sums(n):
    """What SUMS must say of n entries, without SQLite."""
    authors = size = 0
    last = ''
    for author, text in workload.entries(n):
        authors += author
        size += len(text)
        last = max(last, text[-8:].decode())
    return [str(n), str(authors), str(size), last]


class Cipher:
    """A connection to libsqlcipher, for statements without parameters: each row costs SQL work only, no Python."""

    def __init__(self, path):
        try:
            self.library = ctypes.CDLL('libsqlcipher.so.0')
        except OSError as missing:
            raise scratch.Unfit('libsqlcipher.so.0 is missing; bench/peers/install installs it') from missing
        self.handle = ctypes.c_void_p()
        self.check(self.library.sqlite3_open(str(path).encode(), ctypes.byref(self.handle)), 'open')
        # The raw key: no passphrase is hashed, which is not what is measured here.
        self.do(SECRET)

    def check(self, status, what):
        if status != 0:
            self.library.sqlite3_errmsg.restype = ctypes.c_char_p
            raise scratch.Unfit(f'SQLCipher: {what}: {self.library.sqlite3_errmsg(self.handle).decode()}')

    def do(self, statement):
        """Run it; return its only row, as texts."""
        row = []

        @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_char_p), ctypes.c_void_p)
        def take(_context, columns, values, _names):
            row[:] = [values[i].decode() for i in range(columns)]
            return 0

        self.check(self.library.sqlite3_exec(self.handle, statement.encode(), take, None, None), statement)
        return row

    def close(self):
        self.check(self.library.sqlite3_close(self.handle), 'close')


def write_source(path, n):
    """The workload as a plain database, from which SQLCipher takes its rows."""
    with contextlib.closing(sqlite3.connect(path)) as plain, plain:
        plain.execute(TABLE.format('main'))
        plain.executemany('INSERT INTO entry VALUES (?, ?, ?)',
                          ((i, author, text.decode()) for i, (author, text) in enumerate(workload.entries(n))))


def cipher_fill(folder, n):
    write_source(folder / 'source.db', n)
    store = Cipher(folder / 'store.db')
    scratch.expect('journal mode', store.do('PRAGMA journal_mode = WAL'), ['wal'])
    store.do('PRAGMA synchronous = FULL')
    store.do(TABLE.format('main'))
    store.do(f"ATTACH '{folder}/source.db' AS source KEY ''; ATTACH ':memory:' AS ready KEY ''")
    store.do(TABLE.format('ready') + '; INSERT INTO ready.entry SELECT * FROM source.entry; DETACH source')
    with scratch.clock() as took:
        for begin in range(0, n, ROWS_A_TRANSACTION):
            store.do(f'INSERT INTO main.entry SELECT * FROM ready.entry WHERE id >= {begin} AND id < {begin + ROWS_A_TRANSACTION}')
    store.close()
    (folder / 'source.db').unlink()
    return took[0]


def cipher_check(folder, found, n):
    scratch.expect('sums over the rows', found, wanted_sums(n))
    scratch.expect('rows readable without the key', b'SQLite format' in (folder / 'store.db').read_bytes()[:16], False)
    return f'{found[0]} rows and {found[2]} letters counted, the file is encrypted'


def sqlcipher_insert(job):
    """AES-256 and a MAC for each page, 1000 rows a transaction, each flushed (WAL, FULL); no chain, no signature; rows come
    from a table in memory by INSERT ... SELECT, so a row costs no call from outside."""
    seconds = cipher_fill(job.folder, job.n)
    store = Cipher(job.folder / 'store.db')
    found = store.do(SUMS)
    store.close()
    return scratch.Result(job.n, seconds, cipher_check(job.folder, found, job.n))


def sqlcipher_scan(job):
    """Opens with the raw key, checks the MAC of every page, decrypts, sums over all rows; derives no tables."""
    with job.prepared('sqlcipher', lambda folder: cipher_fill(folder, job.n)) as folder:
        with scratch.clock() as took:
            store = Cipher(folder / 'store.db')
            found = store.do(SUMS)
            store.close()
        return scratch.Result(job.n, took[0], cipher_check(folder, found, job.n))


def sqlite_tx1(job):
    """One row a transaction, each flushed (WAL, synchronous FULL); no chain, no signature, no encryption."""
    rows = [(i, author, text.decode()) for i, (author, text) in enumerate(workload.entries(job.n))]
    with contextlib.closing(sqlite3.connect(job.folder / 'store.db', isolation_level=None)) as store:
        scratch.expect('journal mode', store.execute('PRAGMA journal_mode = WAL').fetchone(), ('wal',))
        store.execute('PRAGMA synchronous = FULL')
        scratch.expect('synchronous', store.execute('PRAGMA synchronous').fetchone(), (2,))
        store.execute(TABLE.format('main'))
        with scratch.clock() as took:
            for row in rows:
                store.execute('INSERT INTO entry VALUES (?, ?, ?)', row)
        found = [str(value) for value in store.execute(SUMS).fetchone()]
    scratch.expect('sums over the rows', found, wanted_sums(job.n))
    return scratch.Result(job.n, took[0], f'{found[0]} rows and {found[2]} letters counted, SQLite {sqlite3.sqlite_version}')


PEERS = {
    'sqlcipher_insert': (sqlcipher_insert, 100000),
    'sqlcipher_scan': (sqlcipher_scan, 100000),
    'sqlite_tx1': (sqlite_tx1, 20000),
}
