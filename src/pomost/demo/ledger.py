"""A small accounting-like program in Tk: what a customer has on the screen when a technician helps.

Owns: its windows and the file in which tests read what they typed. Does not own: the documents (book.py).
Refuses: unknown languages. Everything it holds is in memory; a new start is a new book.

    python -m pomost.demo.ledger pl [--state FILE] [--geometry WxH+X+Y]
"""

import argparse
import json
import tkinter as tk
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tkinter import ttk
from typing import Any, Final

from pomost.demo import ledger_look as look
from pomost.demo.book import Book, Document, money

TOOLS: Final = (
    ("add", "#3a8d4f"),
    ("edit", "#c08a2b"),
    ("delete", "#b24a3b"),
    ("print", "#536f8f"),
    ("send", "#536f8f"),
    ("recalculate", "#7d58a6"),
)
COLUMNS: Final = (
    ("number", 102),
    ("day", 84),
    ("contractor", 200),
    ("net", 88),
    ("vat", 74),
    ("gross", 92),
    ("state", 112),
)


class Ledger:
    """The program's main window."""

    def __init__(self, root: tk.Tk, book: Book, hour: str, state_file: Path | None) -> None:
        self.root = root
        self.book = book
        self.texts = book.texts
        self.state_file = state_file
        self.dialog: tk.Toplevel | None = None
        self.leaf = "all"
        self.contractor = tk.StringVar(root)
        self.note = tk.StringVar(root)
        self.status = tk.StringVar(root)
        self.selected_line = tk.StringVar(root)
        self.total_line = tk.StringVar(root)
        self.places: dict[str, tk.Misc] = {}
        """Widgets that a test may want to click, by name."""
        self._state_is_due = False

        branch = self.texts["tree"][0]
        root.title(
            f"{self.texts['program']} · {self.texts['entity']} · [{branch['name']}: {branch['leaves'][0]['name'].lower()}]"
        )
        look.apply(root)
        self._menus()
        self._tools()
        self._status_bar(hour)
        self._tree()
        self._fields()
        self._table()
        self.fill()
        for variable in (self.contractor, self.note):
            variable.trace_add("write", lambda *_: self.state_changed())
        root.bind_all("<FocusIn>", lambda _: self.state_changed(), add=True)
        for news in ("<Configure>", "<Map>", "<Expose>"):  # rows have no place before they were drawn
            root.bind_all(news, lambda _: self.state_changed(), add=True)

    # The parts of the window, from the top.

    def _menus(self) -> None:
        bar = tk.Menu(self.root, font=look.font(13), background=look.BAR, relief="flat", borderwidth=0)
        for name in self.texts["menus"]:
            menu = tk.Menu(bar, tearoff=False, font=look.font(13))
            if name == self.texts["menus"][2]:
                for key, _ in TOOLS:
                    menu.add_command(label=self.texts[key], command=self._act(key))
            else:
                menu.add_command(label=self.texts["empty_menu"], state="disabled")
            bar.add_cascade(label=name, menu=menu)
        self.root.configure(menu=bar)

    def _tools(self) -> None:
        bar = tk.Frame(self.root, bg=look.BAR, padx=8, pady=6)
        bar.pack(fill="x")
        for key, colour in TOOLS:
            button = ttk.Button(
                bar,
                text=self.texts[key],
                image=look.square(self.root, colour),
                compound="left",
                style="Tool.TButton",
            )
            button.configure(command=self._act(key))
            button.pack(side="left", padx=(0, 6))
            self.places[key] = button

    def _tree(self) -> None:
        tree = ttk.Treeview(self.root, show="tree", selectmode="browse", style="Tree.Treeview")
        tree.column("#0", width=142)
        for branch in self.texts["tree"]:
            parent = tree.insert("", "end", text=branch["name"], open=True, tags=("branch",))
            for leaf in branch["leaves"]:
                tree.insert(parent, "end", iid=leaf["key"], text=leaf["name"])
        tree.tag_configure("branch", font=look.font(12, "bold"))
        tree.selection_set("all")
        tree.bind("<<TreeviewSelect>>", lambda _: self._show_leaf(tree))
        tree.pack(side="left", fill="y")

    def _table(self) -> None:
        frame = tk.Frame(self.root, bg=look.SURFACE)
        frame.pack(fill="both", expand=True)
        self.empty = tk.Label(
            frame, font=look.font(13), bg=look.SURFACE, fg=look.QUIET, text=self.texts["nothing_here"]
        )
        table = ttk.Treeview(frame, show="headings", selectmode="browse", columns=[key for key, _ in COLUMNS])
        for (key, width), name in zip(COLUMNS, self.texts["columns"], strict=True):
            anchor: Any = "e" if key in ("net", "vat", "gross") else "w"
            table.heading(key, text=name, anchor=anchor)
            table.column(key, width=width, minwidth=60, anchor=anchor, stretch=key == "contractor")
        scroll = ttk.Scrollbar(frame, command=table.yview)
        table.configure(yscrollcommand=scroll.set)
        scroll.pack(side="right", fill="y")
        table.pack(side="left", fill="both", expand=True)
        table.tag_configure("odd", background=look.STRIPE)
        table.tag_configure("mismatch", background=look.WRONG, foreground=look.LATE)
        table.bind("<<TreeviewSelect>>", lambda _: self._show_selected())
        table.bind("<Double-1>", lambda _: self._act("edit")())
        self.table = table
        self.places["table"] = table

    def _fields(self) -> None:
        frame = tk.Frame(self.root, bg=look.BAR, padx=10, pady=8)
        frame.pack(side="bottom", fill="x")
        frame.columnconfigure(0, weight=3)
        frame.columnconfigure(1, weight=4)
        for column, key in enumerate(("contractor", "note")):
            tk.Label(frame, text=self.texts[key], font=look.font(12, "bold"), bg=look.BAR).grid(
                row=0, column=column, sticky="w"
            )
            entry = ttk.Entry(
                frame, font=look.font(13), textvariable=self.contractor if column == 0 else self.note
            )
            entry.grid(row=1, column=column, sticky="ew", padx=(0, 8))
            entry.bind("<Return>", lambda _: self._save())
            self.places[key] = entry
        save = ttk.Button(frame, text=self.texts["save"], command=self._save, style="Main.TButton")
        save.grid(row=1, column=2, sticky="e")
        self.places["save"] = save
        tk.Label(frame, textvariable=self.selected_line, font=look.font(12), bg=look.BAR).grid(
            row=2, column=0, sticky="w", pady=(10, 0)
        )
        total = tk.Label(frame, textvariable=self.total_line, font=look.font(13, "bold"), bg=look.BAR)
        total.grid(row=2, column=1, columnspan=2, sticky="e", pady=(10, 0))
        self.match = tk.Label(frame, font=look.font(13, "bold"), bg=look.BAR)
        self.match.grid(row=3, column=0, columnspan=3, sticky="w")

    def _status_bar(self, hour: str) -> None:
        bar = tk.Frame(self.root, bg=look.STATUS, padx=10, pady=4)
        bar.pack(side="bottom", fill="x")
        today = self.book.today
        period = f"{self.texts['months'][today.month - 1]} {today.year}"
        words = [
            self.texts["status_user"].format(user=self.texts["user"]),
            self.texts["status_period"].format(period=period),
            self.texts["status_copy"].format(hour=hour),
        ]
        for text in words:
            tk.Label(bar, text=text, font=look.font(11), bg=look.STATUS, fg=look.QUIET).pack(
                side="left", padx=(0, 40)
            )
        tk.Label(bar, textvariable=self.status, font=look.font(11, "bold"), bg=look.STATUS).pack(side="right")

    # What it shows.

    def _amount(self, amount: Any) -> str:
        return money(amount, self.texts["currency"])

    def fill(self, select: str | None = None) -> None:
        """Write the table and the sums anew, and select a document if its number is given."""
        documents = self.book.shown(self.leaf)
        self.table.delete(*self.table.get_children())
        for n, document in enumerate(documents):
            tag = "mismatch" if document.state == "mismatch" else "odd" if n % 2 else ""
            self.table.insert("", "end", iid=document.number, values=self._row(document), tags=(tag,))
        if documents:
            self.empty.place_forget()
        else:
            self.empty.place(relx=0.5, rely=0.4, anchor="center")
        self.total_line.set(self.texts["total"].format(total=self._amount(self.book.total_gross())))
        wrong = self.book.mistake()
        line = (
            self.texts["mismatch_line"].format(mistake=self._amount(wrong))
            if wrong
            else self.texts["match_line"]
        )
        self.match.configure(text=line, fg=look.LATE if wrong else look.GOOD)
        if select is not None:
            self.table.selection_set(select)
            self.table.see(select)
        self._show_selected()

    def _row(self, document: Document) -> tuple[str, ...]:
        sums = [
            self._amount(amount).rsplit("\u00a0", 1)[0]
            for amount in (document.net, document.vat, document.gross)
        ]
        return (
            document.number,
            f"{document.day:%d.%m.%Y}",
            document.contractor,
            *sums,
            self.texts[document.state],
        )

    def _show_leaf(self, tree: ttk.Treeview) -> None:
        chosen = tree.selection()[0]
        if not tree.parent(chosen):
            return
        self.leaf = chosen
        self.fill()

    def selected(self) -> str | None:
        """Return the number of the selected document."""
        chosen = self.table.selection()
        return chosen[0] if chosen else None

    def _show_selected(self) -> None:
        number = self.selected()
        document = self.book.document(number) if number else None
        self.contractor.set(document.contractor if document else "")
        self.note.set(document.note if document else "")
        count = len(self.book.shown(self.leaf))
        self.selected_line.set(self.texts["selected"].format(selected=1 if document else 0, count=count))
        self.state_changed()

    # What it does.

    def _act(self, key: str) -> Callable[[], None]:
        def act() -> None:
            number = self.selected()
            if key == "add":
                self.fill(select=self.book.add().number)
                self.places["contractor"].focus_set()
            elif number is None:
                self.status.set(self.texts["nothing_selected"])
            elif key == "edit":
                self.places["contractor"].focus_set()
            else:
                self._ask(key, number)
            self.state_changed()

        return act

    def _save(self) -> None:
        number = self.selected()
        if number is None:
            self.status.set(self.texts["nothing_selected"])
            return
        self.book.write(number, contractor=self.contractor.get(), note=self.note.get())
        self.fill(select=number)
        self.status.set(self.texts["saved_line"].format(number=number))

    def _ask(self, key: str, number: str) -> None:
        """Open the dialog of a tool for a document; a second one takes the first one's place."""
        self._close_dialog()
        self.dialog = look.dialog(self.root, self.texts[f"{key}_title"].format(number=number))
        body = tk.Frame(self.dialog, bg=look.SURFACE, padx=16, pady=14)
        body.pack(fill="both", expand=True)
        how = tk.StringVar(self.dialog, "total")
        if key == "recalculate":
            self._recalculate_body(body, number, how)
        else:
            text = (
                look.printout(self._row(self.book.document(number)), self.texts)
                if key == "print"
                else self.texts[f"{key}_text"]
            )
            tk.Label(
                body, text=text, font=look.font(13), bg=look.SURFACE, justify="left", wraplength=380
            ).pack(anchor="w")
        buttons = tk.Frame(body, bg=look.SURFACE)
        buttons.pack(anchor="e", pady=(16, 0))
        if key in ("recalculate", "delete"):
            main = ttk.Button(
                buttons,
                text=self.texts[key],
                style="Main.TButton",
                command=lambda: self._do(key, number, how.get()),
            )
            main.pack(side="left", padx=(0, 8))
            self.places["dialog.do"] = main
        cancel = ttk.Button(
            buttons,
            text=self.texts["cancel" if key in ("recalculate", "delete") else "close"],
            command=self._close_dialog,
        )
        cancel.pack(side="left")
        self.places["dialog.cancel"] = cancel
        self.dialog.protocol("WM_DELETE_WINDOW", self._close_dialog)
        self.dialog.bind("<Map>", lambda _: self.state_changed(), add=True)

    def _recalculate_body(self, body: tk.Frame, number: str, how: tk.StringVar) -> None:
        document = self.book.document(number)
        tk.Label(body, text=self.texts["recalculate_how"], font=look.font(13), bg=look.SURFACE).pack(
            anchor="w"
        )
        change = tk.StringVar(body)

        def show_change() -> None:
            difference = (
                document.net + document.vat - document.gross
                if how.get() == "each"
                else document.gross - document.gross
            )
            change.set(self.texts["recalculate_change"].format(change=self._amount(difference)))

        for way in ("total", "each"):
            text = self.texts[f"recalculate_{way}"]
            button = ttk.Radiobutton(body, text=text, value=way, variable=how, command=show_change)
            button.pack(anchor="w", pady=2)
            self.places[f"dialog.{way}"] = button
        show_change()
        tk.Label(body, textvariable=change, font=look.font(12), bg=look.SURFACE, fg=look.QUIET).pack(
            anchor="w", pady=(14, 0)
        )

    def _do(self, key: str, number: str, how: str) -> None:
        self._close_dialog()
        if key == "delete":
            self.book.delete(number)
            self.fill()
        elif how == "each":
            self.book.recalculate(number)
            self.fill(select=number)

    def _close_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.destroy()
            self.dialog = None
        self.places = {name: widget for name, widget in self.places.items() if not name.startswith("dialog.")}
        self.state_changed()

    # What tests read.

    def state_changed(self) -> None:
        """Write the state file once the window has come to rest."""
        if self.state_file is not None and not self._state_is_due:
            self._state_is_due = True
            self.root.after(30, self._write_state)

    def _write_state(self) -> None:
        self._state_is_due = False
        if self.state_file is None:
            return
        self.root.update_idletasks()
        focus = self.root.focus_displayof()
        state = {
            "selected": self.selected(),
            "contractor": self.contractor.get(),
            "note": self.note.get(),
            "status": self.status.get(),
            "dialog": self.dialog.title() if self.dialog is not None else None,
            "total_gross": str(self.book.total_gross()),
            "mistake": str(self.book.mistake()),
            "changed": {number: _plain(document) for number, document in self.book.changed.items()},
            "focus": next((name for name, widget in self.places.items() if widget is focus), None),
            "places": {name: _place(widget) for name, widget in self.places.items()},
            "rows": self._row_places(),
        }
        new = self.state_file.with_suffix(".new")
        new.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
        new.replace(self.state_file)

    def _row_places(self) -> dict[str, list[int]]:
        """Return where each visible row of the table is on the screen; Tk gives no box for the others."""
        left, top = self.table.winfo_rootx(), self.table.winfo_rooty()
        boxes = {number: self.table.bbox(number) for number in self.table.get_children()}
        return {
            number: [left + box[0], top + box[1], box[2], box[3]]
            for number, box in boxes.items()
            if not isinstance(box, str)
        }


def _place(widget: tk.Misc) -> list[int]:
    """Return where a widget is on the screen: left, top, width, height in pixels."""
    return [widget.winfo_rootx(), widget.winfo_rooty(), widget.winfo_width(), widget.winfo_height()]


def _plain(document: Document) -> dict[str, str]:
    return {
        "contractor": document.contractor,
        "note": document.note,
        "net": str(document.net),
        "vat": str(document.vat),
        "gross": str(document.gross),
        "state": document.state,
    }


def main() -> None:
    """Open the program and stay until its window is closed."""
    parser = argparse.ArgumentParser(prog="python -m pomost.demo.ledger", description=__doc__)
    parser.add_argument("language", choices=["pl", "ru"])
    parser.add_argument(
        "--state", type=Path, help="write the window's state into this JSON file on each change"
    )
    parser.add_argument(
        "--geometry", default="900x690+10+10", help="size and place of the window, as X knows it"
    )
    chosen = parser.parse_args()
    now = datetime.now(UTC).astimezone()
    root = tk.Tk(className="Ledger")
    root.geometry(chosen.geometry)
    Ledger(root, Book(chosen.language, now.date()), f"{now:%H:%M}", chosen.state)
    root.mainloop()


if __name__ == "__main__":
    main()
