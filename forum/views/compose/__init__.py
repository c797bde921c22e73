"""Pages on which members write: new topics and replies, edits, drafts, withdrawals."""
