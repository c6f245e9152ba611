"""What `bot.main` joins, a file for each capability: settings in, parts and routers out."""
