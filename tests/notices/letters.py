"""How the tests of letters let the loop run and pick what came of it."""

from datetime import datetime
from email.message import EmailMessage

from mail_server import MailServer
from pomost.notices import sender
from pomost.notices.models import Mail


def sent(about: str, mail_server: MailServer, to: str, now: datetime) -> list[EmailMessage]:
    """Return what has arrived for somebody, the oldest first, of the mails whose kind begins with `about`."""
    sender.run_once(now)
    wanted = Mail.objects.filter(kind__startswith=about, to=to).values_list("message_id", flat=True)
    return [each for each in mail_server.arrived if each["Message-ID"] in wanted and to in str(each["To"])]
