from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pytest_orchestrator.errors import PatternError, ProcessError
from pytest_orchestrator.pattern_engine.foreign.dotted_name import named_pattern
from pytest_orchestrator.pattern_engine.host.task import Examined
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.worker_process import StoppedError
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind
from pytest_orchestrator.pattern_engine.results import Edited, Found, Rejected, Unchanged
from tests.waiting import wait_until_gone

MakeCall = Callable[..., PatternCall]

# A codemod that renames `old`, and misbehaves where it meets a name that says how.
CODEMOD = """
import ctypes, os, signal, subprocess, sys, time, warnings
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        name = original_node.value
        if name == "raises": raise ValueError("no")
        if name == "loops":
            while True: pass
        if name == "sleeps": time.sleep(3600)
        if name == "exits": sys.exit(3)
        if name == "ends": os._exit(4)
        if name == "dies": os.kill(os.getpid(), signal.SIGSEGV)
        if name == "reads": input()
        if name == "warns": warnings.warn("old", DeprecationWarning)
        if name == "prints":
            print("x" * 1_000_000)
            os.write(1, b"y" * 1_000_000)
            os.write(2, b"z" * 1_000_000)
        if name == "closes": os.closerange(3, 1000)
        if name == "babbles": [os.write(fd, b"nonsense" * 9) for fd in range(3, 1000) if is_pipe(fd)]
        if name == "misnames": return updated_node.with_changes(value="")
        if name == "splits": return updated_node.with_changes(value="parent" if os.fork() else "child")
        if name == "forks" and os.fork() > 0: os._exit(7)
        if name == "forks": time.sleep(3600)
        if name == "leaves":
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
            os._exit(5)
        return updated_node.with_changes(value="new") if name == "old" else updated_node

def is_pipe(fd):
    try:
        os.write(fd, b"")
        return True
    except OSError:
        return False
"""
LINTER = """
import os
from pytest_orchestrator.api.patterns import Linter

class Entry(Linter):
    def visit_Name(self, node):
        if node.value == "linter_ends": os._exit(6)
        if node.value == "linter_raises": raise ValueError("lint")
        if node.value == "no_node": self.report(42, "old")
        if node.value == "foreign": self.report(node.deep_clone(), "old")
        if node.value == "old": self.report(node, "old")
"""
IN_SLICES = "{text: [old], within: statement}"


def examine(worker: WorkerHandle, text: str, *calls: PatternCall, time_limit_s: float = 60) -> Examined:
    return worker.examine(
        SourceFile(path="a.py", data=text.encode()), calls, root=Path("/repository"), time_limit_s=time_limit_s
    )


def rejection(worker: WorkerHandle, text: str, *calls: PatternCall, time_limit_s: float = 60) -> Rejected:
    """The only result, which must be that the file was rejected."""
    (rejected,) = examine(worker, text, *calls, time_limit_s=time_limit_s).results
    assert isinstance(rejected, Rejected)
    return rejected


@pytest.mark.parametrize(
    ("name", "reason", "expected"),
    [
        ("raises", "raised", "pattern.py:8: ValueError: no"),
        ("reads", "raised", "EOFError"),
        ("exits", "exited", "pattern.py:12: called sys.exit(3)"),
        ("ends", "exited", "ended its process with exit code 4"),
        ("dies", "exited", "SIGSEGV"),
        ("leaves", "exited", "exit code 5"),
        ("forks", "exited", "exit code 7"),
        ("closes", "exited", ""),
        ("babbles", "exited", ""),
        ("loops", "time", "did not end within 1 s"),
        ("sleeps", "time", "did not end within 1 s"),
    ],
)
def test_a_pattern_that_misbehaves_costs_one_file(
    worker: WorkerHandle, codemod: PatternCall, name: str, reason: str, expected: str
) -> None:
    examine(worker, "x = 1\n", codemod)  # the limit below is no measure of how fast a worker starts
    examined = examine(worker, f"{name} = old\n", codemod, time_limit_s=1.0 if reason == "time" else 60)
    (rejected,) = examined.results
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.pattern) == (reason, "codemod")
    assert expected in rejected.message
    assert examined.data == f"{name} = old\n".encode()
    assert examine(worker, "old = 1\n", codemod).data == b"new = 1\n"


