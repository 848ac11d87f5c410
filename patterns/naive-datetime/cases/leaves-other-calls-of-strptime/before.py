from datetime import datetime

a = datetime.strptime(text)
b = datetime.strptime(text, "%Y", more)
c = datetime.strptime(text, format="%Y")
d = datetime.strptime(text, *"%Y")
