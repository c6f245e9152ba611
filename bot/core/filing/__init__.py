"""Filing a case for somebody: for a caller, or out of a letter, an e-mail, a note, a visit."""