@pytest.mark.parametrize("name", ["prints", "warns"])
def test_prints_and_warnings_of_a_pattern_do_not_disturb_the_protocol(
    worker: WorkerHandle, codemod: PatternCall, name: str
) -> None:
    assert examine(worker, f"{name} = old\n", codemod).data == f"{name} = new\n".encode()


def test_a_linter_that_dies_takes_only_itself_along(
    worker: WorkerHandle, codemod: PatternCall, linter: PatternCall, make_call: MakeCall
) -> None:
    other = make_call("other", LINTER.replace("linter_", "x"), kind="linter")
    for name, reason in (("linter_ends", "exited"), ("linter_raises", "raised")):
        examined = examine(worker, f"{name} = old\n", linter, other, codemod)
        edited, found, rejected = examined.results
        assert isinstance(edited, Edited)
        assert isinstance(found, Found)
        assert [item.rule for item in found.diagnostics] == ["other"]
        assert isinstance(rejected, Rejected)
        assert (rejected.reason, rejected.pattern) == (reason, "linter")


def test_a_file_that_crashes_libcsts_parser_is_rejected_without_blame(
    worker: WorkerHandle, codemod: PatternCall, linter: PatternCall
) -> None:
    rejected = rejection(worker, "x = " + "(" * 20_000 + ")" * 20_000 + "\n", codemod, linter)
    assert rejected.pattern == ""
    assert rejected.reason in ("exited", "syntax")


def test_a_file_with_many_levels_is_no_trouble(worker: WorkerHandle, codemod: PatternCall) -> None:
    text = "x = " + " + ".join(["old"] * 700) + "\n"
    assert examine(worker, text, codemod).data == text.replace("old", "new").encode()


@pytest.mark.parametrize(("name", "expected"), [("no_node", "not 42"), ("foreign", "not in the file")])
def test_a_report_without_a_node_of_the_file_is_rejected(linter: PatternCall, name: str, expected: str) -> None:
    with WorkerHandle() as worker:  # the module's has read the same code in another test's folder
        rejected = rejection(worker, f"{name} = 1\n", linter)
    assert "/linter/pattern.py:" in rejected.message
    assert expected in rejected.message


def test_a_node_that_libcst_refuses_is_reported_with_the_patterns_line(codemod: PatternCall) -> None:
    with WorkerHandle() as worker:
        rejected = rejection(worker, "misnames = 1\n", codemod)
    assert re.search(r"/codemod/pattern\.py:\d+: CSTValidationError: ", rejected.message)


def test_a_forked_child_does_not_answer_for_the_next_file(worker: WorkerHandle, codemod: PatternCall) -> None:
    texts = [f"splits = {number}\n" for number in range(4)]
    assert [examine(worker, text, codemod).data for text in texts] == [
        text.replace("splits", "parent").encode() for text in texts
    ]


def test_nothing_that_a_pattern_started_outlives_its_worker(make_call: MakeCall, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = CODEMOD.replace("os._exit(5)", f"open({str(note)!r}, 'w').write(str(process.pid)); os._exit(5)")
    with WorkerHandle() as own:
        examine(own, "leaves = 1\n", make_call("one", code.replace("subprocess.Popen", "process = subprocess.Popen")))
        wait_until_gone(int(note.read_text()))


def test_a_worker_does_not_outlive_its_caller_even_in_a_loop(tmp_path: Path, make_call: MakeCall) -> None:
    # The pattern says who it is and loops; then the worker's own process is killed hard.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = CODEMOD.replace(
        "while True: pass", f"open({str(pipe)!r}, 'w').write(str(os.getpid())); " + "[0 for x in forever()]"
    )
    code += "\ndef forever():\n    while True: yield 0\n"
    folder = make_call("codemod", code).pattern.folder
    program = f"""
from pathlib import Path
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile
from pytest_orchestrator.pattern_engine.pattern import bind, read_pattern
file = SourceFile(path="a.py", data=b"loops = 1")
WorkerHandle().examine(file, [bind(read_pattern(Path({str(folder)!r})), {{}})], root=Path("/"))
"""
    with subprocess.Popen([sys.executable, "-c", program]) as owner:
        worker = int(pipe.read_text())
        owner.kill()
    wait_until_gone(worker)


