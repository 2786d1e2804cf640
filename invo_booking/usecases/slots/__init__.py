"""Which times are open, and for whom."""
