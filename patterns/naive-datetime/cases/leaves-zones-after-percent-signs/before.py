from datetime import datetime

ZONE = "%Y %%%z"

a = datetime.strptime(text, ZONE)
b = datetime.strptime(text, "%%%%%z")
