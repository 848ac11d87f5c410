from typing import Optional

import numpy as np
import py.path
from mine import Imported


class Box:
    a: Optional[np.ndarray]
    b: Optional[py.path.local]
    c: Optional[Imported]
    d: Optional[Imported.Inner]
