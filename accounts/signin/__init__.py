"""Signing in beyond the password: second steps, passkeys, devices, proving again who one is."""
