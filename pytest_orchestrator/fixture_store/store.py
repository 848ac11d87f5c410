"""The store: one bare git repository in the user's cache, outside every tree that an agent can write.

<root>/store.git      the trees of pins, each kept by a reference under refs/pins/
<root>/downloads/     archives on their way in
<root>/incoming/      objects on their way in
<root>/locks/
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pytest_orchestrator.errors import FixtureError, GitError
from pytest_orchestrator.fixture_store.checkout import Checkout, Snapshot, TreeDiff
from pytest_orchestrator.fixture_store.contents import Contents, count
from pytest_orchestrator.fixture_store.diff import diff_trees
from pytest_orchestrator.fixture_store.pin import Pin
from pytest_orchestrator.fixture_store.snapshot import Walk, shown
from pytest_orchestrator.git.command import sealed_git
from pytest_orchestrator.git.objects import SUBMODULE, damaged_objects, list_tree

_ENVIRONMENT = "PYTEST_ORCHESTRATOR_STORE"
# The repository's own attributes outrank every `.gitattributes` in a tree (`git help attributes`).
_ATTRIBUTES = "* -text !eol !filter !ident !working-tree-encoding !diff !merge !export-subst !export-ignore\n"
_CONFIG = """\
[core]
	symlinks = false
	autocrlf = false
	ignoreCase = false
	precomposeUnicode = false
	logAllRefUpdates = false
"""


def default_store() -> Store:
    """The user's own store; the environment variable `PYTEST_ORCHESTRATOR_STORE` names another folder."""
    chosen = os.environ.get(_ENVIRONMENT)
    if chosen:
        return Store(Path(chosen).expanduser().absolute())
    import platformdirs

    return Store(platformdirs.user_cache_path("pytest-orchestrator"))


