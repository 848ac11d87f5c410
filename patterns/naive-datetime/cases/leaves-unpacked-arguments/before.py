from datetime import datetime

a = datetime(*parts)
b = datetime(2026, 1, 31, **options)
c = datetime.now(*zone)
d = datetime.now(**options)
e = datetime.fromtimestamp(0, **options)
f = datetime.strptime(*parts)
g = datetime(*parts[:8])
h = datetime(2026, *parts[:7])
i = datetime(*parts[2:])
l = datetime(*parts[:count])
