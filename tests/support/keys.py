"""The secret keys of all deployments that tests start."""

SECRET_KEYS = "test:" + "5e" * 32
