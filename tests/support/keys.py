"""The secret keys of all deployments that tests start."""

SECRET_KEYS = "test:" + "5e" * 32

KEY = bytes.fromhex(SECRET_KEYS.partition(":")[2])
"""The first of them."""
