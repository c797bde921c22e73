"""What a browser says of itself, in plain words: "Firefox on Android"."""

# The first that is found: browsers name others for old sites' sake, and themselves by what stands earlier here.
_BROWSERS = [
    ("Edg", "Edge"), ("OPR/", "Opera"), ("OPT/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"), ("Vivaldi/", "Vivaldi"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Chromium/", "Chromium"), ("Safari/", "Safari"),
]  # fmt: skip
_SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"), ("Mac OS X", "Mac"), ("Linux", "Linux"), ("BSD", "BSD"),
]  # fmt: skip
LONGEST_LOOKED_AT = 500


def browser_words(user_agent: str) -> str:
    agent = user_agent[:LONGEST_LOOKED_AT]
    browser = _first(_BROWSERS, agent)
    system = _first(_SYSTEMS, agent)
    if not system:
        return browser or "A browser that does not say its name"
    return f"{browser or 'A browser'} on {system}"


def _first(names: list[tuple[str, str]], agent: str) -> str:
    return next((name for sign, name in names if sign in agent), "")
