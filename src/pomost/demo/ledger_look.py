"""How the accounting-like program looks: colours, fonts, ttk styles, its dialog. Deliberately not Pomost's own look.

Owns: no data and no behaviour. Read next: `ledger.py`.
"""

import tkinter as tk
from collections.abc import Mapping, Sequence
from tkinter import ttk
from typing import Any, Final

BAR: Final = "#eef2f5"
STATUS: Final = "#dde4ea"
SURFACE: Final = "#ffffff"
STRIPE: Final = "#f5f7f9"
HEAD: Final = "#dfe6ec"
CHOSEN: Final = "#cfe0ee"
WRONG: Final = "#fde3c8"
INK: Final = "#1d242b"
QUIET: Final = "#5b6670"
LATE: Final = "#b0302a"
GOOD: Final = "#2a6b45"
MAIN: Final = "#2f6db5"
LINE: Final = "#b9c3cc"

_squares: dict[str, tk.PhotoImage] = {}  # Tk drops an image nobody holds


def font(size_px: int, weight: str = "normal") -> tuple[str, int, str]:
    """Return the program's font in pixels, so that it has the same size on every screen."""
    return ("Noto Sans", -size_px, weight)


def square(root: tk.Tk, colour: str) -> tk.PhotoImage:
    """Return a tool's picture: a square of one colour."""
    if colour not in _squares:
        picture = tk.PhotoImage(master=root, width=14, height=14)
        picture.put(colour, to=(0, 0, 14, 14))
        _squares[colour] = picture
    return _squares[colour]


def apply(root: tk.Tk) -> None:
    """Set the styles of all widgets of this program."""
    root.configure(bg=BAR)
    style = ttk.Style(root)
    style.theme_use("clam")
    style.configure(".", font=font(13), foreground=INK)
    style.configure(
        "TButton",
        padding=(12, 4),
        background="#f4f6f8",
        bordercolor=LINE,
        lightcolor="#f4f6f8",
        darkcolor="#f4f6f8",
    )
    style.configure(
        "Tool.TButton",
        width=-1,
        padding=(8, 4),
        background=SURFACE,
        bordercolor=LINE,
        lightcolor=SURFACE,
        darkcolor=SURFACE,
    )
    style.configure(
        "Main.TButton",
        background=MAIN,
        foreground="#ffffff",
        bordercolor=MAIN,
        lightcolor=MAIN,
        darkcolor=MAIN,
    )
    style.map("Main.TButton", background=[("active", "#3d7cc6")])
    style.configure("TRadiobutton", background=SURFACE)
    style.map("TRadiobutton", background=[("active", SURFACE)])
    style.configure("TEntry", padding=4, bordercolor=LINE)
    style.configure(
        "Treeview",
        font=font(12),
        rowheight=22,
        background=SURFACE,
        fieldbackground=SURFACE,
        bordercolor=LINE,
        borderwidth=0,
    )
    style.configure("Treeview.Heading", font=font(12, "bold"), background=HEAD, relief="flat", padding=(4, 4))
    style.map("Treeview.Heading", background=[("active", HEAD)])
    style.map("Treeview", background=[("selected", CHOSEN)], foreground=[("selected", INK)])
    style.configure("Tree.Treeview", indent=14)
    style.configure(
        "TScrollbar", background="#e3e8ec", troughcolor=BAR, bordercolor=BAR, gripcount=0, arrowcolor=QUIET
    )


def dialog(root: tk.Tk, title: str) -> tk.Toplevel:
    """Open a dialog over the middle of the program's window. The caller fills it."""
    window = tk.Toplevel(root, bg=SURFACE)
    window.title(title)
    window.minsize(460, 0)
    window.transient(root)
    window.resizable(width=False, height=False)
    window.geometry(f"+{root.winfo_rootx() + 250}+{root.winfo_rooty() + 210}")
    return window


def printout(row: Sequence[str], texts: Mapping[str, Any]) -> str:
    """Return a document as the lines of its printed page."""
    return "\n".join(f"{name}: {value}" for name, value in zip(texts["columns"], row, strict=True))
