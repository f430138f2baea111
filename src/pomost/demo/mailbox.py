"""The mailbox page: what the demo's desk has mailed, newest first, text and HTML shown without letting either act.

Owns: that page. Does not own: taking and keeping mail (post.py).
A mail's HTML runs in a sandboxed frame under a policy that loads nothing; its text is escaped; only http(s) links are made.

    python -m pomost.demo.mailbox --smtp-port 8025 --port 8011 --folder var/demo/mailbox
"""

import argparse
import asyncio
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from typing import Final
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from pomost.demo.loopback import (
    OnlyThisMachine,
    escaped,
    framed,
    language_of,
    pick_language,
    static_files,
    words,
)
from pomost.demo.post import Box, Mail, serve, special_answers

SHOWN_AT_ONCE: Final = 200
LINK: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
HTML_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def make_app(box: Box) -> OnlyThisMachine:
    """Return the page over a box."""

    def listed(request: Request) -> Response:
        return _list_page(request, box)

    def one(request: Request) -> Response:
        mail = box.mail(request.path_params["number"])
        return _missing(request) if mail is None else _mail_page(request, mail)

    def formatted(request: Request) -> Response:
        mail = box.mail(request.path_params["number"])
        return _missing(request) if mail is None else _formatted(mail)

    def attachment(request: Request) -> Response:
        mail = box.mail(request.path_params["number"])
        parts = list(mail.message.iter_attachments()) if mail is not None else []
        place = request.path_params["place"]
        return _attachment(parts[place]) if place < len(parts) else _missing(request)

    async def news(_request: Request) -> Response:
        return StreamingResponse(
            _counts(box), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    routes = [
        Route("/", listed),
        Route("/mails/{number:int}", one),
        Route("/mails/{number:int}/formatted", formatted),
        Route("/mails/{number:int}/attachments/{place:int}", attachment),
        Route("/news", news),
        Route("/language/{code}", pick_language),
        Mount("/static", static_files()),
    ]
    return OnlyThisMachine(Starlette(routes=routes))


async def _counts(box: Box) -> AsyncIterator[str]:
    """Say how many mails there are, and again after each new one."""
    arrived = asyncio.Event()
    box.listen(arrived.set)
    try:
        while True:
            arrived.clear()
            yield f"data: {box.count()}\n\n"
            await arrived.wait()
    finally:
        box.forget(arrived.set)


def _when(mail: Mail) -> str:
    sent = mail.sent_at
    return "" if sent is None else f"{sent.astimezone():%Y-%m-%d %H:%M}"


def _list_page(request: Request, box: Box) -> Response:
    say = words("mailbox", language_of(request))
    rows = "".join(
        f'<tr><td class="when">{_when(mail)}</td><td>{escaped(", ".join(mail.to))}</td>'
        f'<td><a href="/mails/{mail.number}">{escaped(mail.message["Subject"] or say["no_subject"])}</a></td></tr>'
        for mail in box.newest_first()[:SHOWN_AT_ONCE]
    )
    heads = "".join(f'<th scope="col">{escaped(say[key])}</th>' for key in ("sent", "to", "subject"))
    table = (
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        if rows
        else f'<p class="empty">{escaped(say["empty"])}</p>'
    )
    refusing = "".join(
        f"<li><code>{escaped(a.address)}</code> {escaped(a.answer)}{f' × {a.times}' if a.times else ''}</li>"
        for a in special_answers()
    )
    body = (
        f'<main data-count="{box.count()}"><h1>{escaped(say["title"])}</h1><p class="what">{escaped(say["what"])}</p>'
        f"<p>{escaped(say['count'].format(count=box.count()))}</p>{table}"
        f"<details><summary>{escaped(say['answers'])}</summary><ul>{refusing}</ul></details></main>"
    )
    return framed(request, say["title"], body, script="mailbox.js")


def _missing(request: Request) -> Response:
    say = words("mailbox", language_of(request))
    body = f'<main><h1>{escaped(say["gone"])}</h1><p><a href="/">{escaped(say["back"])}</a></p></main>'
    return framed(request, say["title"], body, status=404)


def _mail_page(request: Request, mail: Mail) -> Response:
    say = words("mailbox", language_of(request))
    message = mail.message
    subject = message["Subject"] or say["no_subject"]
    facts = [
        (say["sent"], _when(mail)),
        (say["from"], message["From"] or ""),
        (say["to"], ", ".join(mail.to)),
    ]
    lines = "".join(f"<dt>{escaped(name)}</dt><dd>{escaped(value)}</dd>" for name, value in facts)
    parts = [f'<p><a href="/">{escaped(say["back"])}</a></p><h1>{escaped(subject)}</h1><dl>{lines}</dl>']
    plain = message.get_body(("plain",))
    if plain is not None:
        parts.append(f'<h2>{escaped(say["text"])}</h2><div class="text">{with_links(_text(plain))}</div>')
    if message.get_body(("html",)) is not None:
        sandbox = "allow-popups allow-popups-to-escape-sandbox"
        parts.append(f"<h2>{escaped(say['html'])}</h2>")
        parts.append(
            f'<iframe sandbox="{sandbox}" src="/mails/{mail.number}/formatted" title="{escaped(say["html"])}"></iframe>'
        )
    attached = list(message.iter_attachments())
    if attached:
        items = "".join(
            f'<li><a href="/mails/{mail.number}/attachments/{place}">{escaped(part.get_filename() or part.get_content_type())}</a></li>'
            for place, part in enumerate(attached)
        )
        parts.append(f"<h2>{escaped(say['attachments'])}</h2><ul>{items}</ul>")
    headers = "".join(f"{escaped(name)}: {escaped(value)}\n" for name, value in message.items())
    parts.append(f"<details><summary>{escaped(say['headers'])}</summary><pre>{headers}</pre></details>")
    return framed(request, subject, f"<main>{''.join(parts)}</main>")


def with_links(text: str) -> str:
    """Return `text` escaped, its http(s) addresses as links, its lines kept."""
    made = []
    last = 0
    for found in LINK.finditer(text):
        address = escaped(found.group())
        made.append(escaped(text[last : found.start()]))
        made.append(f'<a href="{address}" target="_blank" rel="noreferrer">{address}</a>')
        last = found.end()
    made.append(escaped(text[last:]))
    return "".join(made)


def _text(part: MIMEPart) -> str:
    """Return a part's text; a charset it names wrongly or not at all is read as UTF-8, with marks for what does not fit."""
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        return content.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        return content.decode("utf-8", errors="replace")


def _formatted(mail: Mail) -> Response:
    part = mail.message.get_body(("html",))
    text = "" if part is None else _text(part)
    # Links leave the frame for a tab of their own; the policy is set again here, for a reader who opens the part alone.
    headers = {
        "Content-Security-Policy": HTML_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(f'<base target="_blank">{text}', headers=headers)


def _attachment(part: EmailMessage | MIMEPart) -> Response:
    raw = part.get_payload(decode=True)
    name = quote(part.get_filename() or "attachment")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(
        raw if isinstance(raw, bytes) else b"", media_type="application/octet-stream", headers=headers
    )


async def run(folder: Path, *, smtp_port: int, port: int) -> None:
    """Take mail and show it until the process is asked to end.

    Raises:
        OSError: a port is taken.
    """
    box = Box(folder)
    post = await serve(box, smtp_port, special_answers())
    config = uvicorn.Config(
        make_app(box), host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1
    )
    try:
        await uvicorn.Server(config).serve()
    finally:
        post.close()


def main() -> None:
    """Keep the mailbox until it is ended."""
    parser = argparse.ArgumentParser(prog="python -m pomost.demo.mailbox", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args()
    asyncio.run(run(chosen.folder, smtp_port=chosen.smtp_port, port=chosen.port))


if __name__ == "__main__":
    main()
