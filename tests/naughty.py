"""Strings that have broken programs: for every field and every parameter. With the variable NAUGHTY_STRINGS, those of a
file besides, one JSON object with a "string" on each line."""

import json
import os
from pathlib import Path

OURS = [
    "", " ", "\t\n", "\0", "a\0b", "null", "None", "undefined", "NaN", "-1", "0", "1e309", "99999999999999999999",
    "1/0", "0x7f", "١٢٣", "½", "true", "[]", "{}", "{{ 7*7 }}", "{% url 'x' %}", "${7*7}", "%s%s%n", "%00", "%", "%zz",
    "'", '"', "`", "\\", "';--", "' OR 1=1 --", '"; DROP TABLE forum_post; --', "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "//evil.test", "/\\evil.test", "http://evil.test",
    "../../etc/passwd", "C:\\con", "a\r\nSet-Cookie: x=1", "a\nBcc: x@example.org", "Ω≈ç√∫", "Ünïcödé", "Торугарт",
    "吐尔尕特", "تورۇغارت", "ཕྱི་ལྔ", "👩‍👩‍👧‍👦", "🏳️‍🌈", "z̸̧̢a̷͝l̵̛g̶͠o̶", "\u202e reversed", "\ufeff", "\u200b", "\ud800",
    "\udfff\ud800", "\uffff", "\x1b[31m", "\x7f", "x" * 5_000, "ß" * 300, "ﷺ" * 200, "'" * 400, '"' * 401, "(" * 300,
    "&" * 300, "! & | <-> ( )", "a:* & b", "-", "--", "-a", '"open phrase', "or", "OR OR", "* * *", "> " * 60 + "x",
    "[" * 400,
    "![" * 200, "_*" * 300, "|" * 300, "```", "<" * 300, "@" * 200, "@nobody " * 50, "http://" * 50, "\u0301" * 300,
]  # fmt: skip


def strings():
    """All of them, each once."""
    found = list(OURS)
    if path := os.environ.get("NAUGHTY_STRINGS"):
        found += [json.loads(line)["string"] for line in Path(path).read_text().splitlines() if line.strip()]
    return list(dict.fromkeys(found))
