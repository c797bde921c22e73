import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.text import names

ACCEPTABLE = [
    "altyn_kay",
    "borderline_bo",
    "camel_case",
    "carnet_carl",
    "caspian_waiter",
    "dusty_tandem",
    "fourth_gear",
    "gearbox_greta",
    "gps_unlock_store",
    "hitch_hegel",
    "jailoo_jane",
    "kettle",
    "kopek",
    "lentil_soup",
    "luckyspin_annie",
    "maras_mirror",
    "mo_marshrutka",
    "naan_stop",
    "northwall",
    "old_mule",
    "panniers_and_plov",
    "promo_visa_fast24",
    "qarluq",
    "ruth_on_wheels",
    "slowtrain_ina",
    "sundayrider",
    "tandem_tuesday",
    "tinroof",
    "wobblyspoke",
    "yak_butter",
    "Тамара",
    "Борис 7",
    "吐尔尕特",
    "旅行 Wang",
    "ひろキ",
    "محمد",
    "बिमला",
    "ལྷ་ས",
    "Ωμέγα",
    "José",
    "Вера",
    "Тарас",
    "Сара",
    "Роса",
    "Орос",
    "张伟",
    "Ян",
    "Анна Smith",
    "მარიამ",
    "สมชายใจดี",
    "ကိုကိုအောင်",
    "modesto",
    "administrate.this",
]
LOOK_ALIKES = [
    ("kettle", "KETTLE"),
    ("kettle", "kett1e"),
    ("kettle", "kettIe"),
    ("old_mule", "o1d_mule"),
    ("old_mule", "0ld_mule"),
    ("tandem", "tandern"),
    ("wobbly", "vvobbly"),
    ("soap", "ѕоар"),
    ("kopek", "ｋｏｐｅｋ"),
    ("kopek", " kopek "),
    ("kopek", "kopeк"[:4] + "k"),
    ("Вова", "ВОВА"),
    ("Вера", "Bepa"),
    ("ТАТА", "TATA"),
    ("مریم", "مريم"),
    ("اکبر", "اكبر"),
    ("rider۳", "rider٣"),
    ("rider۳", "rider3"),
    ("مـحمد", "محمد"),
    ("أحمد", "احمد"),
]
DIFFERENT = [("kettle", "kettles"), ("bob", "rob"), ("anna", "anne"), ("rider5", "rider6"), ("soup", "soap")]


@pytest.mark.parametrize("name", ACCEPTABLE)
def test_a_name_of_any_script_is_welcome(name):
    assert names.problem_with(name) is None


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_names_that_look_alike_are_one(one, other):
    assert names.skeleton(one) == names.skeleton(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_differ_to_the_eye_are_two(one, other):
    assert names.skeleton(one) != names.skeleton(other)


def test_thirty_travellers_look_different():
    assert len({names.skeleton(name) for name in ACCEPTABLE}) == len(ACCEPTABLE)


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "",
        "x" * 31,
        "﷽ ﷽ ﷽",
        "bob\u202egro",
        "bob\u200bby",
        "bob\u00ady",
        "bob\x00y",
        "bob\ue000y",
        "bob\ud800y",
        "bob\u3164y",
        "bob\ufe0fy",
        "bob@home",
        "bob/../x",
        "<b>bob",
        "bob🚲",
        "\u0301bob",
        "bob\u0301\u0301\u0302y",
        ".bob",
        "bob.",
        "-bob",
        "bob-",
        "___",
        "index.html",
        "photo.PNG",
        "bоb",
        "Αlpha",
        "张",
        "bоb rider",
    ],
)
def test_a_name_that_hides_or_breaks_something_is_refused(name):
    assert names.problem_with(name)


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin",
        "ADMlN",
        "adm1n",
        "ádmin",
        "ad.min",
        "admin_7",
        "admin2",
        "m0derator",
        "mod_bob",
        "The Staff",
        "borderpost",
        "Borderpost-Team",
        "official kettle",
        "root",
        "support",
        "system",
        "help",
        "about",
        "settings",
        "he1p",
        "deleted",
        "sett1ngs",
    ],
)
def test_nobody_speaks_for_the_house(name):
    assert names.problem_with(name)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("wobblyspoke", "WO"), ("altyn_kay", "AK"), ("Борис 7", "Б7"), ("ß_x", "SX"), ("吐尔尕特", "吐尔")],
)
def test_initials_are_two_letters(name, letters):
    assert names.initials(name) == letters


@given(st.text(max_size=60))
@example("ᾳ\u0345")
@example("rrnn vvv")
def test_any_text_has_a_lasting_form(text):
    name = names.normalise(text)

    assert names.normalise(name) == name
    assert names.skeleton(name) == names.skeleton(text)
    assert len(names.initials(name)) <= 2


@given(st.text(max_size=60))
def test_what_is_accepted_can_be_stored_and_shown(text):
    name = names.normalise(text)
    if names.problem_with(text) is None:
        assert names.MIN_LENGTH_ELSEWHERE <= len(name) <= names.MAX_LENGTH
        assert len(names.skeleton(name)) <= names.MAX_SKELETON_LENGTH
        assert name.isprintable()


@given(st.from_regex(r"[a-z0-9][a-z0-9_.-]{1,28}[a-z0-9]", fullmatch=True))
def test_capitals_never_make_another_member(name):
    assert names.skeleton(name) == names.skeleton(name.upper())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مُحَمَّد", "محمد"), ("מֹשֶׁה", "משה"), ("مـحمد", "محمد"), ("كريم", "کریم"), ("زهرة", "زهره"), ("إبراهيم",
        "ابراهيم"),
        ("علی ۳", "علي ٣"), ("तारा २", "तारा 2"),
    ],
)  # fmt: skip
def test_what_reads_the_same_in_one_script_is_one_name(one, other):
    assert names.skeleton(one) == names.skeleton(other)


@pytest.mark.parametrize(
    "name",
    ["Админ", "админ 2", "Администратор", "Модератор", "管理员", "管理員", "版主", "مدیر", "مدير", "مشرف",
    "Modérateur", "מנהל", "관리자"],
)  # fmt: skip
def test_nobody_speaks_for_the_house_in_another_language(name):
    assert names.problem_with(name)


@pytest.mark.parametrize(
    "name",
    [
        "Андрей", "Диана", "Мода", "Ира", "Нино", "ნინო", "Անի", "Өмүрбек", "Жаныл", "दीपक", "สมชาย", "박지성",
        "ゆうき", "小林 太郎",
        "اکبر", "שרה", "ወልደ", "བཀྲ་ཤིས", "ᠪᠠᠲᠤ", "Oʻtkir", "Łukasz", "Đức", "Ιωάννης", "管理", "々々",
    ],
)  # fmt: skip
def test_a_name_of_any_language_is_a_name(name):
    assert names.problem_with(name) is None
