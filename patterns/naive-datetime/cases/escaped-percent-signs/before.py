from datetime import datetime

LITERAL = "%Y %%z"

a = datetime.strptime(text, "%Y-%m-%d %%z")
b = datetime.strptime(text, LITERAL)
c = datetime.strptime(text, "%Y %%%%z")
