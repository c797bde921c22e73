"""Social sign-in: accounts of other sites by OpenID Connect, if SOCIAL_SIGN_IN names any (docs/security.md)."""
