"""What the forum tells the apps to its right, inside the transaction: a receiver only writes rows or enqueues tasks."""

from django.dispatch import Signal

# A post became readable: written, or approved after having been held. Sends `post`, and of what was just written the
# `draft` that screeners looked at.
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
# A new post waits for a moderator. Sends `post` and `reason`, in words.
post_held = Signal()
# A hidden post, or a whole topic, can be read again. Sends `post` or `topic`, and `by`.
post_restored = Signal()
topic_restored = Signal()
# A topic stands in another subforum. Sends `topic`, `before`, where it was, and `by`.
topic_moved = Signal()
# Posts stand in another topic: merged, split, moved, or all that undone. Sends `rearrangement` and `is_undone`.
posts_moved = Signal()
# Everybody may read a subforum now, or no longer. Sends `subforum`, before its new access is written.
access_changed = Signal()
