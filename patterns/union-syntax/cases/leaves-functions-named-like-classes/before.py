import multiprocessing as mp
import threading
import typing
from typing import Optional


class Shared:
    array: Optional[mp.Array]
    barrier: Optional[mp.Barrier]
    boundedsemaphore: Optional[mp.BoundedSemaphore]
    condition: Optional[mp.Condition]
    event: Optional[mp.Event]
    joinablequeue: Optional[mp.JoinableQueue]
    lock: Optional[mp.Lock]
    manager: Optional[mp.Manager]
    pipe: Optional[mp.Pipe]
    pool: Optional[mp.Pool]
    queue: Optional[mp.Queue]
    rlock: Optional[mp.RLock]
    rawarray: Optional[mp.RawArray]
    rawvalue: Optional[mp.RawValue]
    semaphore: Optional[mp.Semaphore]
    simplequeue: Optional[mp.SimpleQueue]
    value: Optional[mp.Value]


class Local:
    lock: Optional[threading.RLock]
    names: Optional[typing.NamedTuple]
    keys: Optional[typing.TypedDict]
