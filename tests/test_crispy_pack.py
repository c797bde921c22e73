"""Our template pack: every kind of field is there once, labelled, with its help and its error where they belong."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.template import Context, Template

CHOICES = [("a", "A"), ("b", "B")]


class Everything(forms.Form):
    text = forms.CharField(help_text="Some help.")
    long = forms.CharField(widget=forms.Textarea)
    one = forms.ChoiceField(choices=CHOICES)
    file = forms.FileField()
    agreed = forms.BooleanField()
    several = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    hidden = forms.CharField(widget=forms.HiddenInput)
    email = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput)


class WithLayout(Everything):
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(Fieldset("Words", "text", "long", "email"), Div("one", "file", "agreed", "several", "radio"))
    helper.layout.append("password")
    helper.render_hidden_fields = True


class WithoutLayout(Everything):
    helper = FormHelper()
    helper.form_tag = False


BY_FILTER = "{% load crispy_forms_tags %}{{ form|crispy }}"
BY_TAG = "{% load crispy_forms_tags %}{% crispy form %}"


def rendered(form, source):
    return Template(source).render(Context({"form": form}))


@pytest.mark.parametrize(("form", "source"), [(Everything, BY_FILTER), (WithoutLayout, BY_TAG), (WithLayout, BY_TAG)])
def test_every_field_is_there_once_and_labelled(form, source):
    html = rendered(form(), source)

    names = re.findall(r'name="(\w+)"', html)
    assert {name: names.count(name) for name in Everything.base_fields} == {
        **dict.fromkeys(Everything.base_fields, 1), "several": 2, "radio": 2,
    }  # fmt: skip
    ids = set(re.findall(r'\sid="(id_[\w]+)"', html))
    assert set(re.findall(r'for="([\w]+)"', html)) <= ids
    assert html.count("<legend>") >= 2


def test_help_is_named_by_its_field():
    html = rendered(Everything(), BY_FILTER)

    assert 'id="id_text_helptext"' in html
    assert 'aria-describedby="id_text_helptext"' in html


def test_errors_stand_first_with_links_and_again_at_their_fields():
    html = rendered(Everything({}), BY_FILTER)

    assert html.index('role="alert"') < html.index('name="text"')
    assert '<a href="#id_text">Text</a>' in html
    assert 'id="id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert "id_text_error" in re.search(r'<input[^>]*name="text"[^>]*>', html).group()


def test_what_was_typed_is_escaped():
    html = rendered(Everything({"text": '"><script>x</script>'}), BY_FILTER)

    assert "<script>" not in html
