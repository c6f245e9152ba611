"""SQL of channels outside the web: threads, what arrived, tokens, what was given up, joined accounts."""
