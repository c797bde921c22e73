import pytest

from config.template_minifier import squeezed


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("<p>\n    a\n    b\n</p>\n", "<p>\na\nb\n</p>\n"),
        ("<b>a</b>\n\n\n  <b>b</b>", "<b>a</b>\n<b>b</b>\n"),
        ("{% load look %}\n{# a word #}\n<p>\n  {% if a %}\n    <b>\n  {% endif %}\n</p>", None),
        ("a\n{% if b %}c{% endif %}\nd", "a\n{% if b %}c{% endif %}\nd\n"),
        ("a\n{% icon name %}\nb", "a\n{% icon name %}\nb\n"),
        ("a\n{{ b }}\nc", "a\n{{ b }}\nc\n"),
    ],
)
def test_blanks_shrink_to_one_and_lines_that_show_nothing_vanish(source, sent):
    assert squeezed(source) == (sent or "{% load look %}{# a word #}<p>\n{% if a %}<b>\n{% endif %}</p>\n")
