import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RateCount, User
from accounts.signup import account_mail
from accounts.signup.account_of import account_of
from tests.accounts.signin.steps import prove
from tests.factories import PASSWORD, make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db


NEW_PASSWORD = "by night bus to kashgar"


def sign_in(client, login="kettle", password=PASSWORD, **extra):
    return client.post("/account/login/", {"login": login, "password": password, **extra})


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


@pytest.mark.parametrize("login", ["kettle", "KETTLE", " kett1e ", "kettle@example.org", "Kettle@EXAMPLE.org"])
def test_the_name_and_the_address_let_you_in(client, login):
    make_user("kettle")

    sign_in(client, login)

    assert is_signed_in(client)


@pytest.mark.parametrize("login", ["kettle", "kettle@example.org", "nobody_here", "nobody@example.org"])
def test_a_wrong_password_is_refused_the_same_for_all(client, login, monkeypatch):
    make_user("kettle")
    hashed = []
    monkeypatch.setattr(User, "check_password", lambda user, password: hashed.append(password))
    monkeypatch.setattr(User, "set_password", lambda user, password: hashed.append(password))

    answer = sign_in(client, login, "wrong")

    assert answer.status_code == 200
    assert hashed == ["wrong"]


def test_an_address_belongs_to_whoever_confirmed_it(client):
    claimer, owner = make_user("claimer", email="claimer@example.org"), make_user("owner", email="owner@example.org")
    claimer.emailaddress_set.create(email="owner@example.org", verified=False)

    sign_in(client, "Owner@example.org")

    assert client.get("/settings/").context["user"] == owner


def test_a_second_address_that_was_confirmed_lets_you_in(client):
    make_user("kettle").emailaddress_set.create(email="second@example.org", verified=True)

    sign_in(client, "second@example.org")

    assert is_signed_in(client)


def test_the_address_of_the_account_lets_in_before_one_that_another_only_claims(client):
    owner = make_user("owner", email="owner@example.org")
    owner.emailaddress_set.all().delete()
    make_user("claimer").emailaddress_set.create(email="owner@example.org", verified=False)

    assert account_of("owner@example.org") == owner


@pytest.mark.parametrize("login", ["kettle@example.org", "nobody@example.org"])
def test_known_and_unknown_addresses_cost_the_same_queries(login, django_assert_num_queries):
    make_user("kettle")

    with django_assert_num_queries(2):
        account_of(login)


def test_a_suspended_member_may_come_in_and_read(client):
    make_user("kettle", suspended_until=timezone.now() + timedelta(days=3))

    sign_in(client)

    assert is_signed_in(client)


def test_a_closed_account_stays_closed(client):
    make_user("kettle", is_active=False)

    sign_in(client)

    assert not is_signed_in(client)


HOSTILE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "http://testserver@evil.example/",
    "http://testserver/",
    "/\r\nSet-Cookie: a=b",
    "\u2028//evil.example",
    "/\u202e/moc.live",
]


@pytest.mark.parametrize("next_page", HOSTILE)
def test_signing_in_leads_to_no_other_site(client, next_page):
    make_user("kettle")

    assert sign_in(client, next=next_page)["Location"] == "/"


@pytest.mark.parametrize("next_page", HOSTILE)
def test_choosing_a_theme_leads_to_no_other_site(client, next_page):
    assert client.post("/theme/", {"theme": "dark", "next": next_page})["Location"] == "/"


@pytest.mark.parametrize("next_page", ["/", "/topics/7-Торугарт/2/", "/posts/7/?a=b&c=//d", "/search/?q=100"])
def test_signing_in_leads_back_to_our_own_page(client, next_page):
    make_user("kettle")

    assert unquote(sign_in(client, next=next_page)["Location"]) == unquote(next_page)


def test_opening_the_sign_out_page_changes_nothing(client):
    client.force_login(make_user())

    client.get("/account/logout/")

    assert is_signed_in(client)


def test_signing_out_ends_the_session_on_the_server(client):
    client.force_login(make_user())
    kept = client.cookies["session"].value

    client.post("/account/logout/")
    client.cookies["session"] = kept

    assert not is_signed_in(client)


def test_signing_in_gives_a_new_session(client):
    make_user("kettle")
    client.get("/account/login/")
    client.session.save()
    before = client.session.session_key

    sign_in(client)

    assert client.session.session_key != before


