"""Signals of the forum for other apps, sent inside the transaction: a receiver only writes rows or enqueues tasks."""

from django.dispatch import Signal

# A post became readable: written, or approved after being held. Sends `post`, and if it was just written the
# `draft` that the screeners got.
post_published = Signal()
# The text of a post, or with the opening post the title of its topic, changed. Sends `post`, `by` and the `draft`.
post_changed = Signal()
# A post was accepted as an answer to its topic, or that was taken back. Sends `post` and `by`.
answer_accepted = Signal()
answer_withdrawn = Signal()
# A post, or a whole topic, can no longer be read. Sends `post` or `topic`, and `by`, who hid it.
post_hidden = Signal()
topic_hidden = Signal()
# A member gave a reaction to a post. Sends `post`, `kind` and `by`.
reacted = Signal()
# A member took a reaction back. Sends `post`, `kind` and `by`.
reaction_withdrawn = Signal()
# A member reads posts: a page of a topic that is not shown yet. Sends `user` and `post_ids`.
posts_read = Signal()
# A new post is held for a moderator. Sends `post` and `reason`, the text shown to its author.
post_held = Signal()
# A hidden post, or a whole topic, can be read again. Sends `post` or `topic`, and `by`.
post_restored = Signal()
topic_restored = Signal()
# A topic was moved to another subforum. Sends `topic`, `before` (the old subforum) and `by`.
topic_moved = Signal()
# Posts were moved to another topic: merged, split, moved, or that undone. Sends `rearrangement` and `is_undone`.
posts_moved = Signal()
# A subforum is removed, and its topics are in another one (None: it had none). Sends `subforum`, which is deleted right
# after, `target` and `by`.
subforum_removed = Signal()
# Others may read a subforum. Sends `subforum`, before its new access is saved.
access_changed = Signal()
# A badge was given, changed or withdrawn, fell asleep or woke. Sends `change`, a BadgeChange.
badge_changed = Signal()
# Topics are answered now, or no longer, because a badge was given, changed or withdrawn. Sends `topic_ids`.
expert_replies_counted = Signal()
# A subject of badges is called otherwise. Sends `before`, its former name, and `subject`.
subject_renamed = Signal()
