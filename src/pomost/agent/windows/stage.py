"""The one window of the app: shows one view at a time, above all others whenever it asks something.

It owns the Tk root and the drawing of each view. It refuses nothing and decides nothing. When a question cannot be drawn it says so
by `CannotShow`, and the answer is then no.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from pomost.agent import views
from pomost.agent.texts import Translate
from pomost.agent.windows import asking, before, ended, people
from pomost.agent.windows.look import Look, Tokens
from pomost.agent.windows.part import MARGIN_PX, WIDTH_PX, Actions, Part

SEEN_WITHIN_MS = 200
"""How long a window manager may take to show a window before it is asked again."""

SHOWN_AGAIN_MAX = 20

_QUESTIONS = (views.Before, views.Words, views.Asked, views.Estimate, views.Ended)


class CannotShow(Exception):
    """A view could not be drawn; the message says why."""


class Stage:
    """The window."""

    def __init__(
        self,
        tokens: Tokens,
        translate: Translate,
        actions: Actions,
        *,
        title: str,
        name: str,
        question_seconds_left: Callable[[], int],
        display_name: str | None = None,
    ) -> None:
        """Make the window, hidden.

        Args:
            tokens: light or dark.
            translate: the customer's language.
            actions: told of every click.
            title: the window's title: the vendor's name and what this is.
            name: the customer's name as last given.
            question_seconds_left: how long the open question still waits.
            display_name: the X server; None means $DISPLAY.

        Raises:
            CannotShow: there is no display to draw on.
        """
        try:
            self.root = tk.Tk(screenName=display_name, className="Pomost")
        except tk.TclError as missing:
            raise CannotShow(str(missing)) from missing
        self.root.withdraw()
        self.root.title(title)
        self.root.resizable(width=False, height=False)
        self.root.protocol("WM_DELETE_WINDOW", self._closed)
        self._look = Look(self.root, tokens)
        self._translate, self._actions = translate, actions
        self._list = people.ListState(tk.StringVar(self.root, name))
        self._seconds_left = question_seconds_left
        self._body: tk.Frame | None = None
        self._first: tk.Misc = self.root
        self.hot_key = ""
        self.view: views.View | None = None

    def show(self, view: views.View) -> None:
        """Show `view` instead of what was shown.

        Raises:
            CannotShow: it could not be drawn.
        """
        if view == self.view:
            return
        before_it, self.view = self.view, view
        try:
            self._draw(view)
            if isinstance(view, views.Running):
                self.root.withdraw()
                return
            self._place(anew=type(before_it) is not type(view))
        except tk.TclError as wrong:
            raise CannotShow(str(wrong)) from wrong

    def introduce(self, title: str, translate: Translate) -> None:
        """Speak another language from the next view on, under this title."""
        self.root.title(title)
        self._translate = translate

    def _draw(self, view: views.View) -> None:
        if self._body is not None:
            self._body.destroy()
        outer = self._look.frame(self.root)
        self._body = outer
        outer.bind("<Configure>", self._fit)
        tk.Frame(outer, bg=self._look.tokens.surface, width=WIDTH_PX, height=1).pack()
        part = Part(
            self._look.frame(outer, padx=MARGIN_PX, pady=(12, 16)),
            self._look,
            self._translate,
            self._actions,
            self.hot_key,
            self._begin_with,
        )
        self._first = self.root
        match view:
            case views.Connecting():
                people.connecting(part, view)
            case views.Barred():
                people.barred(part, view)
            case views.Choosing():
                people.choosing(part, view, self._list)
            case views.Calling():
                people.calling(part, view)
            case views.Before():
                before.before(part, view)
            case views.Waiting():
                before.waiting(part, view)
            case views.Words():
                asking.words(part, view)
            case views.Asked():
                asking.asked(part, view, self._seconds_left)
            case views.Estimate():
                asking.estimate(part, view)
            case views.Ended():
                ended.ended(part, view)
            case views.Running():
                pass

    def _begin_with(self, widget: tk.Misc) -> None:
        self._first = widget

    def _place(self, *, anew: bool) -> None:
        """Bring the window to front; a question also stays there and lies where the bar does not."""
        asks = isinstance(self.view, _QUESTIONS)
        self.root.update_idletasks()
        if anew:
            width, height = self.root.winfo_reqwidth(), self.root.winfo_reqheight()
            x = max((self.root.winfo_screenwidth() - width) // 2, 0)
            y = max((self.root.winfo_screenheight() - height) // 3, 0)
            self.root.geometry(f"+{x}+{y}")
        self._fit()
        self.root.attributes("-topmost", asks)
        self.root.deiconify()
        self.root.lift()
        self.root.after(SEEN_WITHIN_MS, self._make_sure_it_is_seen, self.view, SHOWN_AGAIN_MAX)
        if asks:
            self._first.focus_force()  # Tk sets the focus once the widget is mapped
        else:
            self._first.focus_set()

    def _fit(self, *_event: object) -> None:
        """Give the window the size that its content asks for.

        Said aloud, since a window that was hidden with one content and is shown with another at once is sometimes left one pixel large.
        """
        self.root.geometry(f"{self.root.winfo_reqwidth()}x{self.root.winfo_reqheight()}")

    def _make_sure_it_is_seen(self, view: views.View | None, tries: int) -> None:
        """Show the window again if the window manager lost it or left it too small to be read."""
        if view is not self.view:
            return
        if self.root.winfo_viewable() and self.root.winfo_width() >= WIDTH_PX:
            return
        self.root.withdraw()
        self._fit()
        self.root.update_idletasks()
        self.root.deiconify()
        self.root.lift()
        if tries:
            self.root.after(SEEN_WITHIN_MS, self._make_sure_it_is_seen, view, tries - 1)

    def _closed(self) -> None:
        """The window's own cross is always the careful answer."""
        match self.view:
            case views.Calling() | views.Before():
                self._actions.hang_up()
            case views.Asked():
                self._actions.answer(False, frozenset())
            case views.Estimate():
                self._actions.decide(False)
            case views.Words() | views.Waiting():
                self._actions.end()
            case views.Ended():
                self._actions.back()
            case _:
                self._actions.quit()
