"""Texts, dates and times as pages show them."""
