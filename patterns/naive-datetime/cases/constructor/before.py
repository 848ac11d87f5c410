from datetime import datetime

a = datetime(2026, 1, 31)
b = datetime(2026, 1, 31, 12, 0, 0, 0)
c = datetime(2026, 1, 31, 12, 0, 0, 0, None)
d = datetime(year=2026, month=1, day=31, tzinfo=None)
e = datetime(
    2026,
    1,  # January
    31,
)
