"""Programs with classes: calls of `super`, needless bases, and test cases with old names of unittest's assertions."""

from __future__ import annotations

from tests.patterns.behaviour.check import Family

SUPER = Family(
    codemods=("super-no-args",),
    names=("Base", "Curious", "Other", "answers", "replaced", "run", "subclass_later"),
    grammar={
        "program": ["import dataclasses, functools\nmade = []\n<place>\nprint([answers(child) for child in made])"],
        "place": [
            *("<child>", "<child>", "<child>", "<child>", "if True:\n    <child>", "class Outer:\n    <child>"),
            *("def make():\n    <child>\nmake()", "for number in range(2):\n    <child>"),
            *("class Outer:\n    class Middle:\n        <child>", "try:\n    <child>\nfinally:\n    pass"),
        ],
        "child": [
            "<decorator>\nclass Child(<bases>):\n    <member>\n    <method>\n    <member>\nmade.append(Child)\n<ending>"
        ],
        "decorator": [
            *("", "", "", "", "", "@replaced", "@functools.total_ordering", "@dataclasses.dataclass"),
            *("@dataclasses.dataclass(slots=True)", "@(lambda made: made)"),
        ],
        "bases": ["Base", "Base", "Other", "Base, metaclass=Curious", "Base, key=1, metaclass=Curious"],
        "member": [
            *("", "", "", "", "", "kind = [name for name in 'ab']", "__class__ = property(lambda self: Base)"),
            "def move(self):\n    nonlocal __class__\n    __class__ = Other",
            (
                "def move(self):\n    def inner():\n        nonlocal __class__\n"
                "        [__class__ := Other for _ in 'a']\n"
                "    inner()"
            ),
            *(
                "def super(self, *_): return self",
                "def move(self):\n    global Child\n    Child = Base",
                "super = None",
            ),
        ],
        "method": [
            "<signature>\n    return <result>",
            "<signature>\n    <statement>\n    return <result>",
            "<signature>\n    if True:\n        <statement>\n    return <result>",
            (
                "def run(self):\n    def inner(self):\n        <statement>\n"
                "        return <result>\n    return inner(self)"
            ),
            "def run(self):\n    return next(self.made())\ndef made(self):\n    <statement>\n    yield <result>",
            "async def made(self):\n    <statement>\n    return <result>\ndef run(self):\n    return run(self.made())",
            "if True:\n    <signature>\n        return <result>",
            "@property\ndef made(self):\n    return <result>\ndef run(self):\n    return self.made",
            "run = lambda self: <result>",
        ],
        "signature": [
            *("def run(self):", "def run(self):", "def run(self):", "def run(self, /):", "def run(this, self=None):"),
            *("def run(self, Child=None):", "def run(*self):", "def run(*, self=None):", "def run(this):"),
            *("@classmethod\ndef run(self):", "@staticmethod\ndef run(self=None):", "def run(self, super=Base):"),
            "def run(self, other=<call>):",
        ],
        "statement": [
            *("pass", "pass", "self = Child()", "Child = Base", "global Child", "super = None", "__class__ = Other"),
            *("del self", "[self := None for _ in 'a']", "import os as Child", "for self in ['x']: pass"),
            "match 1:\n    case self: pass",
            "def inner():\n    nonlocal self\n    self = Other()\ninner()",
            "nonlocal __class__\n__class__ = Other",
            "class Inner(Child):\n    def run(self): return <call>.value()",
            "with open('/dev/null') as Child: pass",
            "try:\n    raise ValueError\nexcept ValueError as self: pass",
        ],
        "result": [
            *("<call>.value()", "<call>.value()", "<call>.value()", "(lambda: <call>.value())()"),
            *("[<call>.value() for _ in 'ab']", "[letter for letter in <call>.value()]"),
            *("list(<call>.value() for _ in 'ab')", "f'{<call>.value()}'", "f'{<call>.value()=}'"),
            *("[self.value() for self in [<call>]]", "sorted(locals()), <call>.value()"),
        ],
        "call": [
            *("super(Child, self)", "super(Child, self)", "super(Child, self)", "super(Outer.Child, self)"),
            *("super(Outer.Middle.Child, self)", "super( Child , self )", "super(\n    Child,\n    self,\n)"),
            *(
                "super(Base, self)",
                "super(Child, this)",
                "super(Child)",
                "super(type(self), self)",
                "super(Child, (self))",
            ),
        ],
        "ending": [
            *("", "", "", "", "Child = subclass_later(Child)", "del Child", "def Child(): pass", "Other = Child"),
            "from os import path as Child",
        ],
    },
)

