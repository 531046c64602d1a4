"""Workload R of the record benchmarks: n entries by 50 authors, 300 to 500 bytes of text each (400 on average).

The same bytes on every machine and in every language (README.md says how they are made, workload.js makes them in Node).
"""
import hashlib

AUTHORS = 50
TEXT_BYTES = 65536
LETTERS = 'eeeeaaaaoooiiiuuttttnnnnrrrrssssdddllmmmcckkppbbggvvhhfzjyw     '


def numbers():
    """xorshift32 from seed 1."""
    state = 1
    while True:
        state ^= (state << 13) & 0xffffffff
        state ^= state >> 17
        state ^= (state << 5) & 0xffffffff
        yield state


def entries(n):
    """Yield (author 0..49, text as bytes) for entry 0, 1, 2, ... n - 1."""
    source = numbers()
    text = ''.join(LETTERS[next(source) >> 26] for _ in range(TEXT_BYTES)).encode()
    for i in range(n):
        author = next(source) % AUTHORS
        size = 300 + next(source) % 201
        start = next(source) % (TEXT_BYTES - 512)
        yield author, b'%08d ' % i + text[start:start + size - 9]


def digest(n):
    """SHA-256 over author (one byte) and text of each entry: equal on both sides of a comparison."""
    total = hashlib.sha256()
    for author, text in entries(n):
        total.update(bytes([author]) + text)
    return total.hexdigest()


if __name__ == '__main__':
    for count in (1000, 100000):
        print(count, digest(count))
