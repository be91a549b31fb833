#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""House rules that no compiler knows.

    tidy.py [root]              all rules over the sources below root
    tidy.py --self-test         each rule must bite on its planted mistake
    tidy.py --objects FILE...   objects of protocol and core need nothing that does I/O
    tidy.py --exports LIBRARY   the shared library lets out nothing but pap::

Prints `file:line: rule: what`, one mistake a line, and fails if there was one.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

MAX_COLUMNS = 100
MAX_LINES = 600

FOLDERS = ["libcollector", "collectord", "papsim", "papctl", "bench", "tests"]
CODE = {".cpp", ".hpp"}
SCRIPTS = {".py", ".sh", ".mjs", ".js", ".css", ".html", ".cmake", ".yaml", ".yml"}
# Kept as others sent it, or made by tools.
SKIPPED = {"node_modules", "build", "recordings", "corpus", "__pycache__"}

# The floors without I/O, wherever their headers and sources lie.
PURE = re.compile(r"^libcollector/(include/pap|src)/(protocol|core)/")
CORE = re.compile(r"^libcollector/(include/pap|src)/core/")
# The virtual world and what judges it: a run of a seed is the same everywhere.
WORLD = re.compile(r"^papsim/(world|oracle)/")
# Where random numbers are made, and where they are drawn.
RANDOM = re.compile(r"^(libcollector/include/pap/core/random|papsim/world/random_draws|"
                    r"papsim/scenario/(random_stream|permutation|picker))\.[hc]pp$")
DRAWS = re.compile(r"^(libcollector/(include/pap|src)/core|papsim/(world|oracle|scenario))/")

FORBIDDEN_INCLUDES = re.compile(
    r'#\s*include\s*[<"]('
    r"boost/(?!system/|core/|config|assert|throw_exception)[^>\"]*|openssl/[^>\"]*|spdlog/[^>\"]*|"
    r"fmt/[^>\"]*|prometheus/[^>\"]*|yaml-cpp/[^>\"]*|httplib\.h|"
    r"thread|mutex|shared_mutex|atomic|random|future|condition_variable|semaphore|latch|barrier|"
    r"stop_token|iostream|fstream|filesystem|ctime|time\.h|unistd\.h|pthread\.h|poll\.h|"
    r"sys/[^>\"]*|netinet/[^>\"]*|arpa/[^>\"]*|netdb\.h|(pap/)?net/[^>\"]*"
    r')[>"]')
JSON_IN_CORE = re.compile(r'#\s*include\s*[<"]nlohmann/')
FORBIDDEN_CALLS = re.compile(
    r"::now\s*\(|\bsleep_(for|until)\b|\brandom_device\b|\bclock_gettime\b|\bgettimeofday\b|"
    r"\bgetenv\b|\bthread_local\b|\bstd::rand\b|(?<![\w.:>])time\s*\(\s*(nullptr|NULL|0)\s*\)")
# As above; its own clocks have a now(), too.
FORBIDDEN_IN_WORLD = re.compile(
    FORBIDDEN_CALLS.pattern.removeprefix(r"::now\s*\(|") +
    r"|\b(system|steady|high_resolution|utc|file)_clock\b|"
    r"\bstd::(j?thread|this_thread|async)\b|"
    r"\b(mt19937\w*|default_random_engine|\w+_distribution)\b")
DRAW = re.compile(r"\b(draw\w*|scale|chance|mix)\s*\(|\brandom_?\.\w+\s*\(")
FLOAT = re.compile(r"\b(double|float)\b|\b\d+\.\d")
UNORDERED = re.compile(r"\bunordered_\w+")
UNORDERED_NAME = re.compile(r"\bunordered_\w+<.*>\s+(\w+)\s*[;{=]")
LOOKUP_ONLY = "// lookup only"
MACHINE_PATH = re.compile(r"(?<![\w.])/(home|root|work|Users)/\w")
SPDX = "SPDX-License-Identifier: MIT"
TEST_SLEEP = re.compile(r"\bsleep_(for|until)\s*\(|(?<![\w:])u?sleep\s*\(")
TEST_POLL = re.compile(r"//\s*poll\b")

# What the objects of the floors without I/O may not ask a linker for (demangled).
FORBIDDEN_SYMBOLS = re.compile(
    r"boost::(asio|beast)|\bSSL_|\bEVP_|\bpthread_|spdlog|prometheus::|YAML::|"
    r"std::chrono::_V2::\w+::now|std::thread|std::random_device|std::condition_variable|"
    r"^(socket|connect|accept4?|bind|send|recv|read|write|open|poll|epoll_\w+|select|fopen|"
    r"clock_gettime|gettimeofday|time|nanosleep|usleep|getenv|rand|random|getrandom)(@.*)?$")


