"""Programs around codemods that replace single names, prefixes and arguments."""

from __future__ import annotations

from tests.patterns.behaviour.check import Family

_PLACES = {
    "place": [
        "<code>",
        "def f(<parameters>):\n    <code>\n\nf()",
        "class A:\n    <bound>\n    <code>",
        "class A:\n    <bound>\n    def f(self):\n        <code>\n\nA().f()",
        "if True:\n    <code>",
        "try:\n    <code>\nexcept OSError as error:\n    print('caught', error)",
        "def f():\n    def g():\n        <code>\n    <bound>\n    return g\n\nf()()",
        "for number in range(2):\n    <code>",
    ],
}

NAMES = Family(
    codemods=("io-error-alias", "collections-abc-import", "lru-cache-to-cache"),
    names=("call", "fail", "log", "unchanged"),
    grammar={
        **_PLACES,
        "program": ["<import>\n<bound>\n\n<place>\nprint(log)"],
        "import": [
            "import collections, functools, select, socket\nfrom functools import lru_cache\nfrom socket import error",
            (
                "import collections\nimport functools as f, os as socket, select\n"
                "from functools import lru_cache, wraps\nerror = OSError"
            ),
            (
                "import collections, functools\nfrom collections import Mapping, OrderedDict\nfrom functools import *\n"
                "from os import error\nimport select, socket"
            ),
            (
                "try:\n    from collections import Mapping\n"
                "except ImportError:\n    from collections.abc import Mapping\n"
                "import collections, functools, select, socket\nfrom select import error\n"
                "from functools import lru_cache as memo, lru_cache"
            ),
            (
                "from collections import Mapping, Callable, deque\n"
                "import collections.abc, functools\nimport select, socket\n"
                "from functools import lru_cache\nfrom socket import error, timeout"
            ),
        ],
        "bound": [
            "",
            "",
            "",
            "IOError = KeyError",
            "cache = print",
            "OSError = KeyError",
            "def cache(x): return x",
            "Mapping = dict",
        ],
        "parameters": ["", "", "IOError=KeyError", "OSError=KeyError", "cache=None"],
        "code": ["<raise>", "<check>", "<cached>"],
        "raise": [
            *(
                "try:\n    fail(OSError('a'))\nexcept <alias>:\n    print('caught')",
                "print(<alias> is OSError, <alias>.__name__)",
            ),
            *("try:\n    raise <alias>(2, 'b')\nexcept (ValueError, <alias>) as found:\n    print(type(found), found)"),
            *("print(issubclass(<alias>, Exception), f'{<alias>}', f'{<alias>=}')", "fail(<alias>('a'))"),
        ],
        "alias": [
            "IOError",
            "EnvironmentError",
            "socket.error",
            "select.error",
            "error",
            "WindowsError if False else IOError",
        ],
        "check": [
            "print(isinstance({}, collections.<abc>), collections.<abc>.__name__)",
            "print(isinstance({}, Mapping), Mapping.__module__)",
            "print(hasattr(collections, '<abc>'), collections.OrderedDict, f'{collections.<abc>=}')",
            "import collections\nprint(collections.<abc>)",
            "from collections import <abc> as Found, namedtuple\nprint(Found, namedtuple('A', 'b')(1))",
            "collections = {}\nprint(collections)",
        ],
        "abc": ["Mapping", "Callable", "Iterable", "OrderedDict", "MutableSet", "Hashable"],
        "cached": [
            (
                "@<cache>\ndef g(x):\n    call(x)\n    return x\n"
                "print(g(1), g(1), g(1.0), g.cache_info(), g.cache_parameters())"
            ),
            "@unchanged\n@<cache>\ndef g(x):\n    return call(x)\nprint(g(1), g(1), g.__name__)",
            "@<cache>\nclass B: pass\nprint(B() is B())",
            "g = <cache>(call)\nprint(g(1), g(1))",
        ],
        "cache": [
            *(
                "lru_cache(maxsize=None)",
                "functools.lru_cache(maxsize=None)",
                "lru_cache(None)",
                "lru_cache()",
                "lru_cache",
            ),
            *(
                "lru_cache(maxsize=None, typed=True)",
                "lru_cache(128)",
                "functools.lru_cache(None, False)",
                "memo(None)",
            ),
        ],
    },
)

