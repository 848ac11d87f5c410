import os
from typing import Any

x: int | None = 1
y: int | Any = os