def noting_its_worker(note: Path) -> str:
    """Code that writes the id of its process there when it is loaded."""
    return f"import os\nopen({str(note)!r}, 'w').write(str(os.getpid()))\n"


def test_a_worker_that_was_killed_from_outside_is_replaced(make_call: MakeCall, tmp_path: Path) -> None:
    call = make_call("one", noting_its_worker(tmp_path / "pid") + CODEMOD)
    with WorkerHandle() as own:
        own.check([call])
        worker = int((tmp_path / "pid").read_text())
        os.kill(worker, signal.SIGKILL)
        wait_until_gone(worker)
        assert examine(own, "old = 1\n", call).data == b"new = 1\n"


def test_a_thread_that_a_pattern_left_running_does_not_keep_the_worker(make_call: MakeCall, tmp_path: Path) -> None:
    thread = "import threading\nthreading.Thread(target=threading.Event().wait).start()\n"
    with WorkerHandle() as own:
        own.check([make_call("one", noting_its_worker(tmp_path / "pid") + thread + CODEMOD)])
        began = time.monotonic()
    wait_until_gone(int((tmp_path / "pid").read_text()), timeout_s=0)
    assert time.monotonic() - began < 3  # it ended itself; the caller kills it after 3 s


@pytest.mark.parametrize(("program", "message"), [("false", "exit code 1"), ("no-such-program", "can't be started")])
def test_a_worker_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch, program: str, message: str) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which(program) or program)
    with WorkerHandle() as own, pytest.raises(ProcessError, match=message):
        own.check([])


def test_threads_share_a_worker_by_turns(worker: WorkerHandle, codemod: PatternCall) -> None:
    texts = [f"old = {number}\n" for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda text: examine(worker, text, codemod).data, texts))
    assert results == [text.replace("old", "new").encode() for text in texts]


def test_a_changed_pattern_is_loaded_anew(worker: WorkerHandle, codemod: PatternCall, make_call: MakeCall) -> None:
    assert examine(worker, "old = 1\n", codemod).data == b"new = 1\n"
    changed = make_call("codemod", CODEMOD.replace('"new"', '"own"'))
    assert examine(worker, "old = 1\n", changed).data == b"own = 1\n"
    assert changed.pattern.folder is not None
    assert sorted(path.name for path in changed.pattern.folder.iterdir()) == ["README.md", "pattern.py", "pattern.yaml"]


def test_a_dotted_name_whose_module_changed_is_loaded_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    results = []
    with WorkerHandle() as worker:  # the workers of another one may have begun before the search path was this
        for new in ("new", "newer"):
            (tmp_path / "dotted_and_changed.py").write_text(CODEMOD.replace('"new"', f'"{new}"'))
            call = bind(named_pattern("dotted_and_changed.Entry"), {})
            results.append(examine(worker, "old = 1\n", call).data)
    assert results == [b"new = 1\n", b"newer = 1\n"]


@pytest.mark.parametrize("provider", ["ScopeProvider", "QualifiedNameProvider", "FullyQualifiedNameProvider"])
@pytest.mark.parametrize("kind", ["codemod", "linter"])
def test_a_pattern_that_visits_slices_may_not_use_whole_file_metadata(
    worker: WorkerHandle, make_call: MakeCall, kind: str, provider: str
) -> None:
    code = CODEMOD if kind == "codemod" else LINTER
    code = f"from libcst.metadata import {provider}\n{code}"
    code = code.replace("    def", f"    METADATA_DEPENDENCIES = ({provider},)\n    def", 1)
    whole, parts = (
        make_call(id_, code, kind=kind, trigger=trigger)
        for id_, trigger in (("whole", "{text: [old]}"), ("parts", IN_SLICES))
    )
    worker.check([whole])
    with pytest.raises(PatternError, match=rf"'parts' asks for {provider}, which needs whole files") as refused:
        worker.check([parts])
    assert "remove `within` from pattern.yaml" in refused.value.fix


