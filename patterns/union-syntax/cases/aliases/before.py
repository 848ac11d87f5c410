import re
from typing import Optional, Tuple, TypeAlias, TypeVar, Union

T = TypeVar("T")
Flags = re.I | re.M
Quoted = Union["Box"]
Spelled: TypeAlias = "int"
Nothing = None
Circular = Circular
Text = str
Number = Count = int
Name: TypeAlias = Text
Either = Union["Box", Number]
Both = Union["Box", "Row"]
Same = Union["Box", 'Box']
Pair = Tuple[T, T]


def f(a: Optional[Flags], b: Optional[Quoted], c: Optional[Spelled], d: Optional[Nothing], e: Optional[Circular], h: Optional[Same]): ...
def g(a: Optional[Name], b: Union[Count, Text], c: Optional[Either], d: Optional[Pair[int]], e: Optional[Both]): ...
