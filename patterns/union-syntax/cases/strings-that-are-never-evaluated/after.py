from typing import Dict


def f(self):
    a: "Box | None" = None
    self.b: Dict[str, "Box | int | Other | None"] = {}
    c: 'List["Box"] | None' = None
