options: list = []
dict(a=[], b={})
call(default=[])


class Settings:
    items: list = []
    table = {}

    def make(self):
        items = []
        for item in [1, 2]:
            items.append({})
        return items


def annotated(a: [], b: {} = None) -> []:
    return a
