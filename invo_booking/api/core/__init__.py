"""Shared parts of routes: gate, policy, limits, problems, shapes."""
