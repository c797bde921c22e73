"""The question whether somebody got through: whom it is sent to, and what follows from the answers."""
