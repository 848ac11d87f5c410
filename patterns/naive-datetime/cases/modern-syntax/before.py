from datetime import datetime


class Event[T]:
    async def wait[K](self, /, since=datetime.now(), *, until: K = datetime.max):
        match since:
            case datetime(year=2026):
                return [now for _ in "ab" if (now := datetime.now())]
            case _:
                await (lambda: datetime.today())()
