"""Provide what routes share: gate, policies, limits, problem documents, shapes."""
