"""People and programs sign in; credentials are made and revoked."""
