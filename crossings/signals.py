"""What crossings tell the apps to their right, inside the transaction: a receiver writes rows or enqueues tasks."""

from django.dispatch import Signal

# The shown status of a crossing became another one. Sends `change`, a StatusChange.
status_changed = Signal()
# A report counts from now on: its story became readable, or a readable post became a report. Sends `report`.
report_counted = Signal()
# An official notice was entered. Sends `notice`.
notice_entered = Signal()
# An expert confirmed that an answer still holds. Sends `post`, `by`, and the day as `on` (ISO).
answer_confirmed = Signal()
# A member asked for an expert's badge, and an administrator refused it. Sends `application`.
application_made = Signal()
application_refused = Signal()
# Somebody said which crossings a topic is about. Sends `topic`, `by`, and `before` and `after`, lists of their pks.
links_changed = Signal()
# A moderator said whether two topics have to do with each other. Sends `topic`, `other`, `by`, `is_unrelated`.
relation_judged = Signal()
