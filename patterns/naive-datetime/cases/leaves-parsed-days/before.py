from datetime import datetime

a = datetime.strptime(text, "%Y-%m-%d").date()
b = datetime.strptime(text, "%H:%M").time()