def test_a_new_address_asks_for_the_password_again(client):
    make_user("kettle")
    sign_in(client)

    answer = client.post("/account/email/", {"email": "new@example.org", "action_add": "1"})

    assert answer["Location"].startswith("/account/reauthenticate/")
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


def test_too_many_tries_from_one_address_wait(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in": "2/10m"}

    answers = [
        sign_in(
            client,
            f"rider{n}",
            "wrong",
        )
        for n in range(3)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_a_member_under_attack_is_guarded_from_all_addresses(client):
    make_user("kettle")

    for n in range(12):
        client.post("/account/login/", {"login": "kettle", "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}")
    sign_in(client)

    assert not is_signed_in(client)


SPELLINGS = [
    "kettle",
    "KETTLE",
    "kett1e",
    "kettIe",
    "k\u0435ttle",
    " kettle",
    "kettle@example.org",
    "Kettle@Example.ORG",
]


def test_look_alike_spellings_are_tries_at_one_account(client):
    make_user("kettle")

    answers = [
        client.post(
            "/account/login/", {"login": SPELLINGS[n % len(SPELLINGS)], "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}"
        )
        for n in range(12)
    ]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2


def test_a_name_that_nobody_has_is_limited_in_the_same_way(client):
    answers = [
        client.post("/account/login/", {"login": login, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}")
        for n, login in enumerate(["nobody_1s", "NOBODY_IS"] * 6)
    ]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2


def test_right_passwords_do_not_count(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in_account": "2/10m", "sign_in_all": "2/10m"}
    make_user("kettle")

    for _ in range(4):
        here = Client()
        sign_in(here)
        assert is_signed_in(here)


def test_a_flood_of_wrong_passwords_is_shed_for_all(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in_all": "3/10m"}

    answers = [
        client.post("/account/login/", {"login": f"rider{n}", "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(4)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 503]
    assert int(answers[3]["Retry-After"]) > 500


def test_what_was_shed_does_not_count_against_an_account(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in_account": "2/10m", "sign_in_all": "1/10m"}
    make_user("kettle")
    client.post("/account/login/", {"login": "another", "password": "wrong"})

    answers = [sign_in(client) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [503] * 4
    assert RateCount.objects.filter(key__startswith="sign_in_account", count__gt=0).count() == 1  # of another


def test_a_new_password_by_letter_lifts_the_limit(client):
    make_user("kettle")
    for n in range(11):
        client.post("/account/login/", {"login": "kettle", "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}")
    client.post("/account/password/reset/", {"email": "kettle@example.org"})
    link = re.search(r"http\S+(/account/password/reset/key/\S+)", sent()[-1].body)[1]

    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    sign_in(client, password=NEW_PASSWORD)

    assert is_signed_in(client)


def test_letters_for_one_account_are_limited_whoever_asks(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mail_account": "2/1h"}
    make_user("kettle")

    for login in ("kettle@example.org", "nobody@example.org"):
        answers = [
            client.post("/account/password/reset/", {"email": login}, REMOTE_ADDR=f"192.0.2.{n}") for n in range(3)
        ]
        assert [answer.status_code for answer in answers] == [302, 302, 429]


def test_a_changed_password_ends_the_other_sessions():
    user = make_user("kettle")
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)

    new = NEW_PASSWORD
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    user.refresh_from_db()
    assert user.check_password(new)
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def ask_for_reset(client, email="kettle@example.org", **extra):
    client.post("/account/password/reset/", {"email": email}, **extra)
    return sent()[-1]


def follow(client, letter, password=NEW_PASSWORD):
    path = re.search(r"http://127.0.0.1:8000(/account/password/reset/key/\S+)", letter.body)[1]
    form = client.get(path)
    if form.status_code == 302:
        client.post(form["Location"], {"password1": password, "password2": password})


def test_a_reset_ends_all_sessions_and_older_links(settings):
    user = make_user("kettle")
    elsewhere = Client()
    sign_in(elsewhere)
    older, newer = ask_for_reset(Client()), ask_for_reset(Client())

    follow(Client(), newer)
    follow(Client(), older, "a third sentence")
    follow(Client(), newer, "a fourth sentence")

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert not is_signed_in(elsewhere)


def test_a_link_from_before_a_changed_password_is_dead(client):
    user = make_user("kettle")
    letter = ask_for_reset(client)
    user.set_password("changed in between")
    user.save()

    follow(client, letter)

    user.refresh_from_db()
    assert user.check_password("changed in between")


def test_a_forged_host_gets_into_no_letter(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_user("kettle")

    letter = ask_for_reset(client, headers={"host": "evil.example", "x-forwarded-host": "evil.example"})

    assert "evil.example" not in letter.body + letter.subject


def test_asking_for_a_reset_does_not_tell_who_is_a_member(client):
    make_user("kettle")

    answers = [
        client.post("/account/password/reset/", {"email": email}) for email in ("kettle@example.org", "who@example.org")
    ]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/account/password/reset/done/")}
    assert len(sent()) == 2


def test_an_address_that_waits_to_be_confirmed_sets_no_new_password(client):
    """Whoever sat at a member's device for a minute may have entered it."""
    make_user("kettle").emailaddress_set.create(email="thief@example.org", verified=False)

    letter = ask_for_reset(client, "thief@example.org")

    assert letter.to == ["thief@example.org"]
    assert "/account/password/reset/key/" not in letter.body
    assert account_of("thief@example.org") is None


def test_a_letter_that_waits_for_such_an_address_is_not_sent():
    user = make_user("kettle")
    user.emailaddress_set.create(email="thief@example.org", verified=False)
    account_mail.ask(account_mail.RESET, user=user, address="thief@example.org")

    assert sent() == []


def test_a_new_account_sets_a_new_password_before_its_address_is_confirmed(client):
    user = make_user("kettle", email_confirmed_at=None)
    user.emailaddress_set.create(email=user.email, verified=False, primary=True)

    follow(client, ask_for_reset(client))

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert user.emailaddress_set.count() == 1


def change_password(member):
    client = Client()
    client.force_login(member)
    prove(client)
    client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )


@pytest.mark.parametrize("renew", [change_password, lambda member: follow(Client(), ask_for_reset(Client()))])
def test_with_a_new_password_addresses_that_wait_are_forgotten(renew):
    user = make_user("kettle")
    user.emailaddress_set.create(email="thief@example.org", verified=False)

    renew(user)

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert [address.email for address in user.emailaddress_set.all()] == ["kettle@example.org"]


def test_known_and_unknown_addresses_cost_the_same_statements_when_asking_for_a_reset():
    make_user("kettle")
    ask_for_reset(Client(), "first@example.org")  # counts for the address of the network, which begin with this

    known, unknown = (
        statements_of(lambda email=email: Client().post("/account/password/reset/", {"email": email}))
        for email in ("kettle@example.org", "who@example.org")
    )

    assert known == unknown


def statements_of(ask):
    with CaptureQueriesContext(connection) as queries:
        ask()
    return [re.sub(r"'[^']*'|[^ ]*\d[^ ]*", "?", query["sql"])[:60] for query in queries]


def test_too_many_letters_wait(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mail": "1/1h"}
    make_user("kettle")

    for n in range(3):
        client.post("/account/password/reset/", {"email": f"rider{n}@example.org"})

    assert len(sent()) == 1


def test_a_changed_address_ends_the_other_sessions(client):
    user = make_user("kettle")
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)

    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/email/", {"email": "new@example.org", "action_add": "1"})
    link = re.search(r"http://127.0.0.1:8000(\S+)", sent()[-1].body)[1]
    client.post(link)

    user.refresh_from_db()
    assert user.email == "new@example.org"
    assert EmailAddress.objects.get(primary=True).email == "new@example.org"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_the_operators_pages_have_no_sign_in_of_their_own(client):
    make_user("kettle", is_staff=True, is_superuser=True)

    answer = client.post("/operator/login/", {"username": "kettle", "password": PASSWORD})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    assert not is_signed_in(client)


def test_an_administrator_sees_the_members(client):
    client.force_login(make_user("kettle", is_staff=True, is_superuser=True))
    prove(client)

    assert client.get("/operator/accounts/user/?q=kettle").status_code == 200
    assert client.get("/operator/accounts/expertbadge/add/").status_code == 200


def test_all_sessions_of_a_member_can_be_ended_at_once(client):
    member = make_user()
    client.force_login(member)
    assert client.get("/settings/").status_code == 200

    User.objects.filter(pk=member.pk).update(sessions_ended_at=timezone.now())

    assert client.get("/settings/").status_code == 302
    client.force_login(User.objects.get(pk=member.pk))
    assert client.get("/settings/").status_code == 200
