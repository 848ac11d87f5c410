from datetime import datetime

print(f"{datetime.utcnow()=}")
