"""Stand-in: see the accounts branch."""
import unicodedata
MAX_LENGTH = 30
def normalise(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()
def skeleton(name: str) -> str:
    return normalise(name).casefold()
def initials(name: str) -> str:
    return (name[:2]).upper()
