import os
from typing import Any, Optional
from typing import Union

x: Optional[int] = 1
y: Union[int, Any] = os