def code_of(line):
    """The line without its // comment and without what stands in plain string literals."""
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    return line.split("//", 1)[0]


def check_pure(path, number, line):
    if match := FORBIDDEN_INCLUDES.search(line):
        yield number, "pure-include", f"protocol and core may not include {match[1]}"
    if match := FORBIDDEN_CALLS.search(code_of(line)):
        yield number, "pure-call", f"protocol and core are told the time and do no I/O: {match[0]}"
    if CORE.match(path) and JSON_IN_CORE.search(line):
        yield number, "pure-include", "JSON is the protocol's business"
    if path.endswith(".hpp") and JSON_IN_CORE.search(line) and "/include/" in path:
        yield number, "pure-include", "only .cpp files of the protocol include nlohmann"


def check_same_everywhere(path, number, line):
    """What would make two runs of a seed differ."""
    code = code_of(line)
    if WORLD.match(path):
        if match := FORBIDDEN_INCLUDES.search(line):
            yield number, "world-include", f"world and oracle may not include {match[1]}"
        if match := FORBIDDEN_IN_WORLD.search(code):
            yield number, "world-call", f"two runs of a seed are the same: no {match[0]}"
    if (CORE.match(path) or WORLD.match(path)) and not line.lstrip().startswith("#"):
        if UNORDERED.search(code) and LOOKUP_ONLY not in line:
            yield (number, "unordered",
                   "no unordered order may reach an effect; say `// lookup only` where none can")
    if FLOAT.search(code):
        if RANDOM.match(path) or (DRAWS.match(path) and DRAW.search(code)):
            yield number, "random-float", "random numbers are integers: compilers round apart"


def check_lookups(texts):
    """What says `// lookup only` is not walked through, by any file of its folder."""
    names = {}
    for path, text in texts.items():
        for line in text.split("\n"):
            if LOOKUP_ONLY in line and (match := UNORDERED_NAME.search(line)):
                names.setdefault(Path(path).parent, set()).add(match[1])
    for path, text in texts.items():
        for name in sorted(names.get(Path(path).parent, ())):
            walk = re.compile(rf"\bfor\s*\(.*:\s*{name}\s*\)|\b{name}\.c?r?begin\s*\(")
            for number, line in enumerate(text.split("\n"), 1):
                if walk.search(code_of(line)):
                    yield path, number, "unordered", f"{name} is for lookups, not for walks"


def check_file(path, text):
    """Yields (line, rule, message)."""
    suffix = Path(path).suffix
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if not any(SPDX in line for line in lines[:3]):
        yield 1, "spdx", f"one of the first lines must say {SPDX}"
    if suffix == ".hpp" and not any(line == "#pragma once" for line in lines[:5]):
        yield 1, "pragma-once", "a header begins with #pragma once"
    if len(lines) > MAX_LINES:
        yield len(lines), "too-long", f"{len(lines)} lines, at most {MAX_LINES} a file"
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_COLUMNS:
            yield number, "too-wide", f"{len(line)} columns, at most {MAX_COLUMNS}"
        if MACHINE_PATH.search(line):
            yield number, "machine-path", "a path of somebody's machine"
        if suffix not in CODE:
            continue
        if "\t" in line:
            yield number, "tab", "spaces only"
        if PURE.match(path):
            yield from check_pure(path, number, line)
        yield from check_same_everywhere(path, number, line)
        if path.startswith("tests/") and TEST_SLEEP.search(code_of(line)):
            if not TEST_POLL.search(line):
                yield (number, "test-sleep", "a test waits for the thing, not for a while; the "
                       "pause of a polling loop says `// poll`")


def sources(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in CODE | SCRIPTS and path.is_file():
                if not SKIPPED.intersection(path.relative_to(root).parts):
                    yield path


def check_tree(root):
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
             for path in sources(root)}
    mistakes = [f"{name}:{line}: {rule}: {what}" for name, text in texts.items()
                for line, rule, what in check_file(name, text)]
    mistakes += [f"{name}:{line}: {rule}: {what}"
                 for name, line, rule, what in check_lookups(texts)]
    return len(texts), mistakes


def undefined_symbols(objects):
    out = subprocess.run(["nm", "-C", "-u", *objects], check=True, capture_output=True, text=True)
    return [line.split(None, 1)[1] for line in out.stdout.splitlines()
            if re.match(r"\s+[Uwv] ", line)]


