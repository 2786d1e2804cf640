"""A fake Google: its sign-in and Calendar v3, over HTTPS, held to Google's types.

What it answers is taken from Google's discovery document and reference pages, and from
public threads where real answers are quoted.

Source:
    googleapiclient/discovery_cache/documents/calendar.v3.json
    developers.google.com/workspace/calendar/api/guides/errors
    developers.google.com/identity/protocols/oauth2/web-server
    developers.google.com/identity/protocols/oauth2/service-account
    github.com/googleapis/google-api-ruby-client/issues/1811 on ids of deleted events
    github.com/googleapis/google-api-python-client/issues/210 on deleting twice
    github.com/spatie/laravel-google-calendar/issues/159 on service accounts
    github.com/googleapis/google-api-php-client/issues/1725 on quotaExceeded
"""

from tests.support.google.google import Google
from tests.support.google.people import SCHEDULER
from tests.support.google.server import running_fake

__all__ = ["SCHEDULER", "Google", "running_fake"]
