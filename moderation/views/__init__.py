from moderation.views.flagging import flag_post, withdraw_flag
from moderation.views.members import member
from moderation.views.words import forget_word, words

__all__ = ["flag_post", "forget_word", "member", "withdraw_flag", "words"]
