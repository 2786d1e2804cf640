"""Shared parts of use cases: dependencies, ports, rights, history, links."""
