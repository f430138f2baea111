"""What stands on an invoice that the customer opens in the portal."""

import re
import subprocess
from pathlib import Path

from playwright.sync_api import Page

from e2e.desk import Desk


def invoice_text(desk: Desk, customer: Page, folder: Path) -> str:
    """Return the text of the newest invoice among the customer's documents, with single spaces."""
    customer.goto(desk.url("documents/"))
    link = customer.locator("a[href$='.pdf']").first.get_attribute("href")
    pdf = folder / "invoice.pdf"
    pdf.write_bytes(customer.request.get(f"{desk.address}{link}").body())
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    return re.sub(r"\s+", " ", text)
