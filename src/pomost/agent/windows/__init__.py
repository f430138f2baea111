"""The app's windows: what Tk draws, and nothing that decides.

Each window gets what to show and whom to call; `pomost.agent.app` puts them together. Words come from `pomost.agent.texts`, colours and
parts from `look`. None of them grants anything by a key: a consent is a click or Enter on a button that has the focus, and "no" has it first.
"""
