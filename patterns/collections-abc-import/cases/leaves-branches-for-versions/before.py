import sys

import collections

if sys.version_info >= (3, 3):
    from collections.abc import Mapping
else:
    from collections import Mapping

if PY2:
    from collections import Sequence

Set = collections.abc.Set if hasattr(collections, "abc") else collections.Set
if hasattr(collections, "Mapping"):
    Mapping = collections.Mapping
if IS_PY2:
    from collections import Mapping
if VERSION < 3:
    from collections import Mapping
