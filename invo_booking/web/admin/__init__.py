"""The pages of administrators, and the parts that these pages share."""
