"""The server in a real editor: Neovim without a screen, with its own client and no plugins."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lsp.editor import COMMAND

pytestmark = pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed (Debian: neovim)")

# `vim.lsp.start_client` is there in old versions and new ones.
_SCRIPT = """
local patience = 60000
local report = {}
local function shown()
  local found = {}
  for _, item in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, string.format("%s:%d", item.code or item.user_data.lsp.code, item.lnum + 1))
  end
  table.sort(found)
  return found
end
local function wait_for(count)
  vim.wait(patience, function() return #vim.diagnostic.get(0) == count end, 20)
end

local ok, problem = pcall(function()
  local id = vim.lsp.start_client({ name = "orchestrator", cmd = vim.fn.json_decode(vim.env.SERVER), root_dir = "." })
  vim.cmd("edit module.py")
  vim.lsp.buf_attach_client(0, id)
  wait_for(1)
  report.opened = shown()
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# é😀", "" })
  vim.wait(patience, function() return (shown()[1] or ""):match(":3$") ~= nil end, 20)
  report.changed = shown()

  local client = vim.lsp.get_client_by_id(id)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(),
    range = { start = { line = 7, character = 0 }, ["end"] = { line = 7, character = 0 } },
    context = { diagnostics = {} },
  }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, patience)
  report.titles = {}
  for _, action in ipairs(answers[id].result) do
    table.insert(report.titles, action.title)
    if action.title == "percent-format-to-fstring: change this statement" then
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    end
  end
  vim.api.nvim_buf_set_lines(0, 2, 3, false, { "def add(item, to=()):" })
  wait_for(0)
  report.mended = shown()
  vim.cmd("write")
end)
report.problem = ok and "" or tostring(problem)
vim.fn.writefile({ vim.fn.json_encode(report) }, "report.json")
vim.cmd("qall!")
"""
_CODE = """\
def add(item, to=[]):
    return to


first = "é😀"
both = ("é😀", "%s" % (first,)); name = "é😀%s" % first
"""


def test_neovim_shows_findings_and_applies_an_action(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "other"\nrequires-python = ">=3.8"\n')
    (tmp_path / "module.py").write_text(_CODE, encoding="utf-8")
    (tmp_path / "script.lua").write_text(_SCRIPT, encoding="utf-8")
    environment = {"SERVER": json.dumps(COMMAND), "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    command = ["nvim", "--headless", "--clean", "-n", "-c", "luafile script.lua"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False)
    report = json.loads((tmp_path / "report.json").read_text()) if (tmp_path / "report.json").exists() else None
    assert report is not None, ended.stdout + ended.stderr
    assert report["problem"] == ""
    assert report["opened"] == ["mutable-default-argument:1"]
    assert report["changed"] == ["mutable-default-argument:3"]
    assert "Apply all codemods to this file" in report["titles"]
    assert report["mended"] == []
    assert (tmp_path / "module.py").read_text(encoding="utf-8") == (
        "# é😀\n\ndef add(item, to=()):\n    return to\n\n\n"
        'first = "é😀"\nboth = ("é😀", f"{first!s}"); name = "é😀%s" % first\n'
    )
