"""Transforming markdown-it tokens before they are rendered: links, pictures, headings, mentions and quotes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markdown_it.token import Token

from forum.markup import addresses
from forum.markup.limits import flat
from forum.markup.mentions import mentions_in

# How table cells are aligned, by a class each.
ALIGNMENTS = {"align-left", "align-center", "align-right"}
# Elements whose direction is that of their own words: a Persian paragraph below a Latin quote or beside a Latin link.
_DIRECTED = {
    "paragraph_open", "heading_open", "list_item_open", "blockquote_open", "td_open", "th_open", "cite_open",
    "link_open",
}  # fmt: skip
MAX_QUOTE_DEPTH = 3
HIDDEN_QUOTE = "A post that is not shown"
_POST = re.compile(r"/posts/(\d{1,18})/")


@dataclass(frozen=True)
class Quoted:
    """Author and URL of a quoted post."""

    author: str
    url: str


@dataclass
class Names:
    """Known mentions and quotes. `quotes=None`: not looked up; a post missing from it must not be named."""

    mentions: Mapping[str, str] = field(default_factory=dict)
    quotes: Mapping[int, Quoted] | None = None


def transform(tokens: list[Token], names: Names) -> list[Token]:
    """The tokens with quotes attributed, headings in bold, pictures as links, mentions linked and hosts shown."""
    tokens = list(_fold_deep_quotes(tokens))
    tokens = list(_attribute_quotes(tokens, names.quotes))
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "p"
        if token.type == "inline":
            token.children = _inline(token.children or [], names)
    return _directed(list(_embolden_headings(tokens)))


def mentioned(tokens: list[Token]) -> Iterator[tuple[str, ...]]:
    """For each @ that is not in code and links the names that it may mean, the longest first."""
    for token in tokens:
        is_linked = 0
        for child in token.children or ():
            is_linked += _link_step(child)
            if child.type == "text" and not is_linked:
                yield from (mention.names for mention in mentions_in(child.content))


def quoted(tokens: list[Token]) -> Iterator[int]:
    """Primary keys of posts that quotes are attributed to."""
    for place in range(len(tokens)):
        if (found := _attribution(tokens, place)) is not None:
            yield found


# --- Blocks ---


def _fold_deep_quotes(tokens: list[Token]) -> Iterator[Token]:
    """Quotes nested deeper than MAX_QUOTE_DEPTH become an ellipsis."""
    depth = 0
    for token in tokens:
        depth += token.type == "blockquote_open"
        if depth <= MAX_QUOTE_DEPTH:
            yield token
        elif depth == MAX_QUOTE_DEPTH + 1 and token.type == "blockquote_open":
            yield from _paragraph("…")
        depth -= token.type == "blockquote_close"


def _attribute_quotes(tokens: list[Token], quotes: Mapping[int, Quoted] | None) -> Iterator[Token]:
    """The first line of a quote that links to a post becomes its <cite>, with the name of the post's real author."""
    skip_empty = False
    for place, token in enumerate(tokens):
        if skip_empty and token.type in {"paragraph_open", "inline", "paragraph_close"}:
            skip_empty = token.type != "paragraph_close"
            continue
        yield token
        post_id = _attribution(tokens, place)
        if post_id is None:
            continue
        inline = tokens[place + 2]
        children = inline.children or []
        end = _end_of_first_link(children)
        yield from _cite(post_id, children[1:end], quotes)
        inline.children = children[end + 2 :]
        skip_empty = not inline.children


def _attribution(tokens: list[Token], place: int) -> int | None:
    """Primary key of the post that the first line of the quote opening at this place links to."""
    if tokens[place].type != "blockquote_open" or place + 2 >= len(tokens):
        return None
    inline = tokens[place + 2]
    children = inline.children
    if inline.type != "inline" or not children or children[0].type != "link_open":
        return None
    match = _POST.fullmatch(str(children[0].attrs.get("href", "")))
    end = _end_of_first_link(children)
    is_alone = end + 1 == len(children) or children[end + 1].type in {"softbreak", "hardbreak"}
    return int(match.group(1)) if match and is_alone else None


def _end_of_first_link(children: list[Token]) -> int:
    return next(place for place, child in enumerate(children) if child.type == "link_close")


