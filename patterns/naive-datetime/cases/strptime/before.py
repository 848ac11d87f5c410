from datetime import datetime

a = datetime.strptime(text, "%Y-%m-%d")
b = datetime.strptime(text, "%Y-%m-%d %H:%M:%S " "%Z")
c = datetime.strptime(text, "%Y").replace(hour=1)
d = datetime.strptime(text, "%Y").replace(tzinfo=None)
e = datetime.strptime(text, "%Y").isoformat()
