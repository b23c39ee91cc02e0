"""Training of the learned attributor: scripts, in progress; not part of the installed package."""
