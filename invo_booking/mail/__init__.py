"""What is sent: the words of a mail, its invitation, and the way to a mail server."""