TEXTS = Family(
    codemods=("drop-coding-cookie", "native-string-prefix", "redundant-open-mode"),
    names=("call", "log", "text"),
    grammar={
        **_PLACES,
        "program": [
            (
                "<top>\nimport io, os, tempfile\n"
                "name = os.path.join(tempfile.gettempdir(), 'missing', 'file')\n<bound>\n\n<place>"
            )
        ],
        "top": [
            *("# -*- coding: utf-8 -*-", "#!/usr/bin/python\n# coding: utf-8", "# coding=utf8\n# coding: latin-1"),
            *(
                "# vim: set fileencoding=utf-8 :",
                "\n# coding: utf-8\n",
                "'''text'''\n# coding: utf-8",
                "u'''documented'''",
            ),
            *(
                "# coding: utf-8\nu'''documented'''",
                "from __future__ import annotations",
                "# one\n# two\n# coding: latin-1",
            ),
        ],
        "bound": ["", "", "open = print", "from io import open", "def open(*args): print(args)"],
        "parameters": ["", "", "open=print"],
        "code": [
            "print(<text>, repr(<text>), type(<text>), __doc__)",
            "print(f'{<text>}', f'{<text>!r}', [<text> <text>], {<text>: 1})",
            "x: u'int' = 1\nprint(__annotations__ if 'x' in globals() else '')",
            "def g(x: u'int' = u'é'): u'doc'\nprint(g.__annotations__, g.__doc__, g.__defaults__)",
            "print(f'{<text>=}')",
            (
                "try:\n    with open(<arguments>) as file: print(file.read())\n"
                "except Exception as error:\n    print(type(error))"
            ),
            "with open(os.devnull, <mode>) as file:\n    print(type(file), getattr(file, 'encoding', ''))",
            "print([type(open(os.devnull, <mode>)) for _ in 'ab'])",
        ],
        "text": [
            "u'é'",
            'u"é"',
            "U'''a\nb'''",
            "u'\\n\\N{BULLET}'",
            "''u'text'",
            "'a' u'b'",
            "(u'a' 'b')",
            "u'' or b''",
            "r'\\n'",
        ],
        "arguments": [
            "name",
            "name, <mode>",
            "name, mode=<mode>",
            "os.devnull, <mode>, encoding='utf-8'",
            "*[name], <mode>",
        ],
        "mode": [
            "'r'",
            "'rt'",
            "'rb'",
            "'w'",
            "'wt'",
            "'tr'",
            "u'r'",
            "'rU'",
            "'br'",
            "'r' 't'",
            "'r+'",
            "'rt+'",
            "'x'",
            "str('r')",
        ],
    },
)

TIMES = Family(
    codemods=("datetime-utcnow-aware",),
    names=("make_aware", "unchanged", "zone"),
    grammar={
        **_PLACES,
        "program": ["<import>\n<bound>\n\n<place>"],
        "import": [
            *(
                "import datetime as dt\nfrom datetime import datetime, timedelta",
                "import datetime as dt\nfrom datetime import *",
            ),
            "import datetime as dt\nfrom datetime import datetime, timedelta, timezone",
            "import datetime as dt\nfrom datetime import datetime, timedelta\ntimezone = None",
            "import datetime as dt\nfrom datetime import datetime, timedelta\nclass timezone: pass",
        ],
        "bound": ["", "", "", "timezone = datetime_timezone = None", "now = timezone = 'taken'"],
        "parameters": ["", "", "timezone=None", "dt=dt"],
        # The aware datetime is another value: only what doesn't depend on its zone is compared, and that nothing fails.
        "code": [
            *("print((<moment>).year)", "print((<moment>).replace(tzinfo=zone).tzinfo)"),
            *("print(zone.localize(<moment>).year)", "print(zone.localize((<moment>), is_dst=None).tzinfo)"),
            *("print(make_aware(<moment>).tzinfo)", "print(make_aware(value=<moment>, zone=zone).tzname())"),
            *("print((<moment>).astimezone(zone).hour)", "print((<moment>).replace(minute=0).astimezone(zone).hour)"),
            *(
                "print(zone.fromutc((<moment>).replace(tzinfo=zone)).hour)",
                "print(f'{<moment>:%Y}', f'{(<moment>).year=}'[:9])",
            ),
            *(
                "print([<moment> for _ in 'a'][0].day, (lambda: <moment>)().day)",
                "make = datetime.utcnow\nprint(make().year)",
            ),
        ],
        "moment": [
            *("datetime.utcfromtimestamp(0)", "datetime.utcfromtimestamp(3600)", "dt.datetime.utcfromtimestamp(0)"),
            *(
                "datetime.utcfromtimestamp(0) + timedelta(hours=1)",
                "datetime.utcfromtimestamp(*[0])",
                "datetime.utcnow()",
            ),
            *("datetime.utcfromtimestamp(\n    0,\n)", "datetime(2020, 1, 1)"),
        ],
    },
)
