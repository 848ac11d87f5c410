from datetime import datetime

LAYOUT = DEFAULT = "%Y-%m-%d %z"
SHORT: str = "%H %z"


class Layouts:
    LONG = "%d.%m.%Y %z"


def parse(text, layout="%Y%z"):
    a = datetime.strptime(text, "%Y-%m-%d" " %z")
    b = datetime.strptime(text, f"%Y {form} %z")
    c = datetime.strptime(text, "%Y" + "%z")
    d = datetime.strptime(text, layout)
    e = datetime.strptime(text, LAYOUT if a else "%Y")
    f = datetime.strptime(text, SHORT)
    g = datetime.strptime(text, Layouts.LONG)
    for form in ("%Y", "%Y %z"):
        h = datetime.strptime(text, form)
