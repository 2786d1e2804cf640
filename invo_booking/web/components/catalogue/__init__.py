"""Parts of the pages of what is on offer, and of the audit trail."""
