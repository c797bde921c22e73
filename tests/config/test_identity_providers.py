"""SOCIAL_SIGN_IN as operators write it."""

from config.settings import identity_providers


def read(value):
    return identity_providers.read("SOCIAL_SIGN_IN", value)


def test_several_sites_are_read_with_their_blanks_and_empty_ends():
    club, other = read(
        "club | Travel Club | https://id.example.org/realms/club | ours | p=ss:w/rd ;\n other|Ö|https://b.example|x|y;",
    )

    assert club == {
        "id": "club", "name": "Travel Club", "server": "https://id.example.org/realms/club", "client_id": "ours",
        "secret": "p=ss:w/rd",
    }  # fmt: skip
    assert (other["id"], other["name"]) == ("other", "Ö")


def test_none_is_the_default_and_this_machine_may_be_tried_without_https():
    assert read("") == []
    assert read(" ; ") == []
    assert read("club|Club|http://127.0.0.1:9000|ours|secret")[0]["server"] == "http://127.0.0.1:9000"
