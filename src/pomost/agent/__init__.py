"""The customer's app: who may see and touch this computer, decided at this computer.

It owns capture, input, the consent windows and the bar. It refuses everything the customer did not click. No Django here,
and few dependencies: it must start on an office computer without an installation. Read on in `session_flow` (what may
happen when), `guard` (the process that alone can press keys) and `streamer` (how the picture goes out).
"""
