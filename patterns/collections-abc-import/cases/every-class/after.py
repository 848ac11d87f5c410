from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, ByteString, Callable, Collection
from collections.abc import Container, Coroutine, Generator, Hashable, ItemsView, Iterable, Iterator, KeysView, Mapping
from collections.abc import MappingView, MutableMapping, MutableSequence, MutableSet, Reversible, Sequence, Set, Sized
from collections import OrderedDict
from collections.abc import ValuesView
