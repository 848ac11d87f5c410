from datetime import datetime

a = datetime.strptime(text, layout)
b = datetime.strptime(text, "%Y" + zone)
c = datetime.strptime(text, f"%Y{zone}")
d = datetime.strptime(text, "%Y-%m-%d" " %z")
e = datetime.strptime(text, LAYOUTS["short"])
