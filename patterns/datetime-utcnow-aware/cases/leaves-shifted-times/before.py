from datetime import datetime

a = datetime.utcnow().astimezone()
b = datetime.utcfromtimestamp(seconds).astimezone(zone)
