"""What a browser does to sign in by the other site."""

import html
import re


def begin(client, **data):
    """Press the button; the page on the way, or what came instead of it."""
    return client.post("/account/social/with/club/", data)


def address_on(page):
    """Where the page on the way leads."""
    return html.unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', page.text)[1])


def come_back(client, query):
    return client.get("/account/social/with/club/back/", query)


def go_through(client, other_site, **data):
    """There and back; the answer to coming back."""
    return come_back(client, other_site.consent(address_on(begin(client, **data))))


def is_signed_in(client):
    return "_auth_user_id" in client.session


def fill_in(client, **fields):
    """Send the form of a new account, as somebody who took their time."""
    page = client.get("/account/social/sign-up/").text
    began = re.search(r'name="began" value="([^"]*)"', page)[1]
    own = {"username": "far_rider", "email": "kettle@elsewhere.example", "began": began}
    return client.post("/account/social/sign-up/", own | fields)
