"""Emphasis beside Chinese, Japanese and Korean text, which has no blanks: "这是**我想做的事。**所以"."""

import re
from collections.abc import Sequence
from typing import override

from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

# Letters and punctuation that stand without blanks: Thai, Lao, Tibetan, Burmese, Khmer, radicals to Hangul syllables,
# compatibility and full-width forms, pictures, and the rarer ideographs.
_DENSE = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2600-\u27bf\u2e80-\ud7ff\uf900-\ufaff\ufe0f\ufe30-\ufe4f\uff00-\uffef"
    "\U0001f000-\U0001faff\U00020000-\U0003ffff]"
)


class DenseStateInline(StateInline):
    """A state that lets marks open and close beside dense text as they do beside blanks."""

    @override
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Which of its two sides a run of marks may open or close, by CommonMark 0.31 section 6.2.

        There a run between punctuation and a letter neither opens after the letter nor closes before it. Beside a
        dense letter it does both. No name after an @ begins with a mark: "@_yak_".
        """
        scanned = super().scanDelims(start, canSplitWord)
        before = self.src[start - 1] if start > 0 else " "
        if not canSplitWord:
            return Scanned(False, False, scanned.length) if before == "@" else scanned
        end = start + scanned.length
        after = self.src[end] if end < self.posMax else " "
        if not (_DENSE.match(before) or _DENSE.match(after)):
            return scanned
        return Scanned(
            scanned.can_open or not _is_blank(after), scanned.can_close or not _is_blank(before), scanned.length
        )


class DenseInline(ParserInline):
    """Markdown's parser of a line, with that state."""

    @override
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = DenseStateInline(src, md, env, tokens)
        self.tokenize(state)
        rules: Sequence = self.ruler2.getRules("")
        for rule in rules:
            rule(state)
        return state.tokens


def _is_blank(character: str) -> bool:
    return isWhiteSpace(ord(character))