def test_a_rule_visits_the_statements_that_its_trigger_names(worker: WorkerHandle, make_call: MakeCall) -> None:
    code = """
from fixit import LintRule

class Entry(LintRule):
    def visit_Name(self, node):
        if node.value == "old": self.report(node, "old")
"""
    call = make_call("one", code, kind="linter", trigger=IN_SLICES)
    (found,) = examine(worker, "x = 1\n\ny = old\n", call).results
    assert isinstance(found, Found)
    assert [item.range.start_line for item in found.diagnostics] == [3]


SLOW_TRIGGER = "{text: ['.*a.*b.*c.*d']}"
SLOW = b"y = old\nx = '" + b"ab" * 1_500 + b"'\n"  # hours for the trigger `.*a.*b.*c.*d`


@pytest.mark.parametrize(("kind", "every_file"), [("codemod", True), ("linter", False)])
def test_a_slow_search_for_a_trigger_ends_by_the_time_limit_of_its_pattern(
    linter: PatternCall, make_call: MakeCall, kind: str, every_file: bool
) -> None:
    code = CODEMOD if kind == "codemod" else LINTER
    slow = make_call("slow", code, kind=kind, trigger=SLOW_TRIGGER)
    with WorkerHandle() as own:
        own.check([slow, linter])
        file = SourceFile(path="a.py", data=SLOW)
        examined = own.examine(file, [slow, linter], root=Path("/"), time_limit_s=1.5, every_file=every_file)
    found, rejected = examined.results
    assert isinstance(found, Found)
    assert [item.rule for item in found.diagnostics] == ["linter"]
    assert isinstance(rejected, Rejected)
    assert (rejected.pattern, rejected.reason) == ("slow", "time")
    assert rejected.message.startswith("did not end within 1.5 s: the search for its trigger is slow")


def test_a_slow_search_in_another_codemods_result_is_of_its_own_pattern(
    worker: WorkerHandle, make_call: MakeCall
) -> None:
    code = CODEMOD.replace('"new") if name == "old"', '"x" + "ab" * 1_500) if name == "old"')
    calls = [
        make_call(id_, text, trigger=trigger)
        for id_, text, trigger in (("long", code, "{text: [old]}"), ("slow", CODEMOD, SLOW_TRIGGER))
    ]
    worker.check(calls)
    rejected = rejection(worker, "old = 1\n", *calls, time_limit_s=1.5)
    assert (rejected.pattern, rejected.reason) == ("slow", "time")


def test_a_slow_search_for_a_trigger_can_be_stopped(worker: WorkerHandle, make_call: MakeCall) -> None:
    slow = make_call("slow", CODEMOD, trigger=SLOW_TRIGGER)
    answers = iter([False] * 5)
    with pytest.raises(StoppedError):
        worker.examine(
            SourceFile(path="a.py", data=SLOW), [slow], root=Path("/"), should_stop=lambda: next(answers, True)
        )


def test_a_pattern_whose_trigger_is_not_quick_runs_where_it_matches(worker: WorkerHandle, make_call: MakeCall) -> None:
    calls = [
        make_call(kind, code, kind=kind, trigger=trigger)
        for kind, code in (("codemod", CODEMOD), ("linter", LINTER))
        for trigger in ("{text: ['.*o.*l.*d.*=']}",)
    ]
    edited, found = examine(worker, "old = 1\n", *calls).results
    assert isinstance(edited, Edited)
    assert isinstance(found, Found)
    assert examine(worker, "old\n", *calls).results == (Unchanged(path="a.py"),)


