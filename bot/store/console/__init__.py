"""SQL of the operators' console: people, conversations attended, calls, suggestions, figures."""