class Store:
    """Trees of pins in `root`, which is made when the first pin comes in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git_dir = root / "store.git"

    def has(self, pin: Pin) -> bool:
        """Whether the pin's tree is here with every object of it; what the objects say is `problems`' question."""
        if not (self.git_dir / "HEAD").is_file():
            return False
        git = sealed_git(self.git_dir)
        kept = git.call("rev-parse", "--verify", "--quiet", pin.reference)
        if kept.returncode != 0 or kept.stdout.decode().strip() != pin.tree:
            return False
        return git.call("rev-list", "--objects", "--quiet", pin.tree).returncode == 0

    def problems(self, pin: Pin) -> tuple[str, ...]:
        """What is wrong with the pin's tree, every byte of it hashed again; empty when it is whole."""
        if not self.has(pin):
            return ("it is not in the store, or not wholly",)
        git = sealed_git(self.git_dir)
        try:
            entries = list_tree(git, pin.tree)
        except GitError as error:
            return (error.message,)
        names = {pin.tree: b"the tree itself"} | {item.id: item.path for item in entries if item.mode != SUBMODULE}
        damaged = [f"{shown(names[name])} is damaged" for name in damaged_objects(git, names)]
        found = count(entries)
        counts = {"files": (pin.files, found.files), "python_files": (pin.python_files, found.python_files)}
        wrong = [f"the lock says {key} {said}, it has {has}" for key, (said, has) in counts.items() if said != has]
        return (*damaged, *wrong)

    def contents(self, tree: str, *, objects: Path | None = None) -> Contents:
        """What a tree holds; `objects` is a folder of objects that are not in the store yet.

        Raises:
            FixtureError: it is absent or damaged.
        """
        try:
            return count(list_tree(sealed_git(self.git_dir, objects=objects), tree))
        except GitError as error:
            raise FixtureError(f"the tree {tree} can't be read: {error.message}") from error

    def checkout(self, pin: Pin, into: Path) -> Checkout:
        """Write the pin's files into `into`, which must be new or empty. Links of the pin become plain files.

        Raises:
            FixtureError: the pin is not in the store, or `into` is no place to write to.
        """
        if not self.has(pin):
            raise FixtureError(f"{pin} is not in the fixture store {self.root}", fix=fetch_command(pin.name))
        try:
            into.mkdir(parents=True, exist_ok=True)
            if into.is_symlink() or any(into.iterdir()):
                raise FixtureError(f"{into} is not empty", fix=f"check {pin.name} out into a new folder")
            with tempfile.TemporaryDirectory(prefix="pytest-orchestrator-") as scratch:
                git = sealed_git(self.git_dir, work_tree=into.absolute(), index=Path(scratch, "index"))
                git.output("read-tree", pin.tree)
                git.output("checkout-index", "--all", "--quiet", timeout_s=600)
        except OSError as error:
            raise FixtureError(f"{pin} can't be checked out into {into}: {error.strerror or error}") from error
        except GitError as error:
            raise FixtureError(
                f"{pin} can't be checked out into {into}: {error.message}", fix=fetch_command(pin.name)
            ) from error
        return Checkout(pin=pin, root=into, tree=pin.tree)

    def snapshot(self, checkout: Checkout) -> Snapshot:
        """What the checkout's folder holds now; nothing in it is run, followed or obeyed.

        New objects go to a new folder beside the checkout, to be deleted with it.

        Raises:
            FixtureError: the folder is gone or holds absurdly much, or the objects can't be written.
        """
        root = checkout.root.absolute()
        if root.is_symlink() or not root.is_dir():
            raise FixtureError(f"the checkout {root} is no folder any more")
        try:
            base = list_tree(sealed_git(self.git_dir), checkout.tree)
            objects = Path(tempfile.mkdtemp(prefix=f".{root.name}.objects-", dir=root.parent))
            walk = Walk(root, checkout.tree, base, objects)
            tree = walk.tree()
        except OSError as error:
            raise FixtureError(f"a snapshot of {root} can't be written: {error.strerror or error}") from error
        except GitError as error:
            raise FixtureError(
                f"{checkout.pin} is damaged in the store: {error.message}", fix=fetch_command(checkout.pin.name)
            ) from error
        return Snapshot(
            tree=tree,
            objects=objects,
            links=tuple(sorted(walk.links)),
            foreign=tuple(sorted(walk.foreign, key=lambda item: item.path)),
        )

    def diff(self, checkout: Checkout, snapshot: Snapshot) -> TreeDiff:
        """What turned the checkout into the snapshot.

        Raises:
            FixtureError: an object of either is gone.
        """
        try:
            return diff_trees(sealed_git(self.git_dir, objects=snapshot.objects), checkout.tree, snapshot.tree)
        except GitError as error:
            raise FixtureError(f"the change of {checkout.pin} can't be shown: {error.message}") from error

    def prepare(self) -> None:
        """Make the repository unless it is there; safe when several processes do so at once.

        Raises:
            FixtureError: the folder can't be written, or git refuses.
        """
        if (self.git_dir / "HEAD").is_file():
            return
        try:
            for folder in ("downloads", "incoming", "locks"):
                (self.root / folder).mkdir(parents=True, exist_ok=True)
            with self.lock("store"):
                if not (self.git_dir / "HEAD").is_file():
                    self._create()
        except OSError as error:
            raise FixtureError(
                f"the fixture store {self.root} can't be written: {error.strerror or error}",
                fix=f"make it writable, or name another folder in {_ENVIRONMENT}",
            ) from error

    @contextlib.contextmanager
    def lock(self, name: str, *, timeout_s: float = 1800.0) -> Iterator[None]:
        """Hold the lock called `name`, alone among all processes. The system frees it when its holder dies.

        Raises:
            FixtureError: somebody else has held it for `timeout_s`.
        """
        import filelock

        path = self.root / "locks" / f"{name}.lock"
        try:
            with filelock.FileLock(path, timeout=timeout_s):
                yield
        except filelock.Timeout as error:
            raise FixtureError(
                f"another process has held {path} for {timeout_s:g} s", fix="end it, and try again"
            ) from error

    @contextlib.contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder on the store's disk for what is not checked yet; gone afterwards."""
        incoming = self.root / "incoming"
        with tempfile.TemporaryDirectory(prefix="work-", dir=incoming, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def install(self, pin: Pin, objects: Path) -> None:
        """Take over the pin's tree from a folder of objects on the same disk. The reference comes last, so that a kill
        at any moment leaves nothing that counts. Objects that are here already but damaged are outweighed: loose ones
        are deleted, and git turns to another pack when it can't read an object in the first.

        Raises:
            FixtureError: git refuses.
        """
        packs = self.git_dir / "objects" / "pack"
        try:
            packs.mkdir(parents=True, exist_ok=True)
            with self.workshop() as workshop:
                sealed_git(self.git_dir, objects=objects).output(
                    *("pack-objects", "--revs", "--quiet", "--window=0", workshop / "pack"),
                    input=f"{pin.tree}\n".encode(),
                    timeout_s=600,
                )
                # Newer gits refuse to put a pack in the place of one that has its name and other bytes, which a damaged
                # one is. Git knows a pack by its index: that comes last.
                *others, index = sorted(workshop.iterdir(), key=lambda path: path.suffix == ".idx")
                packed = sealed_git(self.git_dir).output("show-index", input=index.read_bytes())
                for made in (*others, index):
                    made.replace(packs / made.name)
            for line in packed.decode("ascii").splitlines():
                name = line.split()[1]
                (self.git_dir / "objects" / name[:2] / name[2:]).unlink(missing_ok=True)
            # A reference that a crash of the machine left empty would refuse to be updated.
            (self.git_dir / pin.reference).unlink(missing_ok=True)
            sealed_git(self.git_dir).output("update-ref", pin.reference, pin.tree)
        except (GitError, OSError) as error:
            raise FixtureError(
                f"{pin} can't be put into the store {self.root}: {error}",
                fix=f"delete {self.git_dir}, and fetch again",
            ) from error

    def _create(self) -> None:
        fresh = Path(tempfile.mkdtemp(prefix="store-", dir=self.root / "incoming"))
        if self.git_dir.exists():  # without a HEAD it is no repository: what is left of a damaged one
            self.git_dir.rename(fresh / "damaged")
        git = sealed_git(fresh / "new")
        (fresh / "new").mkdir()
        git.output("init", "--quiet", "--bare", "--object-format=sha1", "--template=", "--initial-branch=main")
        with (fresh / "new" / "config").open("a", encoding="ascii") as config:
            config.write(_CONFIG)
        (fresh / "new" / "info").mkdir(exist_ok=True)
        (fresh / "new" / "info" / "attributes").write_text(_ATTRIBUTES, encoding="ascii")
        (fresh / "new").rename(self.git_dir)
        shutil.rmtree(fresh, ignore_errors=True)


def fetch_command(name: str) -> str:
    """What to type so that a pin comes into the store."""
    return f"when online, run `pytest-orchestrator fixtures fetch {name}`"
