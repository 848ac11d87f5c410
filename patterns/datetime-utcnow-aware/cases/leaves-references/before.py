from datetime import datetime

now = datetime.utcnow
field = Field(default=datetime.utcnow)
