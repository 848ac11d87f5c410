"""The store: one bare git repository in the user's cache, outside every tree that an agent can write.

<root>/store.git      the trees of pins, each kept by a reference under refs/pins/
<root>/downloads/     archives while they are downloaded
<root>/incoming/      temporary directories for objects that are not checked yet
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
from pytest_orchestrator.fixture_store.checkout import Checkout, Contents, TreeDiff, count, diff_trees
from pytest_orchestrator.fixture_store.pin import Pin
from pytest_orchestrator.fixture_store.snapshot import Snapshot, Walk
from pytest_orchestrator.git.command import sealed_git
from pytest_orchestrator.git.objects import SUBMODULE, damaged_objects, list_tree, path_text

_ENVIRONMENT = "PYTEST_ORCHESTRATOR_STORE"
# The repository's own attributes override every `.gitattributes` in a tree (`git help attributes`).
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
    """The trees of pins below `root`, which is created when the first pin is fetched."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git_dir = root / "store.git"

    def has(self, pin: Pin) -> bool:
        """Whether the pin's tree is here with all of its objects. Their bytes are not checked: see `problems`."""
        if not (self.git_dir / "HEAD").is_file():
            return False
        git = sealed_git(self.git_dir)
        kept = git.call("rev-parse", "--verify", "--quiet", pin.reference)
        if kept.returncode != 0 or kept.stdout.decode().strip() != pin.tree:
            return False
        return git.call("rev-list", "--objects", "--quiet", pin.tree).returncode == 0

    def problems(self, pin: Pin) -> tuple[str, ...]:
        """What is wrong with the pin's tree, after hashing every byte of it again; empty when it is intact."""
        if not self.has(pin):
            return ("it is not in the store, or only in part",)
        git = sealed_git(self.git_dir)
        try:
            entries = list_tree(git, pin.tree)
        except GitError as error:
            return (error.message,)
        names = {pin.tree: b"the tree itself"} | {item.id: item.path for item in entries if item.mode != SUBMODULE}
        damaged = [f"{path_text(names[name])} is damaged" for name in damaged_objects(git, names)]
        actual = count(entries)
        counts = {"files": (pin.files, actual.files), "python_files": (pin.python_files, actual.python_files)}
        wrong = [
            f"the lock says {key} {lock}, it has {found}" for key, (lock, found) in counts.items() if lock != found
        ]
        return (*damaged, *wrong)

    def contents(self, tree: str, *, objects: Path | None = None) -> Contents:
        """The counts of a tree; `objects` is a folder of objects that are not in the store yet.

        Raises:
            FixtureError: the tree is absent or damaged.
        """
        try:
            return count(list_tree(sealed_git(self.git_dir, objects=objects), tree))
        except GitError as error:
            raise FixtureError(f"the tree {tree} can't be read: {error.message}") from error

    def checkout(self, pin: Pin, into: Path) -> Checkout:
        """Write the pin's files into `into`, which must be new or empty. Links of the pin become regular files.

        Raises:
            FixtureError: the pin is not in the store, or `into` is not empty or can't be written.
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
        return Checkout(pin=pin, root=into)

    def snapshot(self, checkout: Checkout) -> Snapshot:
        """The content of the checkout's folder now; nothing in it is run, followed or obeyed.

        New objects go to a new folder beside the checkout. The caller deletes both.

        Raises:
            FixtureError: the folder is gone or holds too much, or the objects can't be written.
        """
        root = checkout.root.absolute()
        if root.is_symlink() or not root.is_dir():
            raise FixtureError(f"the checkout {root} is not a folder any more")
        try:
            base = list_tree(sealed_git(self.git_dir), checkout.pin.tree)
            objects = Path(tempfile.mkdtemp(prefix=f".{root.name}.objects-", dir=root.parent))
            walk = Walk(root, checkout.pin.tree, base, objects)
            tree = walk.tree()
        except OSError as error:
            raise FixtureError(f"a snapshot of {root} can't be written: {error.strerror or error}") from error
        except GitError as error:
            raise FixtureError(
                f"{checkout.pin} is damaged in the store: {error.message}", fix=fetch_command(checkout.pin.name)
            ) from error
        foreign = dict(sorted(walk.foreign.items()))
        return Snapshot(tree=tree, objects=objects, links=tuple(sorted(walk.links)), foreign=foreign)

    def diff(self, checkout: Checkout, snapshot: Snapshot) -> TreeDiff:
        """The difference between the checkout and the snapshot.

        Raises:
            FixtureError: an object of either is absent or damaged.
        """
        try:
            return diff_trees(sealed_git(self.git_dir, objects=snapshot.objects), checkout.pin.tree, snapshot.tree)
        except GitError as error:
            raise FixtureError(f"the change of {checkout.pin} can't be computed: {error.message}") from error

    def prepare(self) -> None:
        """Create the repository unless it exists; safe when several processes do so at once.

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
        """Hold the lock called `name`, which excludes all other processes. It is freed when its holder dies.

        Raises:
            FixtureError: another process has locked it for `timeout_s` seconds.
        """
        import filelock

        path = self.root / "locks" / f"{name}.lock"
        try:
            with filelock.FileLock(path, timeout=timeout_s):
                yield
        except filelock.Timeout as error:
            raise FixtureError(
                f"another process has locked {path} for {timeout_s:g} s", fix="wait for it or end it, and try again"
            ) from error

    @contextlib.contextmanager
    def temporary_directory(self) -> Iterator[Path]:
        """A folder on the store's disk for objects that are not checked yet; deleted afterwards."""
        incoming = self.root / "incoming"
        with tempfile.TemporaryDirectory(prefix="new-", dir=incoming, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def install(self, pin: Pin, objects: Path) -> None:
        """Move the pin's tree into the store, from a folder of objects on the same disk.

        The reference is written last, so that a kill at any moment leaves no valid pin behind. Damaged copies of the
        objects do no harm: loose ones are deleted, and git reads an object from another pack when one pack is damaged.

        Raises:
            FixtureError: git refuses, or the store can't be written.
        """
        packs = self.git_dir / "objects" / "pack"
        try:
            packs.mkdir(parents=True, exist_ok=True)
            with self.temporary_directory() as temporary:
                sealed_git(self.git_dir, objects=objects).output(
                    *("pack-objects", "--revs", "--quiet", "--window=0", temporary / "pack"),
                    input=f"{pin.tree}\n".encode(),
                    timeout_s=600,
                )
                # Newer gits refuse to replace a pack by one of the same name with other bytes, even when the old one is
                # damaged. Git finds a pack by its index, so that is moved last.
                *others, index = sorted(temporary.iterdir(), key=lambda path: path.suffix == ".idx")
                packed = sealed_git(self.git_dir).output("show-index", input=index.read_bytes())
                for file in (*others, index):
                    file.replace(packs / file.name)
            for line in packed.decode("ascii").splitlines():
                name = line.split()[1]
                (self.git_dir / "objects" / name[:2] / name[2:]).unlink(missing_ok=True)
            # git refuses to update a reference file that a crash of the machine left empty.
            (self.git_dir / pin.reference).unlink(missing_ok=True)
            sealed_git(self.git_dir).output("update-ref", pin.reference, pin.tree)
        except (GitError, OSError) as error:
            raise FixtureError(
                f"{pin} can't be put into the store {self.root}: {error}",
                fix=f"delete {self.git_dir}, and fetch again",
            ) from error

    def _create(self) -> None:
        fresh = Path(tempfile.mkdtemp(prefix="store-", dir=self.root / "incoming"))
        if self.git_dir.exists():  # without a HEAD: the rest of a damaged repository
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
    """The command that brings a pin into the store, as an imperative clause."""
    return f"when online, run `pytest-orchestrator fixtures fetch {name}`"