OBJECT = Family(
    codemods=("no-object-base",),
    names=("Base", "Curious", "Mixin", "Other", "Watched", "shape", "state", "unchanged"),
    grammar={
        "program": [
            (
                "import abc\nfrom typing import Generic, Protocol, TypeVar\n<star>\n"
                "T = TypeVar('T')\nnone = ()\nseveral = (Other, Mixin)\noptions = {'key': 1}\n<place>\nprint(state())"
            )
        ],
        "star": ["", "", "", "", "from os.path import *", "object = Base", "from odd import Base as object"],
        "place": [
            "<class>\nprint(shape(Made))",
            "<class>\nprint(shape(Made))",
            "def make():\n    <class>\n    return Made\nprint(shape(make()))",
            "def make(object=Base):\n    <class>\n    return Made\nprint(shape(make()))",
            "def make():\n    <class>\n    object = Base\n    return Made\nprint(shape(make()))",
            "class Outer:\n    object = Base\n    <class>\nprint(shape(Outer.Made))",
            (
                "class Outer:\n    def object(self): pass\n    def make():\n        <class>\n        return Made\n"
                "    print(shape(make()))"
            ),
            "for object in (object, Base):\n    <class>\n    print(shape(Made))",
            "<class>\nprint(Made.__subclasses__(), isinstance(Made(), object))",
        ],
        "class": [
            "class Made(<before>object<after>):\n    'documented'",
            "@unchanged\nclass Made(<before>object<after>): 'documented'",
            "class Made(  # why\n    <before>object<after>):\n    'documented'",
        ],
        "before": [
            *("", "", "", "Base, ", "Base, Mixin, ", "Other, Base, ", "Base, Other, ", "Generic[T], ", "Protocol, "),
            *("dict, ", "int, str, ", "*none, ", "*several, ", "object, ", "Watched, "),
        ],
        "after": [
            *("", "", "", ",", " ,", ", metaclass=abc.ABCMeta", ", metaclass=type", ", metaclass=Curious", ", Mixin"),
            *(", *none", ", *several", ", key=1", ", **options", ", metaclass=Curious, key=1", ", metaclass=unchanged"),
        ],
    },
)

ALIASES = Family(
    codemods=("deprecated-unittest-alias",),
    names=("HelpfulCase", "Mixin", "OwnAssertions", "outcome", "state"),
    grammar={
        "program": [
            (
                "import unittest\nimport odd\n"
                "class Ours(unittest.TestCase):\n    <member>\n\nclass Theirs(OwnAssertions):\n    pass\n\n"
                "class Case(<bases>):\n    <member>\n    def test(<parameters>):\n        <statement>\n\n"
                "<later>\nprint(outcome(Case), state())"
            )
        ],
        "bases": [
            *("unittest.TestCase", "unittest.TestCase", "Ours", "Ours", "Theirs", "OwnAssertions", "HelpfulCase"),
            *("Mixin, unittest.TestCase", "OwnAssertions, unittest.TestCase", "Ours, object", "odd.HelpfulCase"),
        ],
        "member": [
            *("pass", "pass", "pass", "pass", "def assert_(self, value): print('own')", "assertEquals = print"),
            *("def assertTrue(self, value): print('own')", "failIf = failUnless = None", "assertRaisesRegex = None"),
        ],
        "parameters": ["self", "self", "self", "self, other=None", "self, *others"],
        "statement": [
            *("<call>", "<call>", "<call>\n<call>", "list(map(self.assert_, [1, 0]))", "print(f'{self.assert_=}'[:5])"),
            *("self = OwnAssertions()\n<call>", "def inner(self):\n    <call>\ninner(OwnAssertions())"),
            *(
                "with self.assertRaisesRegexp(ValueError, 'bad'):\n    raise ValueError('bad')",
                "check = self.assertEquals\ncheck(1, 2)",
            ),
            "setattr(self, 'assertEquals', print)\n<call>",
        ],
        "call": [
            *("self.assertEquals(1, 1)", "self.assertEquals(1, 2, 'why')", "self.assert_(1)", "self.assert_([])"),
            *(
                "self.assertNotEquals(1, 1)",
                "self.failIf(0)",
                "self.failUnless(0)",
                "self.assertRegexpMatches('a', 'b')",
            ),
            "unittest.TestCase.assertEquals(self, 1, 1)",
        ],
        "later": ["", "", "", "Case.assertEqual = print", "Ours.assertTrue = None", "Case.assert_ = print"],
    },
)
