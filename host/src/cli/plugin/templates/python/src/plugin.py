"""The plugin `{{name}}`: one tool, which has a document translated.

What SparkQ asks of a plugin stands in wit/plugin.wit; the classes at the end of this file are its interfaces. Documents
(payloads, schemas, results) travel as JSON text.
"""

import json
import posixpath

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports import about, payloads, results, tools
from wit_world.imports.types import Fault, Issue, Severity

NAME = "{{name}}"

LANGUAGES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian",
    "ja": "Japanese", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "zh": "Chinese",
}

DESCRIPTION = """\
Translates a document of the project. `source` is the document, `language` a code such as `de`. The translation goes to \
`target`, beside the document when it is left out (`docs/guide.md` becomes `docs/guide.de.md`). What is listed in `keep` \
stays as it is, for example product names."""

GUIDE = """\
In the commands, `$id` holds the id of the claimed task.

1. Read `source` whole. One that is missing: fail.
2. Translate it into `language` and write it to `target`. Keep headings, links and code as they are, and every word of
   `keep`.
3. Look the file over once more. Then complete, naming the file and what you left open:

```sh
sparkq complete "$id" --result '{"summary":"Translated the guide, 14 headings","target":"docs/guide.de.md","open":[]}'
```

4. It cannot be done: say what is in the way.

```sh
sparkq fail "$id" --error "docs/guide.md does not exist"
```"""


def path(longest, description):
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": description}


# What a payload may look like. SparkQ checks it itself, before the plugin sees a payload.
PAYLOAD = {
    "type": "object",
    "required": ["source", "language"],
    "additionalProperties": False,
    "properties": {
        "source": path(4000, "The document to translate, relative to the project's folder"),
        "language": {
            "type": "string",
            "description": "The language to translate into: " + ", ".join(LANGUAGES),
        },
        "target": path(4096, "Where the translation goes, relative to the project's folder"),
        "keep": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Words that stay as they are",
        },
    },
}

# What a result must look like.
RESULT = {
    "type": "object",
    "required": ["summary", "target", "open"],
    "properties": {
        "summary": {"type": "string"},
        "target": path(4096, "The file that was written"),
        "open": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What is not translated yet",
        },
    },
}


def write(document):
    """JSON in its canonical form: keys in order, no needless space, letters as they are."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


DEFINITION = tools.Definition(
    name=NAME,
    title="Translate a document",
    description=DESCRIPTION,
    guide=GUIDE,
    task_class="LLM_HEAVY",
    timeout_seconds=None,  # that of the class
    payload_schema=write(PAYLOAD),
    result_schema=write(RESULT),
    template=write({"source": "", "language": "", "keep": []}),
    examples=[
        tools.Example("Into German", write({"source": "docs/guide.md", "language": "de"})),
        tools.Example(
            "To a place of its own",
            write({
                "source": "README.md", "language": "fr",
                "target": "docs/fr/README.md", "keep": ["SparkQ"],
            }),
        ),
    ],
    hints=tools.Hints.IDEMPOTENT,
    attrs=[],
)


def error(pointer, code, message, expected=None, suggestion=None):
    """One finding: `expected` in words, `suggestion` a value that would be taken."""
    suggestion = None if suggestion is None else write(suggestion)
    return Issue(pointer, code, message, Severity.ERROR, expected, suggestion)


def check_file(pointer, path, found):
    """Says what is wrong with a path that is to name a file of the project, if anything is."""
    if not path.strip():
        found.append(error(pointer, "required", "must not be blank"))
        return False
    parts = path.split("/")
    if posixpath.normpath(path).startswith(("/", "~")) or ".." in parts:
        inside = "a path inside the project, relative to its folder"
        found.append(error(pointer, "conflict", "leads out of the project's folder", inside))
        return False
    if parts[-1] in ("", "."):
        found.append(error(pointer, "conflict", "is a folder, and a file is needed"))
        return False
    return True


def target_of(payload):
    """`docs/guide.md` and `de` make `docs/guide.de.md`."""
    stem, end = posixpath.splitext(posixpath.normpath(payload["source"]))
    return f"{stem}.{payload['language']}{end}"


def findings(payload):
    """Every finding about a payload at once, so that whoever sent it mends it in one go."""
    found = []
    source, language, target = payload["source"], payload["language"], payload.get("target")
    check_file("/source", source, found)
    if language not in LANGUAGES:
        given = language.lower().replace("_", "-").split("-")[0]
        meant = [code for code, name in LANGUAGES.items() if given in (code, name.lower())]
        found.append(error(
            "/language", "enum", "is no language that this tool knows",
            "one of: " + ", ".join(LANGUAGES), meant[0] if meant else None,
        ))
    if target is not None and check_file("/target", target, found):
        if posixpath.normpath(target) == posixpath.normpath(source):
            found.append(error(
                "/target", "conflict", "is the document itself, which would be lost",
                suggestion=target_of(payload),
            ))
    for place, word in enumerate(payload.get("keep", [])):
        if not word.strip():
            found.append(error(f"/keep/{place}", "required", "must not be blank"))
    return found


def canonical(payload):
    """The payload as it is stored: nothing left out, clean paths."""
    return {
        "source": posixpath.normpath(payload["source"]),
        "language": payload["language"],
        "target": posixpath.normpath(payload.get("target") or target_of(payload)),
        "keep": sorted(set(payload.get("keep", []))),
    }


def judge(payload, result):
    """What is wrong with the result of a worker."""
    found = []
    target = payload["target"]
    if result.get("target") != target:
        found.append(error("/target", "conflict", "is not the file that was asked for", target, target))
    if result.get("open"):
        found.append(error("/open", "conflict", "is not empty, so the work is not done"))
    return found


def refuse_others(tool):
    """Not for bad payloads: for a call that cannot be answered at all."""
    if tool != NAME:
        raise Err(Fault("unknown-tool", f"there is no tool `{tool}` here"))


class About(exports.About):
    def get(self):
        return about.Info(version="0.1.0", homepage=None, license=None, needs=[], attrs=[])


class Tools(exports.Tools):
    def definitions(self):
        return [DEFINITION]


class Payloads(exports.Payloads):
    def validate(self, tool, payload):
        refuse_others(tool)
        return findings(json.loads(payload))

    def normalize(self, tool, payload):
        refuse_others(tool)
        stored = canonical(json.loads(payload))
        return payloads.Normalized(
            payload=write(stored),
            label=f"{stored['source']} into {LANGUAGES[stored['language']]}",
            dedupe_key=stored["target"],  # two tasks that would write one file are one
            task_class=None,
            timeout_seconds=None,
            attrs=[],
        )


class Results(exports.Results):
    def check(self, run):
        refuse_others(run.tool)
        result = json.loads(run.reported)
        issues = judge(json.loads(run.payload), result)
        summary = f"{issues[0].pointer} {issues[0].message}" if issues else str(result.get("summary"))
        return results.Checked(
            verdict=results.Verdict.FAILED if issues else results.Verdict.SUCCEEDED,
            summary=summary,
            data=None,  # keep what was handed in
            issues=issues,
            attrs=[],
        )
