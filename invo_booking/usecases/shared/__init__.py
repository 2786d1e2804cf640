"""Provide what all use cases need: dependencies, ports, rights, audit log, links."""