def check_objects(objects):
    if not objects:
        return ["no objects given"]
    return [f"undefined symbol: {symbol}" for symbol in undefined_symbols(objects)
            if FORBIDDEN_SYMBOLS.search(symbol)]


def check_exports(library):
    out = subprocess.run(["nm", "-DC", "--defined-only", library], check=True,
                         capture_output=True, text=True)
    names = [line.split(None, 2)[2] for line in out.stdout.splitlines()]
    # Sanitizers add markers of their own.
    allowed = re.compile(r"^((vtable|VTT|typeinfo|typeinfo name) for )?pap::|"
                         r"^__(asan|odr_asan|ubsan|tsan)")
    mistakes = [f"exported: {name}" for name in names if not allowed.match(name)]
    return mistakes if names else ["nothing is exported"]


HEAD = f"// {SPDX}\n"
CORE_FILE = "libcollector/src/core/x.cpp"
WORLD_FILE = "papsim/world/x.cpp"
PLANTED = [  # (rule that must bite, path, text)
    ("spdx", CORE_FILE, "int x;\n"),
    ("pragma-once", "libcollector/include/pap/net/x.hpp", HEAD + "int x;\n"),
    ("too-wide", CORE_FILE, HEAD + "//" + "x" * MAX_COLUMNS + "\n"),
    ("too-long", CORE_FILE, HEAD + "//\n" * MAX_LINES),
    ("tab", CORE_FILE, HEAD + "\tint x;\n"),
    ("machine-path", "tests/unit/net/x_test.cpp", HEAD + "// see /ho" + "me/me/x\n"),
    ("unordered", CORE_FILE, HEAD + "std::unordered_map<int, int> x;\n"),
    ("pure-include", "libcollector/src/core/x.cpp", HEAD + "#include <nlohmann/json.hpp>\n"),
    ("pure-include", "libcollector/include/pap/protocol/x.hpp",
     HEAD + "#pragma once\n#include <nlohmann/json.hpp>\n"),
    ("test-sleep", "tests/unit/core/x_test.cpp", HEAD + "std::this_thread::sleep_for(x);\n"),
] + [
    ("pure-include", path, HEAD + f"#include {header}\n")
    for path in (CORE_FILE, "libcollector/src/protocol/x.cpp")
    for header in ("<boost/asio.hpp>", "<boost/beast/http.hpp>", "<httplib.h>", "<openssl/ssl.h>",
                   "<spdlog/spdlog.h>", "<thread>", "<mutex>", "<atomic>", "<random>",
                   "<sys/socket.h>", '"net/server.hpp"', '"pap/net/config.hpp"')
] + [
    ("pure-call", CORE_FILE, HEAD + f"auto x = {call};\n")
    for call in ("std::chrono::steady_clock::now()", "std::this_thread::sleep_for(x)",
                 "std::random_device{}()", "time(nullptr)", 'std::getenv("X")')
] + [
    ("world-include", path, HEAD + f"#include {header}\n")
    for path in (WORLD_FILE, "papsim/oracle/x.cpp")
    for header in ("<thread>", "<mutex>", "<atomic>", "<random>", "<ctime>", "<unistd.h>")
] + [
    ("world-call", path, HEAD + f"auto x = {call};\n")
    for path in (WORLD_FILE, "papsim/oracle/x.cpp")
    for call in ("std::chrono::system_clock::now()", "std::random_device{}()", "std::jthread(f)",
                 "std::async(f)", "std::mt19937_64{seed}", "time(nullptr)", "std::rand()",
                 "std::chrono::steady_clock::time_point{}",
                 "std::uniform_int_distribution<int>(1, 6)")
] + [
    ("unordered", path, HEAD + "std::unordered_set<int> x;\n")
    for path in (WORLD_FILE, "papsim/oracle/x.cpp")
] + [
    ("random-float", WORLD_FILE, HEAD + f"auto x = {call};\n")
    for call in ("scale(draw(1), 100) < 0.5", "static_cast<double>(draw_at(stream, n))",
                 "chance(0.1)")
] + [
    ("random-float", CORE_FILE, HEAD + "auto x = static_cast<double>(random_.next());\n"),
    ("random-float", "papsim/scenario/picker.cpp", HEAD + "double share = 0;\n"),
    ("random-float", "papsim/world/random_draws.hpp", HEAD + "#pragma once\nfloat x;\n"),
]
CLEAN = [
    (CORE_FILE, HEAD + '#include <boost/system/result.hpp>\n#include "pap/core/instant.hpp"\n'),
    (CORE_FILE, HEAD + "std::unordered_map<int, int> x;  // lookup only\n"),
    (CORE_FILE, HEAD + "// never calls ::now() itself\nauto uptime = total_time(0);\n"),
    ("libcollector/src/protocol/x.cpp", HEAD + "#include <nlohmann/json.hpp>\n"),
    (WORLD_FILE, HEAD + "#include <nlohmann/json.hpp>\ndouble uptime = now / 1000.0;\n"),
    (WORLD_FILE, HEAD + "// no std::thread\nInstant Host::now() const;\nauto x = draw(1);\n"),
    (WORLD_FILE, HEAD + "std::unordered_map<int, int> x;  // lookup only\nx.erase(1);\n"),
    ("papsim/run/x.cpp", HEAD + "#include <thread>\nstd::jthread x;\n"),
    ("libcollector/src/net/x.cpp", HEAD + "#include <thread>\nauto x = clock::now();\n"),
    ("tests/support/x.cpp", HEAD + "std::this_thread::sleep_for(x);  // poll\n"),
]


