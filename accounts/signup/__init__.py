"""Sign-up, sign-in and their letters: what allauth is told of our rules, and what keeps programs out."""
