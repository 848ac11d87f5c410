from datetime import datetime

a = datetime(*parts[:6])
b = datetime(*time.strptime(text, "%Y")[0:7])
c = datetime(*parts[:3], tzinfo=None)
