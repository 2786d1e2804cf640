"""Write mails and invitations, and send them to a mail server."""
