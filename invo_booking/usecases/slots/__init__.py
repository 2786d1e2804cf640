"""Ask the slot engine which times are open, and for whom."""
