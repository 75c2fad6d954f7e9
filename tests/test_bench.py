"""The benchmark runs and prints its table; it asserts no time."""

import json
import shutil
import subprocess
import sys

from common import DEV, ROOT

BENCH = ROOT / "bench"
WORKS = ("log_one_more", "default_item", "over_prepaid", "growth")


def run(*arguments):
    done = subprocess.run(
        [sys.executable, str(BENCH), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_bench_measures_a_tiny_size_and_prints_its_table():
    printed = run("XS", "--repetitions=1", "--only", *WORKS)
    assert "| log one more entry (warm) " in printed
    assert "| find the default item of the largest customer " in printed
    results = json.loads((DEV / "bench/results.json").read_text())
    assert set(results["works"]) == set(WORKS) - {"growth"}
    entry = results["works"]["log_one_more"]["XS"]
    assert 0 < entry["addon"]["queries"] <= entry["core"]["queries"]
    assert list(results["growth"]) == ["10"]


def test_page_is_what_the_stored_results_say(tmp_path):
    page = ROOT / "docs/performance.md"
    kept = tmp_path / page.name
    shutil.copy(page, kept)
    try:
        run("--render")
        assert page.read_text() == kept.read_text()
    finally:
        shutil.copy(kept, page)
