"""What the forum tells the apps to its right, inside the transaction: a receiver only writes rows or enqueues tasks."""

from django.dispatch import Signal

# A post became readable: written, or approved after having been held. Sends `post`.
post_published = Signal()
# A post, or a whole topic, can no longer be read. Sends `post` or `topic`, and `by`, who hid it.
post_hidden = Signal()
topic_hidden = Signal()
