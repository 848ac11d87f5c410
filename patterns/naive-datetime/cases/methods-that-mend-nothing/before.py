from datetime import datetime

a = datetime.now().date()
b = datetime.now().time()
c = datetime.now().combine(day, time, tzinfo=zone)
