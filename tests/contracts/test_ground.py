"""The lists of what is installed agree, and name neither addresses nor machines."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Spelled apart, so that this file doesn't name them either.
HOSTS = re.compile(r"\b(?:pypi|pythonhosted|npmjs|deb\.debian|conda\.anaconda|repo\.anaconda)[.](?:org|com|io)\b", re.I)
MACHINE_PATHS = re.compile(r"(?<![\w./-])/(?:" + "|".join(("work", "root", "home", "opt", "Users")) + r")/\w")


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def declared(project: dict) -> dict[str, Requirement]:
    """pyproject's requirements, development's included, by name."""
    lines = project["dependencies"] + project["optional-dependencies"]["dev"]
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


@pytest.fixture(scope="module")
def locked(root: Path) -> dict[str, list[str]]:
    """The lock's entries as written, by name (a name may have several, for several Pythons)."""
    entries = re.split(r"\n(?=[a-z0-9])", "\n" + (root / "requirements.lock").read_text(encoding="utf-8"))[1:]
    by_name: dict[str, list[str]] = {}
    for entry in entries:
        by_name.setdefault(canonicalize_name(re.split(r"[=\[ ]", entry)[0]), []).append(entry)
    return by_name


def conda_lines(root: Path) -> list[str]:
    text = (root / "environment.yml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)["dependencies"]
    by_pip = next(item["pip"] for item in listed if isinstance(item, dict))
    python_names = dict(re.findall(r"- (\S+) # (\S+)$", text, flags=re.M))
    lines = []
    for line in [*(item for item in listed if isinstance(item, str)), *by_pip]:
        floor = re.search(r">=.*$", line)
        lines.append(python_names[line] + (floor[0] if floor else "") if line in python_names else line)
    return lines


def test_conda_list_agrees_with_pyproject(root: Path, project: dict, declared: dict[str, Requirement]) -> None:
    expected = {str(requirement) for requirement in declared.values()}
    expected |= {f"python{project['requires-python']}", "pip", "-e ."}
    assert sorted(conda_lines(root)) == sorted(expected)


def test_lock_pins_every_requirement_within_its_floor(
    declared: dict[str, Requirement], locked: dict[str, list[str]]
) -> None:
    outside = []
    for name, requirement in declared.items():
        versions = [re.match(r"[^=]+==(\S+)", entry) for entry in locked.get(name, [])]
        if not versions or not all(found and requirement.specifier.contains(found[1]) for found in versions):
            outside.append(f"{requirement} is {[found and found[1] for found in versions]}")
    assert not outside, "run `make lock`"


def test_every_locked_package_has_hashes(locked: dict[str, list[str]]) -> None:
    assert len(locked) > 100
    assert [name for name, entries in locked.items() if not all("--hash=sha256:" in entry for entry in entries)] == []


def test_lock_leaves_out_what_slows_every_start(locked: dict[str, list[str]]) -> None:
    assert "jsonschema" in locked
    assert "rfc3987-syntax" not in locked


def test_lock_has_no_options_and_no_addresses(root: Path) -> None:
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("-") or "://" in line or " @ " in line] == []


def text_files(root: Path) -> list[Path]:
    """Every file that is or would be committed and isn't data."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    files = [root / name for name in names if name and not name.startswith("data/samples/")]
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()[:4096]]


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE_PATHS], ids=["registries", "machines"])
def test_no_file_names_registries_or_machines(root: Path, pattern: re.Pattern[str]) -> None:
    found = []
    for file in text_files(root):
        words = pattern.findall(file.read_text(encoding="utf-8", errors="replace"))
        found += [f"{file.relative_to(root)}: {word}" for word in words]
    assert found == []


@pytest.mark.parametrize("line", ["index-url = https://pypi" + ".org/simple", "see /ho" + "me/ann/reports"])
def test_the_search_for_addresses_finds_them(line: str) -> None:
    assert HOSTS.search(line) or MACHINE_PATHS.search(line)


def test_continuous_integration_runs_the_readmes_test_command(root: Path) -> None:
    commands = (root / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert commands[-1] == "make test"
    for readme in ("README.md", "README.zh-TW.md"):
        assert "make test" in (root / readme).read_text(encoding="utf-8"), readme


def test_make_help_lists_every_target(root: Path) -> None:
    printed = subprocess.run(["make", "help"], cwd=root, check=True, capture_output=True, text=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (root / "Makefile").read_text(encoding="utf-8"), flags=re.M)
    assert phony
    assert re.findall(r"^  make (\S+)", printed, flags=re.M) and set(phony[1].split()) == set(
        re.findall(r"^  make (\S+)", printed, flags=re.M)
    )
