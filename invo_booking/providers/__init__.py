"""Adapters to providers of calendars; they translate and decide nothing."""
