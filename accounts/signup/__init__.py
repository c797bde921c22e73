"""Sign-up, sign-in and their e-mails: allauth's adapter with our rules, and bot detection."""
