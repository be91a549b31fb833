#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The JSON Schema of scenarios, by a validator that we did not write.

    schema_test.py SCENARIOS PAPSIM    the folder, and the program

Every scenario must satisfy the schema, what `papsim expand` makes of it too, and so must the one
that the README builds up. Each planted mistake must not: a schema that takes everything is true of
everything.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)



class Loader(yaml.SafeLoader):
    """YAML 1.2, as editors read it: `off` is a word, and only `true` is true."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))

GOOD = """
papsim: 1
name: story
about: A story.
run: {for: 4m}
fleet: {pods: {count: 10}}
timeline: [{id: cut, at: 70s, who: pods, do: die}]
expect: {alerts: {AGENT_DEATH: {exactly: cut, times: 1}}}
"""
# (what stands in GOOD, what stands there instead)
MISTAKES = [
    ("papsim: 1", "papsim: 2"),
    ("name: story", "nam: story"),
    ("name: story", "name: 7 up"),
    ("{for: 4m}", "{}"),
    ("{for: 4m}", "{for: 4 minutes}"),
    ("{for: 4m}", "{for: 4m, until: 5m}"),
    ("{for: 4m}", "{for: 4m, settle: -1s}"),
    ("{count: 10}", "{cuont: 10}"),
    ("{count: 10}", "{count: 0}"),
    ("{count: 10}", "{count: 10, jitter: 10}"),
    ("{count: 10}", "{count: 10, mode: {IDEL: 100%}}"),
    ("{count: 10}", "{count: 10, phase: spred}"),
    ("{pods: {count: 10}}", "{}"),
    ("at: 70s, ", ""),
    ("at: 70s", "at: 70s, during: [1s, 2s]"),
    ("at: 70s", "during: [1s]"),
    ("at: 70s", "every: {each: 1s}"),
    ("do: die", "do: dye"),
    ("do: die", "do: freeze"),
    ("do: die", "do: {die: true, leave: true}"),
    ("do: die", "do: {net: {los: 5%}}"),
    ("do: die", "do: {station: dwon}"),
    ("do: die", "do: {station: {status: 200}}"),
    ("do: die", "do: {collector: {restart: {how: now}}}"),
    ("exactly: cut", "exact: cut"),
    ("exactly: cut", "exactly: cut, at_most: cut"),
    ("exactly: cut", "exactly: []"),
    ("times: 1", "times: 0"),
    ("AGENT_DEATH", "AGENT_DEATHS"),
    ("expect: {", "expect: {outbox: {droped: 0}, "),
    ("expect: {", "expect: {outbox: {dropped: many}, "),
    ("expect: {", "expect: {deaths: {lag_ms: 5}, "),
    ("expect: {", "expect: {allow: [luck], "),
    ("expect: {", "expect: {reach: [the_stars], "),
    ("expect: {", "expect: {detection: {of: cut}, "),
    ("timeline:", "vary: {name: [a, b]}\ntimeline:"),
    ("timeline:", "colector: {}\ntimeline:"),
    ("timeline:", "vary: {}\ntimeline:"),
    ("name: story", "name: " + 65 * "a"),
    ("at: 70s", "during: [1s, 2s], pace: {over: 1s}"),
    ("do: die", "do: {die: }"),
    ("do: die", "do: {restart: }"),
    ("who: pods, do: die", "do: {collector: {restart: }}"),
    ("expect: {", "expect: {outbox: [], "),
    ("expect: {", "expect: {detection: [], "),
    ("expect: {", "expect: {allow: [], "),
    ("expect: {", "expect: {allow: {}, "),
]


def load(text):
    return yaml.load(text, Loader)


def main(folder, papsim):
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    failures = []

    def expect_good(name, text):
        for error in validator.iter_errors(load(text)):
            failures.append(f"{name}: {'/'.join(map(str, error.path))}: {error.message}")

    expect_good("the good scenario", GOOD)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    walk = "".join(re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL))
    expect_good("README.md", walk)
    checked = subprocess.run([papsim, "check", "/dev/stdin"], input=walk, text=True,
                             capture_output=True, check=False)
    if checked.returncode != 0:
        failures.append(f"README.md: {checked.stderr}")

    files = sorted(folder.rglob("*.yaml"))
    for file in files:
        expect_good(file.name, file.read_text(encoding="utf-8"))
        expanded = subprocess.run([papsim, "expand", file], text=True, capture_output=True,
                                  check=True)
        expect_good(f"{file.name}, expanded", expanded.stdout)

    for right, wrong in MISTAKES:
        text = GOOD.replace(right, wrong, 1)
        assert text != GOOD, right
        if validator.is_valid(load(text)):
            failures.append(f"the schema takes `{wrong}`")
        checked = subprocess.run([papsim, "check", "/dev/stdin"], input=text, text=True,
                                 capture_output=True, check=False)
        if checked.returncode != 64:
            failures.append(f"papsim check takes `{wrong}`")

    print(f"{len(files)} scenarios, {len(MISTAKES)} planted mistakes")
    for failure in failures:
        print(failure)
    return 1 if failures or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
