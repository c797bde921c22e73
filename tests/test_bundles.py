from config import bundles


def test_the_bundle_holds_every_stylesheet_in_order():
    text = bundles.bundled(bundles.SOURCE)

    assert "@import" not in text
    assert text.index("@layer reset") < text.index("--paper") < text.index(".post")
    written = {path.name for path in bundles.SOURCE.parent.glob("*.css")}
    assert written == {path.name for path in bundles.parts_of(bundles.SOURCE)} | {"app.css"}


def test_the_bundle_is_served(client):
    answer = client.get("/static/borderpost.css")

    assert answer.status_code == 200
    assert b"--paper" in b"".join(answer)
