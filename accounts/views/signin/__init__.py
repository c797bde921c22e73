"""Pages of ways in: passwords, codes, passkeys, apps, accounts of other sites, and sessions."""
