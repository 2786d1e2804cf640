"""Parts of the panel that connects Outlook 365."""
