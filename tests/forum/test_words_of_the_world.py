"""Which query finds which text: a table over scripts, in both directions of each pair that is written in two ways."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.text.fold import fold
from accounts.text.split import prepared, split, words_beginning, words_of
from forum.search import stems, vectors
from forum.search.languages import language_of
from forum.search.query import tsquery
from tests.chance import examples

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SIX = "We crossed at Kulma/Karasu and later Bazargan/Gürbulak, then Osh/Jalalabad."
LINK = "See https://www.zorbanomads.example/kulma-pass/permits or info@pamirhostelx.example."

# Words that punctuation parts.
PARTED = [
    (SIX, "Kulma"), (SIX, "karasu"), (SIX, "Bazargan"), (SIX, "Gurbulak"), (SIX, "Osh"), (SIX, "Jalalabad"),
    (SIX, "Kulma/Karasu"), (SIX, "Kulma / Karasu"), ("Kulma / Karasu is open", "Kulma/Karasu"),
    ("It is closed.Then we left", "closed"), ("It is closed.Then we left", "left"), (LINK, "zorbanomads"),
    (LINK, "kulma"), (LINK, "permits"), (LINK, "permit"), (LINK, "pamirhostelx"), (LINK, "kulma-pass"),
    (LINK, "www.zorbanomads.example"), (LINK, "https://www.zorbanomads.example/kulma-pass/permits"),
    (LINK, "info@pamirhostelx.example"), ("The 90/180 rule", "90"), ("The 90/180 rule", "180"),
    ("The 90/180 rule", "90/180"), ("It costs 50USD", "50"), ("It costs 50USD", "usd"), ("It costs 50USD", "50USD"),
    ("It costs 50 USD", "50USD"), ("It costs 50USD", "50 usd"), ("On 29.11.2026 it shut", "2026"),
    ("On 29.11.2026 it shut", "29.11.2026"), ("On 29.11.2026 it shut", "29"), ("-5 degrees at +4655m", "4655"),
    ("-5 degrees at +4655m", "5"), ("-5 degrees at +4655m", "4655m"), ("a_b snake_case_word", "case"),
    ("visa,permit;fee", "permit"), ("(visa)[permit]{fee}", "fee"), ("visa…permit", "permit"), ("visa|permit", "visa"),
    ("**visa**permit", "permit"), ("C:\\maps\\pamir.gpx", "pamir"), ("pamir.gpx", "gpx"), ("R&D cost=50", "cost"),
    ("see /wiki/%D0%A2%D0%BE%D1%80%D1%83%D0%B3%D0%B0%D1%80%D1%82 there", "Торугарт"), ("3000m", "3000"),
    ("1.5 litres", "1.5"), ("<b>gate</b>", "gate"), ("#overland @wobblyspoke", "wobblyspoke"),
    ("#overland", "overland"),
    ("traveller's cheque", "traveller"), ("l'eau et l'huile", "eau"), ("d’accord", "accord"), ("don't pay", "don't"),
    ("don’t pay", "dont"), ("Kashgar–Torugart", "kashgar"), ("Kashgar—Torugart", "torugart"),
]  # fmt: skip

# Each of a row is found by each other.
ALIKE = [
    ("M-41", "M41", "M 41", "m‑41", "М41".replace("М", "M")), ("A388", "A-388", "A 388"),
    ("Sary Tash", "Sary-Tash", "SaryTash"), ("evisa", "e-visa", "e visa", "eVisa", "E-Visa"),
    ("Oʻzbekiston", "O'zbekiston", "O’zbekiston", "Ozbekiston", "O`zbekiston", "OʼZBEKISTON"),
    ("Gʻuzor", "G'uzor", "Guzor", "G‘uzor"), ("в’їзд", "в'їзд", "вʼїзд", "візд"), ("ёлка", "елка", "ЁЛКА"),
    ("Straße", "Strasse", "STRASSE"), ("Sarı Taş", "Sari Tas", "SARI TAS", "Sarı Taş"),
    ("Gürbulak", "Gurbulak", "GÜRBULAK", "Gu\u0308rbulak"), ("İstanbul", "Istanbul", "istanbul", "ıstanbul"),
    ("مرزی", "مرزي", "مرزى"), ("کابل", "كابل"), ("مدرسه", "مدرسة", "مدرسۀ"), ("احمد", "أحمد", "إحمد", "ٱحمد"),
    ("مَرْز", "مرز", "مـــرز"), ("می‌رود", "میرود"), ("۱۲۳", "١٢٣", "123", "१२३", "１２３"), ("آب", "اب"),
    ("Երևան", "Երեւան", "Երեվան", "ԵՐԵՎԱՆ"), ("吐爾尕特", "吐尔尕特"), ("關口", "关口"), ("邊境", "边境"),
    ("თბილისი", "ᲗᲑᲘᲚᲘᲡᲘ"), ("Ｖｉｓａ", "visa", "VISA"), ("ﬁnal", "final"), ("क़ज़ाख", "कजाख"), ("कज़ाख", "कजाख"),
    ("Khun\u00adje\u00adrab", "Khunjerab"), ("Tor\u200bugart\u200b", "Torugart"),
    ("\u200fTorugart\u200e", "Torugart"),
    ("ｶﾞｿﾘﾝ", "ガソリン"), ("Łódź", "Lodz"), ("Ağrı", "Agri", "AĞRI"), ("½ day", "1/2 day"), ("10 km²", "10 km2"),
    ("№5", "No 5"), ("ΑΘΗΝΑ", "αθήνα", "Αθηνα"), ("שָׁלוֹם", "שלום"), ("Москва", "МОСКВА"),
]  # fmt: skip

# Another form of a word.
INFLECTED = [
    ("Здесь погранпереход закрыт", "погранпереходы"), ("Погранпереходы закрыты", "погранпереход"),
    ("На границе очередь", "граница"), ("Получили визу", "виза"), ("визы не нужны", "виза"),
    ("We crossed twice", "crossing"), ("permits are needed", "permit"), ("one permit", "permits"),
    ("By bicycle", "bicycles"), ("Closed borders everywhere", "border"),
    ("Die Grenzübergänge nach China waren gestern leider alle geschlossen.", "Grenzübergang"),
    ("Wir haben an der Grenze zwei Stunden auf die Beamten gewartet.", "Grenzen"),
    ("Les frontières avec la Chine étaient toutes fermées pendant l'hiver.", "frontière"),
    ("Nous avons demandé les visas au consulat de Bichkek la semaine dernière.", "visa"),
    ("Las fronteras con China estaban cerradas todo el invierno pasado.", "frontera"),
    ("Pedimos los permisos en la embajada y tardaron una semana entera.", "permiso"),
    ("Wir haben das Visum bekommen, aber die Straßen waren alle gesperrt.", "Straße"),
    ("Der Pass ist offen.\n\nWe met travellers from Austria who had crossed the passes by bicycle last week.", "pass"),
    ("The guesthouses are full", "guesthouse"), ("водители ждали", "водитель"),
]  # fmt: skip

# Scripts that part no words, phrases, minus, or.
OTHERS = [
    ("我们过吐尔尕特口岸", "口岸"), ("我们过吐尔尕特口岸", "尔尕"), ("我们过吐尔尕特口岸", "吐尔尕特"),
    ("我们过吐尔尕特口岸", "过"), ("我们过吐尔尕特口岸", "岸"), ("我们过吐尔尕特口岸", "我们过吐尔尕特口岸"),
    ("我们过吐尔尕特口岸", '"过 吐尔尕特"'), ("我们过\n吐尔尕特", "过吐"), ("签证费50美元", "50"),
    ("签证费50美元", "美元"),
    ("签证。然后走", "签证"), ("国境は閉まっていました", "国境"), ("国境は閉まっていました", "閉まって"),
    ("ビザが必要", "ビザ"),
    ("국경은 열려 있다", "국경"), ("กรุงเทพมหานคร", "กรุงเทพ"), ("ด่านชายแดนปิด", "ชายแดน"), ("ທ່າແຂກ", "ທ່າ"),
    ("ព្រំដែនបើក", "ព្រំដែន"), ("နယ်စပ်ဂိတ်", "နယ်စပ်"), ("सीमा बंद थी", "सीमा"), ("हिंदी में लिखा", "हिंदी"),
    ("хил нээлттэй байна", "хил"), ("საზღვარი ღიაა", "საზღვარი"), ("Սահմանը բաց է", "սահմանը"),
    ("सीमा बंद है", '"सीमा बंद"'),
    ("the green zone permit", '"green zone permit"'), ("the green zone permit", "“green zone permit”"),
    ("the green zone permit", "«green zone»"), ("the green zone permit", "„green zone“"),
    ("state of the art", '"state of the art"'),
    ("It is closed. Then we left", '"closed then"'), ("Near St. Petersburg", '"st petersburg"'),
    ("visa, permit, fee", '"visa permit"'), ("visa for Osh", "visa -bishkek"), ("visa for Osh", "bishkek or osh"),
    ("visa for Osh", "the visa"), ("visa for Osh", "visa OR bishkek -talas"), ("SaryTash", '"sary tash"'),
    ("виза и граница", "виза и граница"), ("Привет! Граница открыта", "граница"), ("permit permit permit", "permit"),
    ("Hotel Pamir\nLine two", "line"), ("first\n\nsecond", '"first second"'), ("road to nowhere", "road nowhere"),
    ("a visa for China", "a visa"), ("Is 50 enough?", "50"), ("x" * 100, "x" * 100), ("Nguyễn Đình", "Nguyen Dinh"),
]  # fmt: skip

NOT_FOUND = [
    ("It was closed. Then we left", "closedthen"), ("It was closed.Then we left", "closedThen"),
    ("Markt am Samstag", "mark"), ("We went to Sary. Tash was next", "SaryTash"),
    ("We went to Sary.\n\nTash was next", "SaryTash"), ("We are in Sary! Tash is next", "Sary-Tash"),
    ("我们过吐尔尕特口岸", "尕尔"), ("我们过吐尔尕特口岸", "过口"), ("the green zone permit", '"permit zone green"'),
    ("the green zone permit", "permit -zone"), ("the green zone permit", '"green permit"'), ("new road", "news"),
    ("M on page 41", "M-41"), ("Kulma Karasu", "kulmakarasux"), ("Kulma/Karasu", "kulmakarasu"), ("90/180", "90180"),
    ("29.11.2026", "29112026"), ("info@pamirhostelx.example", "infopamirhostelx"), ("road 388 km", "A388"),
    ("visa for Osh", "visa bishkek"), ("permits", "-permit road"), ("permits here", "here -permit"),
    ("green and very cold zone", '"green zone"'), ("иран", "йран"), ("мой", "мои"), ("Osh", "os"), ("Oshka", "osh"),
    ("границы", "граф"), ("organ donor", "organisation"), ("国境", "境国"),
    ("visa.permit", "visapermit"), ("visa,permit", "visapermit"), ("visa/permit", "visapermit"), ("chin up", "China"),
    ("bord de mer", "border"), ("visa (permit)", "visapermit"), ("签证。然后", "证然"),
    ("word-for-word", "wordfor word2"),
    ("ด่านชายแดน", "แดนชาย"), ("국경은", "경국"), ("open border", '"border open"'),
    ("border open", '-"border open" border'),
]  # fmt: skip


def both_ways(*rows):
    return [(f"Yes, {text} it was", query) for row in rows for text in row for query in row]


def finds(text, query):
    asked = tsquery.asked_for(query)
    if not asked.matches:
        return False
    made = vectors.body_vector(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [made.search, asked.matches])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("text", "query"), [*PARTED, *both_ways(*ALIKE), *INFLECTED, *OTHERS])
def test_it_is_found(text, query):
    assert finds(text, query)


@pytest.mark.parametrize(("text", "query"), NOT_FOUND)
def test_it_is_not_found(text, query):
    assert not finds(text, query)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The border was closed on Monday because of the snow, and we waited.", "en"),
        ("Die Grenze war am Montag wegen des Schnees geschlossen, wir warteten.", "de"),
        ("La frontière était fermée lundi à cause de la neige, nous avons attendu.", "fr"),
        ("La frontera estaba cerrada el lunes por la nieve y tuvimos que esperar.", "es"),
        ("Граница была закрыта в понедельник из-за снега, и мы долго ждали.", "ru"),
        ("مرز روز دوشنبه به خاطر برف بسته بود و ما مدت زیادی منتظر ماندیم", "fa"),
    ("边境周一因下雪关闭", "zh"), ("国境は雪で閉まっていました", "ja"), ("국경이 닫혔다", "ko"), ("საზღვარი", "ka"),
        ("Open!", ""), ("Да", ""), ("", ""), ("12345 67890 12345 67890 12345 67890 12345 67890", ""),
        ("https://www.example.com/die/grenze/war/am/montag/geschlossen/wir/warten", ""),
    ],
)  # fmt: skip
def test_the_language_is_told_where_it_can_be(text, language):
    assert vectors.body_vector(text).language == language


ENGLISH = "The pass was closed yesterday, and the guards told us to come back on Monday with all our papers. "
FRENCH = "Le poste de douane était fermé hier, et les gardes nous ont dit de revenir lundi avec nos papiers. "
NAMES = "Osh, Sary-Tash."


@pytest.mark.parametrize(
    ("paragraphs", "language", "spoken", "guesses"),
    [
        ([ENGLISH], "en", ["en"], 1),
        ([4 * ENGLISH], "en", ["en"], 1),
        ([3 * ENGLISH, FRENCH], "en", ["en", "fr"], 2),
        ([NAMES, 4 * FRENCH], "fr", ["fr", "fr"], 2),
        ([2 * ENGLISH, 2 * FRENCH, NAMES, NAMES], "", ["en", "fr", "", ""], 5),
    ],
    ids=["short", "one", "two languages", "one that tells nothing", "no language has most of it"],
)
def test_a_paragraph_is_guessed_once_and_the_whole_only_if_no_language_has_most(
    monkeypatch, paragraphs, language, spoken, guesses
):
    asked = []
    monkeypatch.setattr(vectors, "language_of", lambda text: asked.append(text) or language_of(text))

    found, parts = vectors._languages_of("\n\n".join(paragraphs))

    assert (found, len(asked)) == (language, guesses)
    assert [spoken for _, spoken in parts][: len(paragraphs)] == spoken


ANY_TEXT = st.text(max_size=80)


@settings(max_examples=examples(200))
@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@settings(max_examples=examples(150))
@given(ANY_TEXT)
def test_each_word_of_a_text_finds_it(text):
    text = text.replace('"', " ")
    made = vectors.body_vector(text)
    for word in [word for word in split(text) if word.joined == 1][:6]:
        asked = tsquery.asked_for(word.text)
        if asked.matches:  # not a stop word
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [made.search, asked.matches])
                assert cursor.fetchone()[0], (text, word)


@settings(max_examples=examples(150))
@given(st.text(st.characters(codec=None), max_size=200))
def test_no_query_is_an_error_and_each_is_bounded(query):
    try:
        asked = tsquery.asked_for(query)
    except tsquery.TooLong:
        return
    assert len(asked.matches) < 40_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsquery, %s::tsquery", [asked.matches, asked.ranks])


@pytest.mark.parametrize("query", ["1a1a1a1a " * 6, "ab-" * 66, "aBaBaBaB " * 9, "a.b" * 66, "ab " * 41])
def test_a_query_of_too_many_words_is_refused(query):
    with pytest.raises(tsquery.TooLong):
        tsquery.asked_for(query)


def test_a_long_sentence_without_blanks_is_one_word():
    assert finds("我们过吐尔尕特口岸" * 30, "我们过吐尔尕特口岸" * 22)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\x00b", "x" * 10_000, "a-" * 5_000, "a'" * 5_000, "岸" * 10_000,
                                  "aB" * 5_000, "1a" * 5_000, "." * 10_000, "\u0301" * 10_000, "a " * 5_000,
                                  "%D0%00" * 1_600, "ก" * 10_000, "\n\n" * 5_000, "é" * 10_000])  # fmt: skip
def test_odd_texts_have_words_too(text):
    made = vectors.body_vector(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector", [made.search])


def test_stems_are_looked_up_once(django_assert_num_queries):
    stems.forget()
    with django_assert_num_queries(1):
        tsquery.asked_for("one unusual query about passes")
    with django_assert_num_queries(0):
        tsquery.asked_for("one unusual query about passes")


@pytest.mark.parametrize("sign", ["\u0640", "\u0374", "\ua78b"])
@pytest.mark.parametrize("times", [1, 60, 70, 200, 5_000])
def test_a_row_of_signs_that_fold_away_has_no_words(sign, times):
    assert split(sign * times) == []
    assert finds(f"border {sign * times} open", "border")
    assert not tsquery.asked_for(sign * min(times, 200)).matches


def test_codes_of_control_signs_bring_none_back():
    assert not set("\x00\x01\x02") & set(prepared("%01%01 %02%02 %00%41 kulma"))


# --- Passing most words by ---

_ODD = [
    "torugart",
    "Torugart",
    "a",
    "I",
    "e",
    "visa",
    "e-visa",
    "M41",
    "M",
    "41",
    "SaryTash",
    "it's",
    "B2b",
    "-",
    "'",
    "_",
]
_GAPS = st.sampled_from([" ", "", "-", ". ", "\n\n", "  "])
_TEXTS = st.lists(st.tuples(st.sampled_from(_ODD) | st.text("aeMv4' -.", max_size=4), _GAPS), max_size=9)


@given(_TEXTS, st.sets(st.sampled_from(["to", "ev", "vi", "m4", "41", "sa", "a", "ai", "m", "it", "b"]), max_size=3))
def test_words_with_a_beginning_are_those_of_the_whole_text(pieces, beginnings):
    text = prepared("".join(word + gap for word, gap in pieces))

    def with_beginning(words):
        return [(word.text, word.start, word.end) for word in words if word.text[:2] in beginnings]

    assert with_beginning(words_beginning(text, beginnings, 0, len(text))) == with_beginning(words_of(text))
