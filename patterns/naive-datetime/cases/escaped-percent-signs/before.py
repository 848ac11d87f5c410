from datetime import datetime

LITERAL = "%Y %%z"
ZONE = "%%%z"

a = datetime.strptime(text, "%Y-%m-%d %%z")
b = datetime.strptime(text, LITERAL)
c = datetime.strptime(text, "%Y %%%%z")
d = datetime.strptime(text, ZONE)
e = datetime.strptime(text, "%%%z")
