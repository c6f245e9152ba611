"""People who work at the console: their accounts, how they sign in, what ends their sessions; over Protocols."""
