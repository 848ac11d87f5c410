"""What authors of extensions import, and nothing else of this package is public.

| module | for authors of |
|---|---|
| `api.hooks` | plugins: `hookimpl` marks the hooks that `pytest_orchestrator.hookspecs` describes |
| `api.patterns` | linters and codemods |
| `api.codemods` | codemods: imports, string literals, type expressions |
| `api.rules` | rules of the spec guard |
| `api.agents` | agents that scenarios can name |
| `api.reporters` | further reports of an evaluation |

The names of each module are those in its `__all__`. They change only with an entry in `CHANGELOG.md`.
"""
