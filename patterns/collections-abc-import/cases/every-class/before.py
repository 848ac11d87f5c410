from collections import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, ByteString, Callable, Collection
from collections import Container, Coroutine, Generator, Hashable, ItemsView, Iterable, Iterator, KeysView, Mapping
from collections import MappingView, MutableMapping, MutableSequence, MutableSet, Reversible, Sequence, Set, Sized
from collections import ValuesView, OrderedDict
