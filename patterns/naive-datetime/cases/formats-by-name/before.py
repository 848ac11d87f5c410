from datetime import datetime
from settings import LAYOUT

SHORT = "%H"


def parse(text, layout):
    a = datetime.strptime(text, layout)
    b = datetime.strptime(text, LAYOUT)
    c = datetime.strptime(text, SHORT)
    d = datetime.strptime(text, f"%Y{layout}")
    e = datetime.strptime(text, LAYOUTS["short"])
