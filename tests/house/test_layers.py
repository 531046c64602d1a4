#!/usr/bin/env python3
"""Break each rule of tools/layers once, in a small tree of its own, and see that it notices. Prints TAP.

  test_layers.py LAYERS COMPILER...
"""
import pathlib
import subprocess
import sys
import tempfile

GUARDED = '#ifndef PARLEY_X\n#define PARLEY_X\n{}\n#endif\n'

# (path, content, what must be said; empty: nothing)
CASES = [
    ('src/base/x.c', 'int f(void);\n', ''),
    ('src/record/x.c', '#include "base/ok.h"\n', ''),
    ('src/base/x.c', '/* #include "node/x.h" printf(" */\nconst char *s = "system(SELECT"; // gets(\n', ''),
    ('src/base/x.c', '#include "cli/above.h"\n', 'base may not use cli/above.h'),
    ('src/view/x.c', '#  include   "cli/above.h"\n', 'view may not use cli/above.h'),
    ('src/garden/x.c', 'int f(void);\n', 'room garden has no row'),
    ('src/base/x.c', '#include "base/nowhere.h"\n', 'there is no base/nowhere.h'),
    ('src/record/x.c', '#include <sodium.h>\n', ''),
    ('src/record/x.h', GUARDED.format('#include <sodium.h>'), '<sodium.h> belongs to'),
    ('src/view/x.c', '#include <sqlite3.h>\n', '<sqlite3.h> belongs to'),
    ('src/node/x.c', '#include <fcntl.h>\n', '<fcntl.h> belongs to'),
    ('src/node/x.c', '#include <curl/curl.h>\n', '<curl/curl.h> has no place'),
    ('src/cli/x.c', 'void f(char *p) { strcpy (p, "a"); }\n', 'strcpy() is not used here'),
    ('src/cli/x.c', 'void f(struct s *p) { p->system(1); my_system(2); }\n', ''),
    ('src/view/x.c', 'void f(void) { printf("x"); }\n', 'printf() in room view'),
    ('src/cli/x.c', 'void f(void) { printf("x"); }\n', ''),
    ('src/view/x.c', 'void f(char *b) { snprintf(b, 9, "SELECT a "\n\t"FROM %s", b); }\n', 'SQL made from text'),
    ('src/view/x.c', 'void f(struct buf *b) { buf_text(b, "DELETE FROM "); }\n', 'SQL made from text'),
    ('src/view/x.c', 'const char *sql = "SELECT a FROM b WHERE c = ?";\n', ''),
    ('src/view/x.c', '\n' * 600, ''),
    ('src/view/x.c', '\n' * 601, '601 lines, at most 600'),
    ('src/view/x.c', '/* TO' 'DO: later */\n', 'do it or write an issue'),
    ('src/view/x.c', '/* docs/nowhere.md says how */\n', 'there is no docs/nowhere.md'),
    ('docs/x.md', 'see [that](../src/base/ok.h) and [this](nothing.md#part)\n', 'link to nothing.md leads nowhere'),
    ('meson.build', "files('src/base/other.c')\n", ''),
    ('src/view/x.h', GUARDED.format('size_t f(void);'), 'does not compile alone'),
    ('src/view/x.h', 'int f(void);\n', 'no guard'),
]


def said(layers, compiler, path, content):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in (('src/base/ok.h', GUARDED.format('')), ('src/cli/above.h', GUARDED.format('')), (path, content)):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding='utf-8')
        result = subprocess.run([sys.executable, layers, '--root', folder, '--cc', *compiler], capture_output=True, text=True)
        complaints = [line[2:] for line in result.stdout.splitlines() if line.startswith('# ')]
        if (result.returncode == 0) == bool(complaints) or result.stderr:
            complaints.append(f'exit status {result.returncode} does not fit: {result.stderr}')
        return complaints


def main():
    print(f'1..{len(CASES)}')
    status = 0
    for path, content, expected in CASES:
        complaints = said(sys.argv[1], sys.argv[2:], path, content)
        good = len(complaints) == 1 and expected in complaints[0] if expected else not complaints
        status |= not good
        print(f'{"ok" if good else "not ok"} - {path}: {expected or "accepted"}')
        if not good:
            print(f'# {content[:80]!r} said {complaints}')
    return status


if __name__ == '__main__':
    sys.exit(main())
