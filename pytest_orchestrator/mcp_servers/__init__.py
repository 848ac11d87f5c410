"""The rooms' use cases, offered to agents over the Model Context Protocol."""