def bites_on_binaries():
    """Compiles a core that asks the clock, one that locks, and one that does neither."""
    with tempfile.TemporaryDirectory() as folder:
        def compiled(name, body, *options):
            source = Path(folder, name + ".cpp")
            source.write_text(body, encoding="utf-8")
            binary = str(source.with_suffix(".o"))
            subprocess.run(["c++", "-std=c++20", *options, source, "-o", binary], check=True)
            return binary
        asks = compiled("asks", "#include <chrono>\nauto f() "
                                "{ return std::chrono::steady_clock::now(); }\n", "-c")
        locks = compiled("locks", '#include <pthread.h>\nextern "C" void* SSL_new(void*);\n'
                                  "auto f(pthread_mutex_t* m) { SSL_new(m); "
                                  "return pthread_mutex_lock(m); }\n", "-c")
        pure = "#include <string>\nnamespace pap { auto f(int x) { return std::to_string(x); } }\n"
        neither = compiled("neither", pure, "-c")
        leaks = compiled("leaks", pure + "int g() { return 1; }\n", "-shared", "-fPIC")
        return (len(check_objects([asks])) == 1 and len(check_objects([locks])) == 2
                and not check_objects([neither]) and "exported: g()" in check_exports(leaks))


def self_test():
    failures = []
    for rule, path, text in PLANTED:
        rules = [found for _, found, _ in check_file(path, text)]
        if rules != [rule]:
            failures.append(f"planted {rule} in {path} ({text!r:.80}): found {rules}")
    for path, text in CLEAN:
        if found := list(check_file(path, text)):
            failures.append(f"clean {path} ({text!r}): found {found}")
    if not bites_on_binaries():
        failures.append("--objects or --exports does not tell the planted binaries apart")
    # The whole way through files on disk, too.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, CORE_FILE)
        path.parent.mkdir(parents=True)
        path.write_text(HEAD + "#include <thread>\n")
        if check_tree(Path(folder)) != (1, [f"{CORE_FILE}:2: pure-include: "
                                            "protocol and core may not include thread"]):
            failures.append("a planted file in a tree is not found")
        path.unlink()
        # A walk in another file than the container's.
        world = Path(folder, WORLD_FILE).parent
        world.mkdir(parents=True)
        Path(world, "x.hpp").write_text(
            HEAD + "#pragma once\nstd::unordered_map<int, int> x_;  // lookup only\n")
        for walk in ("for (const auto& [k, v] : x_) f(k);", "auto first = x_.begin();"):
            Path(world, "y.cpp").write_text(HEAD + f"auto found = x_.find(1);\n{walk}\n")
            if check_tree(Path(folder)) != (2, ["papsim/world/y.cpp:3: unordered: "
                                                "x_ is for lookups, not for walks"]):
                failures.append(f"a planted walk is not found: {walk}")
    return failures


def main(arguments):
    if arguments[:1] == ["--self-test"]:
        mistakes = self_test()
        print(f"{len(PLANTED)} planted mistakes, {len(CLEAN)} clean texts")
    elif arguments[:1] == ["--objects"]:
        mistakes = check_objects(arguments[1:])
    elif arguments[:1] == ["--exports"]:
        mistakes = check_exports(arguments[1])
    else:
        root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
        count, mistakes = check_tree(root)
        print(f"{count} files")
        if count == 0:
            mistakes.append("no source found")
    for mistake in mistakes:
        print(mistake)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