def test_all_turns_of_a_pattern_have_one_time_limit(worker: WorkerHandle, make_call: MakeCall) -> None:
    # Each turn sees one name more, so that there are many, each of them far from the limit.
    code = """
import time
import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Integer(self, original_node, updated_node):
        count = int(original_node.value)
        time.sleep(0.4)
        return updated_node.with_changes(value=str(count + 1)) if count % 2 == 1 else updated_node
"""
    other = code.replace("time.sleep(0.4)", "pass").replace("% 2 == 1", "% 2 == 0 and count < 12")
    slow, quick = (make_call(id_, text) for id_, text in (("a", code), ("b", other)))
    examine(worker, "x = y\n", slow, quick)  # so that the limit is no measure of how fast they are loaded
    rejected = rejection(worker, "x = 1\n", slow, quick, time_limit_s=1.5)
    assert (rejected.pattern, rejected.reason) == ("a", "time")
    assert examine(worker, "x = 1\n", slow, quick).data == b"x = 12\n"


def test_a_pattern_imports_its_own_modules_only(worker: WorkerHandle, make_call: MakeCall) -> None:
    code = CODEMOD.replace("import ctypes,", "from .names import NEW\nimport").replace('"new"', "NEW")
    calls = [make_call(id_, code, files={"names.py": f"NEW = {id_!r}\n"}) for id_ in ("one", "two")]
    assert [examine(worker, "old = 1\n", call).data for call in calls] == [b"one = 1\n", b"two = 1\n"]


def test_parameters_reach_codemods_and_linters(worker: WorkerHandle, make_call: MakeCall) -> None:
    parameters = "\n  new: {type: string, description: The new name., default: other}"
    init = "def __init__(self, {0}new):\n        super().__init__({0})\n        self.new = new\n\n    def"
    codemod = CODEMOD.replace("def", init.replace("({0})", "(context)").replace("{0}", "context, "), 1)
    linter = LINTER.replace("def", init.replace("{0}", ""), 1).replace('"old")\n', "self.new)\n")
    codemod = codemod.replace('"new"', "self.new")
    one = make_call("one", codemod, parameters=parameters)
    two = make_call("two", linter, parameters=parameters, kind="linter")
    assert examine(worker, "old = 1\n", one).data == b"other = 1\n"
    assert examine(worker, "old = 1\n", bind(one.pattern, {"new": "mine"})).data == b"mine = 1\n"
    (found,) = examine(worker, "old = 1\n", bind(two.pattern, {"new": "mine"})).results
    assert isinstance(found, Found)
    assert found.diagnostics[0].message == "mine"


@pytest.mark.parametrize("kind", ["codemod", "linter"])
def test_a_pattern_that_cannot_be_loaded_rejects_each_file(
    worker: WorkerHandle, make_call: MakeCall, kind: str
) -> None:
    call = make_call("one", "x = '\0'\n", kind=kind)
    rejected = rejection(worker, "x = old\n", call)
    assert rejected.message.startswith("pattern 'one' can't be loaded: SyntaxError: source code")


_CLASS = "import libcst as cst\nfrom libcst.codemod import *\nclass Entry(VisitorBasedCodemodCommand):\n    "
_LINTS = """
from pytest_orchestrator.api.patterns import Linter
from pytest_orchestrator.api.patterns import Range
class Entry(Linter):
    """


