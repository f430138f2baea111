"""Records of remote sessions: who, which level was granted when, what was counted.

Owns: `RemoteSession`, `SessionEvent`, and the `gateway` by which the engine speaks with the desk (joined in config).
Does not own: the session itself (engine, agent, wire). Written only by: `remote.actions`.
"""
