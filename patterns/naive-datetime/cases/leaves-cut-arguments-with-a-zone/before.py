from datetime import datetime

a = datetime(*parts[:6], tzinfo=zone)
b = datetime(*parts[:6], **options)
c = datetime.now(*zones[:1])
