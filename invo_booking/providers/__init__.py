"""Adapters to calendar providers; they translate calls and data, and hold no rules."""
