"""Texts and bytes that break programs: what parsers, renderers, terminals and encoders trip over."""

DEEP = 100_000

TEXTS = {
    "6 kB of parentheses": "(" * 6_000,
    "parentheses that close": "(" * 3_000 + ")" * 3_000,
    "40 kB of unary minus": "-" * 40_000 + "1",
    "a chain of attributes": "x" + ".a" * 20_000,
    "a chain of comparisons": "1" + "<1" * 20_000,
    "nested functions": "lambda:" * 5_000 + "0",
    "nested blocks": "".join(" " * n + "if 1:\n" for n in range(200)) + " " * 200 + "pass",
    "an integer of 100,000 digits": "x = " + "9" * 100_000,
    "a power tower": "x = " + "9**" * 2_000 + "9",
    "null characters": "a\0b = 1\0",
    "a lone surrogate": "name = '\ud800'\n\udfff",
    "one line of 250 kB": "x" * 250_000,
    "250,000 lines": "\n" * 250_000 + "x",
    "deep JSON": "[" * DEEP,
    "deep JSON of objects": '{"a":' * 40_000,
    "another encoding": "# -*- coding: utf-7 -*-\n+AGEAYgBj- = 1\n",
    "a byte-order mark": "\ufeffx = 1\n\ufeff",
    "right to left and zero width": "\u202e\u200b\u2066 abc \u2069",
    "separators of lines": "a = 1\u2028b = 2\u2029\x85\x0b\x0c\x1c\x1d\x1e\rc",
    "orders to a terminal": "\x1b]0;title\x07\x1b[2J\x1b[31m\x9b2J\b\b",
    "markup": "<script>alert('hostile')</script></textarea></script><!-- ]]> <img src=x onerror=alert(1)>",
    "brackets of Markdown": "[" * 20_000 + "](x)" * 5_000,
    "stars of Markdown": "*a **a " * 10_000,
    "quotations in quotations": "> " * 5_000 + "x",
    "lists in lists": "- " * 5_000 + "x",
    "backticks": "".join("`" * (n % 300) + " " for n in range(900)),
    "links that are code": "[x](javascript:alert(1)) <javascript:alert(1)> ![x](//evil.example/x.png)",
    "dollars": "$" * 20_000 + "$\\frac{" * 3_000,
    "an endless macro": "$\\def\\a{\\a\\a}\\a$ $" + "{" * 5_000 + "$",
    "a template": "{{ 7*7 }} {% for x in y %} ${7*7} %s %(x)s {0.__class__}",
    "many accents": "e" + "\u0301" * 50_000,
    "astral characters": "\U0001f600\U000e0001\U0010ffff" * 5_000,
}
"""Any text is taken as it is, wherever a text may be sent."""

TOO_LONG = {"one line of 1 MB": "x" * 1_000_000, "300 kB of surrogates": "\ud800" * 100_000}
"""Over the stated limit: refused, in a sentence."""

BODIES = {
    "bytes that are not UTF-8": b'{"text": "\xff\xfe", "key": "k"}',
    "UTF-16": '{"text": "x", "key": "k"}'.encode("utf-16"),
    "an encoded surrogate": b'{"text": "\xed\xa0\x80", "key": "k"}',
    "nothing": b"",
    "null bytes": b"\0" * 1_000,
    "100,000 open brackets": b"[" * DEEP,
    "deep JSON in a field": b'{"key": "k", "text": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "a number of 100,000 digits": b'{"key": "k", "text": ' + b"9" * 100_000 + b"}",
    "2 MB": b'{"key": "k", "text": "' + b"x" * 2_000_000 + b'"}',
    "a list": b"[]",
    "infinity": b'{"key": "k", "text": Infinity}',
    "100,000 keys": b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}",
    "an unknown key that is a surrogate": b'{"\\ud800": 1}',
}
"""Bodies that are no write: refused with 4xx and a mend, at every door."""

NAMES = {
    "a surrogate": "\ud800",
    "a null character": "\0",
    "a line feed": "a\nb\r\nSet-Cookie: x=1",
    "a way out": "../../../../etc/passwd",
    "a way out, encoded": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "an order to a terminal": "\x1b[2J\x1b]0;x\x07",
    "200 characters": "a" * 200,
    "astral characters": "\U0010ffff" * 50,
    "SQL": "'; drop table event; --",
    "a dunder": "__class__",
    "a device": "/dev/zero",
    "dots": "..",
}
"""Short texts for ids and keys."""

PATHS = (
    "%00", "%ff%fe", "%ED%A0%80", "..%2f..%2fetc%2fpasswd", "%2e%2e", "a" * 4_000, "'%20or%201=1", "%1b%5b2J", "%0d%0aX:1", "*",
    "%25%30%30", "{id}", "__proto__", "%f0%9f%98%80",
)  # fmt: skip
"""Tokens as they may stand in a URL."""

RAW_REQUESTS = {
    "a control character in the path": b"GET /api/v1/interviews/\x01\x02 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "bytes over 127 in the path": b"GET /api/v1/interviews/\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a path of 200 kB": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a length that is none": b"POST /api/v1/interviews HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
    "two lengths": (
        b"POST /api/v1/interviews HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12"
    ),
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
    "a chunk of no size": (
        b"POST /api/v1/interviews HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"
    ),
    "a strange host": b"GET / HTTP/1.1\r\nHost: \xff\x00evil.example\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
}
"""Bytes that are hardly HTTP."""

FILE_NAMES = (
    b"not utf-8 \xff\xfe.py", b"line\nfeed.py", b"order \x1b[2J\x1b]0;x\x07.py", b"n" * 240 + b".py", b"-dash.py", b"*.py",
    b"$(reboot) `x`.py", "rtl \u202e\u2066.py".encode(), "\U0001f600.py".encode(), b" .py", b"%s%n{0}.py", b"'\".py",
)  # fmt: skip
"""Names of files on disk."""

FILES = {
    "not UTF-8": b"x = '\xff\xfe'\n",
    "an encoded surrogate": b"x = '\xed\xa0\x80'\n",
    "UTF-16": "x = 1\n".encode("utf-16"),
    "a program": b"\x7fELF" + bytes(range(256)) * 100,
    "5 MB": b"x = 1\n" * 900_000,
}
"""Contents that are no attempt: refused with exit 2."""