BREACHES = {
    "def transform_module(self, tree): pass": "one/pattern.py:4: transform_module returned None: return the module",
    "def transform_module(self, tree): return tree.code": "one/pattern.py:4: transform_module returned str",
    "def leave_Name(self, old, new): pass": "one/pattern.py:4: leave_Name returned None, not a node: return",
    "def leave_Name(self, old, new): return 'x'": "one/pattern.py:4: leave_Name returned str, not a node",
    "def __init__(self, context): pass": "one/pattern.py:4: __init__ does not initialize the codemod: call super()",
    "def leave_Module(self, old, new): return new.with_changes(body=[3])": "libcst/_nodes/",
}
BREACHES_OF_LINTERS = {
    "def __init__(self): pass": "one/pattern.py:5: __init__ does not initialize the linter: call super().__init__()",
    "def visit_Name(self, node): self.report(node, None)": "the message of a report must be a string, not None",
    "def visit_Name(self, node): self.report_range((1, 2), 'x')": "the range of a report must be a ",
    "def visit_Name(self, node): self.report_range(Range(start_line=0, end_line=1), 'x')": "starts at line 1",
    "def visit_Name(self, node): self.report_range(Range(start_line=2, end_line=1), 'x')": "ends no earlier",
}


@pytest.mark.parametrize(
    ("head", "code", "keys", "expected"),
    [
        *((_CLASS, code, {}, expected) for code, expected in BREACHES.items()),
        *(
            (_LINTS, code, {"kind": "linter", "trigger": trigger}, expected)
            for code, expected in BREACHES_OF_LINTERS.items()
            for trigger in ("", IN_SLICES)
        ),
    ],
)
def test_a_pattern_that_breaks_its_contract_is_rejected_with_the_reason(  # noqa: PLR0917 - fixtures and a row
    worker: WorkerHandle,
    make_call: MakeCall,
    head: str,
    code: str,
    keys: dict[str, str],
    expected: str,
) -> None:
    call = make_call("one", head + code, **keys)
    assert expected in rejection(worker, "x = old\n", call).message


@pytest.mark.parametrize(
    ("keys", "code", "words"),
    [
        ({}, "x = (\n", ("pattern.py:1", "SyntaxError")),
        ({}, "import nowhere_at_all\n", ("pattern.py:1", "ModuleNotFoundError")),
        ({}, "def f():\n    raise ValueError('no')\nf()\n", ("pattern.py:2: ValueError: no",)),
        ({}, "import sys\nsys.exit(3)\n", ("pattern.py:2", "called sys.exit(3)")),
        ({}, "import os\nos._exit(3)\n", ("ended its process with exit code 3",)),
        ({}, "while True: pass\n", ("did not end within 1 s",)),
        (
            {},
            CODEMOD.replace("class Entry", "class Entri"),
            ("no class 'Entry'", "did you mean 'Entri'?", "correct `entry` in"),
        ),
        (
            {"entry": "nowhere_at_all:Entry"},
            CODEMOD,
            ("can't be loaded: ModuleNotFoundError: No module named", "correct `entry` in", "PYTHONPATH"),
        ),
        ({}, "Entry = 1\n", ("no codemod", "VisitorBasedCodemodCommand")),
        ({}, LINTER, ("one/pattern.py is a linter", "write kind: linter")),
        ({"kind": "linter"}, CODEMOD, ("one/pattern.py is a codemod", "write kind: codemod")),
        (
            {"kind": "linter"},
            "import libcst\nclass Entry(libcst.CSTVisitor): pass\n",
            ("api.patterns.Linter",),
        ),
        ({"entry": "pattern.py:C"}, "from libcst.codemod import CodemodCommand as C\n", ("transform_module_impl",)),
        ({"parameters": "\n  size: {type: integer, description: x, default: 1}"}, CODEMOD, ("size", "parameters")),
    ],
)
def test_a_pattern_that_cannot_be_loaded_is_rejected_with_the_reason(
    worker: WorkerHandle, make_call: MakeCall, keys: dict[str, str], code: str, words: tuple[str, ...]
) -> None:
    call = make_call("one", code, **keys)
    worker.check([])
    with pytest.raises(PatternError) as caught:
        worker.check([call], time_limit_s=1.0 if "while" in code else 60)
    for word in ("'one'", *words):
        assert word in str(caught.value)
    worker.check([])


def test_a_template_is_not_run(worker: WorkerHandle, make_call: MakeCall) -> None:
    with pytest.raises(PatternError, match="is a template"):
        worker.check([make_call("one", "", kind="template", entry="", files={"template.md": "x"})])