def _cite(post_id: int, written: list[Token], quotes: Mapping[int, Quoted] | None) -> Iterator[Token]:
    if quotes is None:
        words = "".join(child.content for child in written)
        inside = _link(f"/posts/{post_id}/", words)
    elif post_id in quotes:
        inside = _link(quotes[post_id].url, quotes[post_id].author)
    else:
        inside = [_text(HIDDEN_QUOTE)]
    yield Token("cite_open", "cite", 1)
    yield _inline_of(inside)
    yield Token("cite_close", "cite", -1)


def _embolden_headings(tokens: list[Token]) -> Iterator[Token]:
    """Headings become paragraphs in bold, to keep the heading order of the page."""
    is_heading = False
    for token in tokens:
        is_heading = token.type == "heading_open" or (is_heading and token.type != "heading_close")
        if is_heading and token.type == "inline":
            strong = [
                Token("strong_open", "strong", 1),
                *(token.children or []),
                Token("strong_close", "strong", -1),
            ]
            token.children = strong
        yield token


def _directed(tokens: list[Token]) -> list[Token]:
    """Directions and alignments as attributes that the sanitiser lets through."""
    for token in flat(tokens):
        if token.type in _DIRECTED:
            token.attrs["dir"] = "auto"
        if token.type in {"td_open", "th_open"} and "style" in token.attrs:
            side = str(token.attrs.pop("style")).removeprefix("text-align:")
            token.attrs |= {"class": "align-" + side}
    return tokens


# --- Within a line ---


def _inline(children: list[Token], names: Names) -> list[Token]:
    changed: list[Token] = []
    opened_at: list[int] = []
    for child in children:
        if child.type == "link_open":
            opened_at.append(len(changed))
            _mark_outside(child)
        if child.type == "image":
            changed.extend(_picture_as_link(child, is_linked=bool(opened_at)))
        elif child.type == "text" and not opened_at:
            changed.extend(_with_mentions(child.content, names.mentions))
        else:
            changed.append(child)
        if child.type == "link_close" and opened_at:
            link = changed[opened_at.pop() :]
            if not any(token.content.strip() for token in link):  # nothing that could be pressed
                link.insert(1, _text(str(link[0].attrs["href"])))
                changed.insert(len(changed) - len(link) + 2, link[1])
            changed.extend(_visible_host(link))
    return changed


def _mark_outside(link: Token) -> None:
    link.attrs.pop("title", None)
    if not addresses.is_own(str(link.attrs["href"])):
        link.attrs["rel"] = "nofollow ugc noopener"


def _visible_host(link: list[Token]) -> list[Token]:
    """The host of an external link as text after it, unless its text shows it already."""
    host = addresses.host_of(str(link[0].attrs["href"]))
    shown = "".join(token.content for token in link).lower()
    return [] if not host or host.lower() in shown else [_text(f" ({host})")]


def _picture_as_link(image: Token, *, is_linked: bool) -> list[Token]:
    """Pictures become links, because loading a remote picture would tell its server the reader's IP address."""
    words = image.content or "Picture"
    if is_linked:
        return [_text(words)]
    link = _link(str(image.attrs["src"]), words)
    _mark_outside(link[0])
    return [*link, *_visible_host(link)]


def _with_mentions(text: str, mentions: Mapping[str, str]) -> Iterator[Token]:
    end = 0
    for mention in mentions_in(text):
        name = next((name for name in mention.names if name in mentions), "")
        if not name or mention.start < end:
            continue
        yield _text(text[end : mention.start])
        yield from _link(mentions[name], f"@{name}")
        end = mention.start + len(f"@{name}")
    yield _text(text[end:])


def _link_step(token: Token) -> int:
    return {"link_open": 1, "link_close": -1}.get(token.type, 0)


def _link(url: str, words: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": url}), _text(words), Token("link_close", "a", -1)]


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _inline_of(children: list[Token]) -> Token:
    return Token("inline", "", 0, children=children)


def _paragraph(words: str) -> list[Token]:
    return [Token("paragraph_open", "p", 1), _inline_of([_text(words)]), Token("paragraph_close", "p", -1)]
