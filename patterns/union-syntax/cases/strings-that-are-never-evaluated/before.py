from typing import Dict, Optional, Union


def f(self):
    a: Optional["Box"] = None
    self.b: Dict[str, Union["Box", int, Optional["Other"]]] = {}
    c: Optional['List["Box"]'] = None
