"""Ask the slot engine which times are open, and which agents are free then."""
