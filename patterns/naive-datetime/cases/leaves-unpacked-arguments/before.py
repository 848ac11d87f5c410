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
j = datetime(*parts[:6], tzinfo=zone)
k = datetime(*parts[:6], **options)
l = datetime(*parts[:count])
