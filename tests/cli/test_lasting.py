"""What a process of ours does without (T10)."""

import subprocess
import sys

from settings import ROOT


def test_a_server_starts_without_what_it_never_uses_and_says_nothing_of_it():
    told = """
import runpy, sys
sys.argv = ["run.py", "serve", "--help"]
try:
    runpy.run_path("run.py", run_name="__main__")
except SystemExit:
    pass
import requests, structlog
loaded = {name.partition(".")[0] for name, module in sys.modules.items() if module}
print(sorted(loaded & {"requests", "structlog", "rich", "charset_normalizer", "PIL", "numpy"}))
"""
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "['requests', 'structlog']"
    assert done.stderr == ""
