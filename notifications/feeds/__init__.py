"""Private feeds at secret addresses: a member's news as Atom, their dates and closures as iCalendar."""
