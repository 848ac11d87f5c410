try:
    from collections.abc import Mapping
except ImportError:
    from collections import Mapping

try:
    Set = collections.abc.Set
except AttributeError:
    Set = collections.Set
try:
    from collections import Mapping
except ModuleNotFoundError:
    Mapping = dict
try:
    Mapping = collections.Mapping
except AttributeError:
    Mapping = dict
try:
    from collections import Mapping
except Exception:
    Mapping = dict
try:
    from collections import Mapping
except BaseException:
    Mapping = dict
try:
    from collections import Mapping
except (KeyError, ImportError):
    Mapping = dict
try:
    from collections import Mapping
except:
    Mapping = dict
