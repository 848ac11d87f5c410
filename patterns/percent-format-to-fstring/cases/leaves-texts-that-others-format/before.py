logger.info("%s: %d", name, len(names))
cursor.execute("SELECT %s", (name,))
day = now.strftime("%Y-%m-%d")
text = "100%"
